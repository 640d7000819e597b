"""Errors of connections over ssh: what failed, what helps, and ssh's own message."""

from typing import Final

from ..._settings import Endpoint
from ...errors import ConnectFailed, RequestTimeout, TransportError
from .translation import connect_timed_out

__all__ = [
    "FORWARDING_REFUSED",
    "NO_DOCKER_COMMAND",
    "connection_broke",
    "no_way_to_daemon",
    "ssh_connect_failed",
    "ssh_ended",
    "timed_out",
    "unexpected_output",
]

FORWARDING_REFUSED: Final = "open failed: "
"""The message of ssh for a connection that could not be forwarded; sshd reports no reason."""

NO_DOCKER_COMMAND: Final = "the docker command is not installed on the host, or not on the PATH that sshd sets"
"""The reason why `docker system dial-stdio` cannot be run."""

_NO_PERMISSION: Final = (
    "{user} has no permission to use the Docker socket on the host. Add the user to the socket's group (usually docker: "
    "sudo usermod -aG docker {name}), or log in as root"
)
_UNREACHABLE: Final = "host unreachable. Are the machine and the network (VPN) up?"
# By fragments of ssh's messages in lower case; the first match applies.
_REASONS: Final = {
    "remote host identification has changed": (
        "its host key has changed. If the host was reinstalled, remove the old key (ssh-keygen -R HOST) and connect once by "
        "hand; otherwise the connection may be intercepted"
    ),
    "host key verification failed": (
        "its host key is unknown. Connect once by hand (ssh HOST) and compare the fingerprint, or add the key to "
        "~/.ssh/known_hosts"
    ),
    "permission denied (": (
        "the login failed; ssh asks for a password only with SSH(batch=False). Check the user, the key in the ssh agent "
        "(ssh-add -l) or in ~/.ssh/config, and ~/.ssh/authorized_keys on the host"
    ),
    "too many authentication failures": (
        "ssh offered too many keys. Select one in ~/.ssh/config (IdentityFile, IdentitiesOnly yes)"
    ),
    "could not resolve hostname": "cannot resolve the host name. Check it, or add it to ~/.ssh/config",
    "docker: command not found": NO_DOCKER_COMMAND,
    "docker: not found": NO_DOCKER_COMMAND,
    "unknown command: docker": NO_DOCKER_COMMAND,
    "is not a docker command": "the docker command on the host is older than 18.09: it lacks system dial-stdio",
    "permission denied while trying to connect": _NO_PERMISSION,
    "connect: permission denied": _NO_PERMISSION,
    "connect: no such file or directory": (
        "the Docker socket does not exist on the host. Is the daemon running? For another socket: "
        "ssh://HOST/path/of/docker.sock"
    ),
    "connect: connection refused": "no process listens on the Docker socket of the host. Is the daemon running?",
    "cannot connect to the docker daemon": "the docker command on the host does not find a daemon. Is it running?",
    "channel 0: open failed": "ssh logged in, but sshd refused to run a command (MaxSessions)",
    FORWARDING_REFUSED: (
        "ssh logged in, but sshd did not connect to the Docker socket. Is the daemon running, may {user} use its socket (group "
        "docker), and does sshd allow forwarding (AllowStreamLocalForwarding)? Otherwise: "
        'SSH(mode="dial-stdio")'
    ),
    "connection refused": "connection refused. Is sshd running on the host, on this port?",
    "no route to host": _UNREACHABLE,
    "network is unreachable": _UNREACHABLE,
    "kex_exchange_identification": (
        "sshd closed the connection before the login. Does it have too many at once (MaxStartups), or does it reject this "
        "address?"
    ),
    "bad configuration option": "ssh does not understand its configuration",
    "bad owner or permissions": "ssh rejects its configuration file: other users can write to it",
}
# Exit statuses of the remote shell, whose messages may be localized.
_STATUSES: Final = {127: NO_DOCKER_COMMAND, 126: "the docker command on the host cannot be executed"}
_TIMEOUTS: Final = ("connection timed out", "operation timed out", "timeout, server")


def ssh_connect_failed(
    endpoint: Endpoint, output: str, *, fallback: str = "", status: int | None = None
) -> TransportError:
    """Return the error for a connection over ssh that could not be established.

    :param output: ssh's stderr.
    :param fallback: the message to assume if `output` matches no known one.
    :param status: the exit status of ssh, if it has exited.
    """
    lower = f"{output}\n{fallback}".lower()
    if any(fragment in lower for fragment in _TIMEOUTS):
        return RequestTimeout(f"{endpoint} did not accept a connection in time{_quoted(output)}")
    reason = next(
        (reason for fragment, reason in _REASONS.items() if fragment in lower), _STATUSES.get(status or 0, "ssh failed")
    )
    reason = reason.format(user=_user(endpoint), name=endpoint.user or "USER")
    return ConnectFailed(f"cannot connect to {endpoint} ({endpoint.source}): {reason}{_quoted(output)}")


def no_way_to_daemon(endpoint: Endpoint, output: str) -> ConnectFailed:
    """Return the error for a host whose socket cannot be forwarded and that has no docker command either."""
    return ConnectFailed(
        f"cannot connect to {endpoint} ({endpoint.source}): ssh logged in, but sshd did not connect to the Docker socket, and "
        f"the host has no docker command to use instead. Is the daemon running, may {_user(endpoint)} use its socket (group "
        f"docker), and does sshd allow forwarding (AllowStreamLocalForwarding)?{_quoted(output)}"
    )


def timed_out(endpoint: Endpoint, seconds: float | None, output: str) -> RequestTimeout:
    """Return the error for a connection over ssh that was not established in time."""
    return RequestTimeout(f"{connect_timed_out(endpoint, seconds)}{_quoted(output)}")


def unexpected_output(endpoint: Endpoint, data: bytes) -> ConnectFailed:
    """Return the error for output that precedes, or replaces, that of the docker command on the host."""
    return ConnectFailed(
        f"cannot connect to {endpoint} ({endpoint.source}): the output of the docker command on the host starts with "
        f"{data[:80].decode(errors='replace')!r} instead of the daemon's response. Does a login script (such as ~/.bashrc) "
        "print something, or does sshd run another command (ForceCommand)?"
    )


def connection_broke(endpoint: Endpoint, status: int | None, output: str) -> str:
    """Return the message for an established connection that broke because ssh ended."""
    how = "ended" if status is None else f"ended with status {status}"
    return f"the connection to {endpoint} broke: ssh {how}{_quoted(output)}"


def ssh_ended(endpoint: Endpoint, status: int | None, output: str) -> TransportError:
    """Return the error for an ssh that ended after its login: it found no daemon, or broke, perhaps during a call."""
    if status in _STATUSES or any(fragment in output.lower() for fragment in _REASONS):
        return ssh_connect_failed(endpoint, output, status=status)
    return TransportError(connection_broke(endpoint, status, output))


def _user(endpoint: Endpoint) -> str:
    return f"the user {endpoint.user}" if endpoint.user else "the user of the ssh login"


def _quoted(output: str) -> str:
    return f"; ssh reported: {output}" if output else ""
