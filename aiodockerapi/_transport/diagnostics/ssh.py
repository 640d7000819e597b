"""What went wrong with ssh, in words that say what to do."""

from typing import Final

from ..._settings import Endpoint
from ...errors import ConnectFailed, RequestTimeout, TransportError
from .translation import connect_timed_out

__all__ = ["NO_COMMAND", "REFUSED", "broken", "failure", "late", "lost", "neither", "not_the_daemon"]

REFUSED: Final = "open failed: "
"""What ssh says of a connection that could not be forwarded; sshd gives no reason."""

NO_COMMAND: Final = "there is no docker command there, or not on the PATH that ssh gives"
"""Why `docker system dial-stdio` may be impossible."""

_NO_PERMISSION: Final = (
    "{user} may not use the docker socket there. Let the user join its group there (usually docker: sudo usermod -aG docker "
    "{name}), or log in as root"
)
# The first whose words ssh has said (in lower case) is it.
_REASONS: Final = {
    "remote host identification has changed": (
        "its host key is another one than before. If the machine was set up anew, remove the old key (ssh-"
        "keygen -R HOST) and connect once by hand; if not, somebody may sit in between"
    ),
    "host key verification failed": (
        "its host key is not known. Connect once by hand (ssh HOST) and compare the fingerprint, or put the "
        "key into ~/.ssh/known_hosts"
    ),
    "permission denied (": (
        "ssh was not let in, and ssh asks for no password here. Is the user right, is the key in the ssh "
        "agent (ssh-add -l) or named in ~/.ssh/config, and is it in ~/.ssh/authorized_keys there?"
    ),
    "too many authentication failures": (
        "ssh has offered too many keys. Name the right one in ~/.ssh/config (IdentityFile, IdentitiesOnly yes)"
    ),
    "could not resolve hostname": "the host name cannot be resolved. Is it right, or in ~/.ssh/config?",
    "docker: command not found": NO_COMMAND,
    "docker: not found": NO_COMMAND,
    "unknown command: docker": NO_COMMAND,
    "is not a docker command": "the docker command there is older than 18.09: it cannot do this",
    "permission denied while trying to connect": _NO_PERMISSION,
    "connect: permission denied": _NO_PERMISSION,
    "connect: no such file or directory": (
        "the docker socket is not there. Is the daemon running? If it listens elsewhere: ssh://HOST/path/of/docker.sock"
    ),
    "connect: connection refused": "nothing listens on the docker socket there. Is the daemon running?",
    "cannot connect to the docker daemon": "the docker command there does not find a daemon. Is it running?",
    "channel 0: open failed": "ssh got in, but sshd does not let it run anything there (MaxSessions)",
    REFUSED: (
        "ssh got in, but sshd did not connect to the docker socket there: is the daemon running, may {user}"
        " use its socket (group docker), and does sshd allow forwarding (AllowStreamLocalForwarding)? Else: "
        'SSH(mode="dial-stdio")'
    ),
    "connection refused": "connection refused. Does sshd run there, on this port?",
    "no route to host": "there is no way to that host",
    "network is unreachable": "there is no way to that host",
    "kex_exchange_identification": (
        "sshd hung up before the login. Has it too many at a time (MaxStartups), or does it turn this address away?"
    ),
    "bad configuration option": "ssh does not understand its configuration",
    "bad owner or permissions": "ssh does not trust its configuration: others may write to it",
}
# What the shell there says in its own language.
_STATUSES: Final = {127: NO_COMMAND, 126: "the docker command there cannot be run"}
_SLOW: Final = ("connection timed out", "operation timed out", "timeout, server")


def failure(endpoint: Endpoint, words: str, *, fallback: str = "", status: int | None = None) -> TransportError:
    """For a connection over ssh that could not be made; `fallback` stands for words where there are none of use."""
    said = _quoted(words)
    lower = f"{words}\n{fallback}".lower()
    if any(sign in lower for sign in _SLOW):
        return RequestTimeout(f"{endpoint} did not accept a connection in time{said}")
    reason = next(
        (reason for sign, reason in _REASONS.items() if sign in lower), _STATUSES.get(status or 0, "ssh failed")
    )
    why = reason.format(user=_user(endpoint), name=endpoint.user or "USER")
    return ConnectFailed(f"cannot connect to {endpoint} ({endpoint.source}): {why}{said}")


def neither(endpoint: Endpoint, words: str) -> ConnectFailed:
    """For a socket that could not be forwarded to, and no docker command to connect to it instead."""
    return ConnectFailed(
        f"cannot connect to {endpoint} ({endpoint.source}): ssh got in, but sshd did not connect to the docker socket there, "
        f"and there is no docker command that could. Is the daemon running, may {_user(endpoint)} use its socket (group "
        f"docker), and does sshd allow forwarding (AllowStreamLocalForwarding)?{_quoted(words)}"
    )


def late(endpoint: Endpoint, seconds: float | None, words: str) -> RequestTimeout:
    """For a connection over ssh that was not there in time."""
    return RequestTimeout(f"{connect_timed_out(endpoint, seconds)}{_quoted(words)}")


def not_the_daemon(endpoint: Endpoint, data: bytes) -> ConnectFailed:
    """For a docker command there that is not the first to speak."""
    return ConnectFailed(
        f"cannot connect to {endpoint} ({endpoint.source}): what comes from there does not begin with the daemon's answer, but "
        f"with {data[:80].decode(errors='replace')!r}. Does something print there at each login (such as ~/.bashrc), or does "
        "sshd run another command (ForceCommand)?"
    )


def broken(endpoint: Endpoint, status: int | None, words: str) -> str:
    """For a connection that was there, and is no more."""
    how = "ended" if status is None else f"ended with status {status}"
    return f"the connection to {endpoint} broke: ssh {how}{_quoted(words)}"


def lost(endpoint: Endpoint, status: int | None, words: str) -> TransportError:
    """For an ssh that had got in, and ended: it found no daemon, or broke, with a call under way perhaps."""
    if status in _STATUSES or any(sign in words.lower() for sign in _REASONS):
        return failure(endpoint, words, status=status)
    return TransportError(broken(endpoint, status, words))


def _user(endpoint: Endpoint) -> str:
    return f"the user {endpoint.user}" if endpoint.user else "the user as whom ssh logs in"


def _quoted(words: str) -> str:
    return f"; ssh said: {words}" if words else ""
