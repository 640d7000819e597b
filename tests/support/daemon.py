"""A simulated dockerd that supports a range of API versions, which can change as if it were upgraded or downgraded."""

from __future__ import annotations

from aiohttp import web

from .server import Reply, Server

__all__ = ["Daemon"]

STAT = {"X-Docker-Container-Path-Stat": "e30="}


class Daemon:
    """An engine that supports the API versions `oldest` to `newest`, and responds to others like dockerd."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.answers: dict[str, Reply] = {}
        """Responses by path without the version prefix."""
        self.become("1.44")

    def become(self, newest: str, oldest: str = "1.24") -> None:
        """Change the supported versions."""
        self.oldest, self.newest = _numbers(oldest), _numbers(newest)
        self.server.api_version = newest
        self.server.default = self._answer

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        _, version, path = request.path.split("/", 2)
        requested = _numbers(version.removeprefix("v"))
        headers = {"Api-Version": _text(self.newest)}
        if requested > self.newest:
            return _refusal(
                f"{_text(requested)} is too new. Maximum supported API version is {_text(self.newest)}", headers
            )
        if requested < self.oldest:
            hint = "please upgrade your client to a newer version"
            least = _text(self.oldest)
            return _refusal(f"{_text(requested)} is too old. Minimum supported API version is {least}, {hint}", headers)
        if path.endswith("attach/ws"):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.close()
            return socket
        reply = self.answers.get(f"/{path}", Reply(200, b"{}" if request.method == "GET" else b""))
        return web.Response(status=reply.status, body=reply.body, headers={**headers, **STAT, **reply.headers})

    @property
    def versions(self) -> list[str]:
        """The version prefix of each request except pings, in order."""
        return [one.path.split("/")[1] for one in self.server.calls]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _refusal(reason: str, headers: dict[str, str]) -> web.Response:
    return web.json_response({"message": f"client version {reason}"}, status=400, headers=headers)
