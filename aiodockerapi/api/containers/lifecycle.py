"""The life of a container: from create to remove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from signal import Signals
from typing import Any, Final

from ... import models
from ..._engine import LazyBodyType, LazyType, request, required_features
from ..._wire.arguments import optional_bool, optional_str, path_segment, text
from ..._wire.filters import Filters, encode_filters
from ...errors import InvalidArgument, InvalidArgumentType
from .._common import Body, Group, Seconds, container_path, json_request, seconds, wire_request
from .._logs import remember_terminal
from .._registry import PlatformLike, platform_text

__all__ = ["LifecycleCalls"]

_CREATE: Final = LazyBodyType(lambda: models.ContainerCreateRequest)
_CREATED: Final = LazyType(lambda: models.ContainerCreateResponse)
_UPDATE: Final = LazyBodyType(lambda: models.ContainerUpdateRequest)
_UPDATED: Final = LazyType(lambda: models.ContainerUpdateResponse)
_PRUNED: Final = LazyType(lambda: models.ContainerPruneResponse)
_COMMIT: Final = LazyBodyType(lambda: models.ContainerConfig)
_MADE: Final = LazyType(lambda: models.IDResponse)


class LifecycleCalls(Group):
    """Create, start, stop, change, commit and remove containers."""

    async def create(
        self,
        request: models.ContainerCreateRequest | Body,
        *,
        name: str | None = None,
        platform: PlatformLike | None = None,
    ) -> models.ContainerCreateResponse:
        """Create a container without starting it.

        Engine API: POST /containers/create

        :param request: what it runs and how; the image is all that is needed. With ``Docker(proxies=True)`` the proxies of
            ``config.json`` join its variables, but for those that it sets itself.
        :param name: its name; the daemon makes one up by default.
        :param platform: which variant of the image, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :returns: its id, and the daemon's warnings.
        :raises NotFound: there is no such image on this host, or not for that platform: pull it first.
        :raises Conflict: the name is taken.
        :raises BadRequest: the daemon does not accept an option, or a combination of them.
        """
        raw = await _CREATE.wire_form(request)
        if not raw.get("Image"):
            raise InvalidArgument("a container needs an image: image= of the model, 'Image' of the mapping")
        parameters = {"name": _name(name), "platform": platform_text(platform)}
        raw = _with_proxies(raw, await self._engine.transport.proxies())
        call = wire_request("containers.create", "POST", "/containers/create", raw, _CREATE, parameters)
        created = await self._engine.json(call, _CREATED)
        remember_terminal(self._engine, created.id, tty=bool(raw.get("Tty")))
        return created

    async def start(self, container: str, *, detach_keys: str | None = None) -> bool:
        """Start a container.

        Engine API: POST /containers/{id}/start

        :param detach_keys: the keys that leave an attached session, such as ``ctrl-p,ctrl-q`` (the daemon's default).
        :returns: True when it was started, False when it ran already.
        :raises NotFound: no such container.
        :raises Conflict: it is paused.
        :raises BadRequest: it cannot be started as it was created, for example since its command does not exist (20.10).
        """
        path = container_path(container, "/start")
        return await self._engine.empty(request("POST", path, {"detachKeys": optional_str(detach_keys, "detach_keys")}))

    async def stop(self, container: str, *, timeout: Seconds | None = None, signal: str | int | None = None) -> bool:
        """Stop a container: ask it to end, and kill it when it has not ended in time.

        Engine API: POST /containers/{id}/stop

        Cancelling the call does not call the stop off.

        :param timeout: the grace period in seconds; -1 waits forever. By default what the container was created with, or
            10.
        :param signal: how to ask, such as ``SIGINT``; by default the container's stop signal, or SIGTERM. Since API 1.42.
        :returns: True when it was stopped, False when it did not run.
        :raises NotFound: no such container.
        :raises UnsupportedFeature: `signal` is given, and the engine is older than API 1.42.
        """
        parameters = {"t": seconds(timeout, "timeout"), "signal": _signal(signal)}
        path = container_path(container, "/stop")
        features = required_features(containers__stop__signal=signal)
        return await self._engine.empty(request("POST", path, parameters, features=features))

    async def restart(self, container: str, *, timeout: Seconds | None = None, signal: str | int | None = None) -> None:
        """Stop a container if it runs, and start it.

        Engine API: POST /containers/{id}/restart

        :param timeout: the grace period of the stop in seconds; -1 waits forever. By default what the container was created
            with, or 10.
        :param signal: how to ask it to end; by default its stop signal, or SIGTERM. Since API 1.42.
        :raises NotFound: no such container.
        :raises ServerError: it cannot be started as it was created.
        :raises UnsupportedFeature: `signal` is given, and the engine is older than API 1.42.
        """
        parameters = {"t": seconds(timeout, "timeout"), "signal": _signal(signal)}
        path = container_path(container, "/restart")
        features = required_features(containers__restart__signal=signal)
        await self._engine.empty(request("POST", path, parameters, features=features))

    async def kill(self, container: str, *, signal: str | int | None = None) -> None:
        """Send a signal to a container's first process.

        Engine API: POST /containers/{id}/kill

        :param signal: its name or number; SIGKILL by default.
        :raises NotFound: no such container.
        :raises Conflict: the container does not run.
        :raises BadRequest: there is no such signal; for a number above the last one 20.10 says `ServerError`.
        """
        await self._engine.empty(request("POST", container_path(container, "/kill"), {"signal": _signal(signal)}))

    async def update(
        self, container: str, update: models.ContainerUpdateRequest | Body
    ) -> models.ContainerUpdateResponse:
        """Change a container's resource limits and restart policy.

        Engine API: POST /containers/{id}/update

        :param update: what to change; what is not set stays as it is.
        :returns: the daemon's warnings.
        :raises NotFound: no such container.
        :raises BadRequest: a value is none that the daemon accepts.
        :raises APIError: the container, or the host, cannot take the change (409 or 500).
        """
        path = container_path(container, "/update")
        call = await json_request("containers.update", "POST", path, update, _UPDATE)
        return await self._engine.json(call, _UPDATED)

    async def rename(self, container: str, new_name: str) -> None:
        """Give a container another name.

        Engine API: POST /containers/{id}/rename

        :param new_name: letters, digits, ``_``, ``.`` and ``-``.
        :raises NotFound: no such container.
        :raises Conflict: the name is taken.
        :raises BadRequest: it is not a name, or the container's own.
        """
        path = container_path(container, "/rename")
        await self._engine.empty(request("POST", path, {"name": _name(text(new_name, "new_name"))}))

    async def pause(self, container: str) -> None:
        """Freeze all processes of a container.

        Engine API: POST /containers/{id}/pause

        :raises NotFound: no such container.
        :raises Conflict: it does not run, or is paused already.
        """
        await self._engine.empty(request("POST", container_path(container, "/pause")))

    async def unpause(self, container: str) -> None:
        """Let the processes of a paused container go on.

        Engine API: POST /containers/{id}/unpause

        :raises NotFound: no such container.
        :raises ServerError: it is not paused.
        """
        await self._engine.empty(request("POST", container_path(container, "/unpause")))

    async def remove(
        self, container: str, *, volumes: bool | None = None, force: bool | None = None, link: bool | None = None
    ) -> None:
        """Remove a container.

        Engine API: DELETE /containers/{id}

        :param volumes: remove its anonymous volumes too; they stay by default.
        :param force: kill it first if it runs; refused by default.
        :param link: remove a legacy link instead, which is named ``container/alias``.
        :raises NotFound: no such container, or link.
        :raises Conflict: it runs, or is being removed already.
        :raises ServerError: `link` is given, and the name is a container's own.
        """
        parameters = {
            "v": optional_bool(volumes, "volumes"),
            "force": optional_bool(force, "force"),
            "link": optional_bool(link, "link"),
        }
        path = _link_path(container) if link else container_path(container)
        await self._engine.empty(request("DELETE", path, parameters))

    async def prune(self, *, filters: Filters | None = None) -> models.ContainerPruneResponse:
        """Remove all containers that do not run.

        Engine API: POST /containers/prune

        :param filters: only those that match: ``until`` (a time, or a duration such as ``10m``), ``label``, ``label!``.
        :returns: the ids of the removed containers, and the bytes that became free.
        :raises BadRequest: there is no such filter, or not such a value for it (20.10 answers the latter with 500,
            `ServerError`).
        :raises Conflict: another prune is under way.
        """
        return await self._engine.json(
            request("POST", "/containers/prune", {"filters": encode_filters(filters)}), _PRUNED
        )

    async def commit(
        self,
        container: str,
        *,
        config: models.ContainerConfig | Body | None = None,
        repository: str | None = None,
        tag: str | None = None,
        comment: str | None = None,
        author: str | None = None,
        pause: bool | None = None,
        changes: Iterable[str] | str | None = None,
    ) -> models.IDResponse:
        """Make an image of a container's file system.

        Engine API: POST /commit

        :param config: what the image runs and how; what is not set is taken from the container.
        :param repository: a name for the image; it has none by default.
        :param tag: its tag; ``latest`` by default.
        :param comment: a word on it.
        :param author: whose it is, such as ``Jane Doe <jane@example.org>``.
        :param pause: freeze the container meanwhile, so that its files agree with each other; True by default.
        :param changes: Dockerfile instructions to apply, such as ``CMD ["sh"]``.
        :returns: the image's id.
        :raises NotFound: no such container.
        :raises BadRequest: one of `changes` is no instruction, or not one for this; `repository` or `tag` is no name (20.10
            answers the latter with 500, `ServerError`, after the image has been made).
        """
        container_path(container)
        instructions = changes if isinstance(changes, str) or changes is None else "\n".join(_instructions(changes))
        parameters = {
            "container": container.removeprefix("/"),
            "repo": optional_str(repository, "repository"),
            "tag": optional_str(tag, "tag"),
            "comment": optional_str(comment, "comment"),
            "author": optional_str(author, "author"),
            "pause": optional_bool(pause, "pause"),
            "changes": instructions,
        }
        body: models.ContainerConfig | Body = {} if config is None else config
        call = await json_request("containers.commit", "POST", "/commit", body, _COMMIT, parameters)
        return await self._engine.json(call, _MADE)


def _with_proxies(raw: dict[str, Any], proxies: Mapping[str, str]) -> dict[str, Any]:
    """The body with these variables before its own; a name that it has already, even without a value, is left to it."""
    own = raw.get("Env")
    if not proxies or not (own is None or isinstance(own, list)):
        return raw  # what is no list is for the daemon to refuse
    names = {str(entry).partition("=")[0] for entry in own or ()}
    found = [f"{name}={value}" for name, value in proxies.items() if name not in names]
    return {**raw, "Env": [*found, *(own or ())]}


def _name(name: str | None) -> str | None:
    """A new name: the daemon would take an empty one for none at all."""
    if name is not None and not text(name, "name"):
        raise InvalidArgument("the name is empty")
    return name


def _link_path(link: str) -> str:
    """The path of a link: below the container that it was made for, by its alias there."""
    if not isinstance(link, str) or "/" not in link.removeprefix("/"):
        return container_path(link)
    container, _, alias = link.removeprefix("/").partition("/")
    return container_path(container, f"/{path_segment(alias, 'alias')}")


def _signal(signal: str | int | None) -> str | None:
    if signal is None:
        return None
    if isinstance(signal, Signals):
        return signal.name
    if isinstance(signal, bool) or not isinstance(signal, str | int):
        raise InvalidArgumentType(f"signal must be a name or a number, not {type(signal).__name__}: {signal!r:.80}")
    if not str(signal).strip():
        raise InvalidArgument("the signal is empty: a name such as SIGTERM, or a number, is needed")
    return str(signal)


def _instructions(changes: Iterable[str]) -> Iterable[str]:
    if isinstance(changes, Mapping | bytes) or not isinstance(changes, Iterable):
        raise InvalidArgumentType(f"changes must be a list of instructions, not {changes!r:.80}")
    return (text(change, "each of changes") for change in changes)
