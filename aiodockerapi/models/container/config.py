"""The part of a container's configuration that does not depend on the host."""

from typing import Any

from .._fields import Model, define, wire
from ..common import HealthConfig

__all__ = ["ContainerConfig"]


@define(kw_only=True)
class ContainerConfig(Model):
    """The configuration of a container that does not depend on the host: image, command, environment."""

    hostname: str | None = wire("Hostname")
    """Host name of the container; None: the first 12 characters of its ID (network mode ``host``: the host's name)."""
    domainname: str | None = wire("Domainname")
    """Domain name of the container; None or empty: none."""
    user: str | None = wire("User")
    """User that runs the command: ``user`` or ``user:group``, names or numeric IDs; None: the image's, or else root."""
    attach_stdin: bool | None = wire("AttachStdin")
    """Whether the client that starts the container attaches to stdin; None means False. Informational only: the streams
    are selected by the attach call."""
    attach_stdout: bool | None = wire("AttachStdout")
    """Whether the client that starts the container attaches to stdout; informational, see ``attach_stdin``."""
    attach_stderr: bool | None = wire("AttachStderr")
    """Whether the client that starts the container attaches to stderr; informational, see ``attach_stdin``."""
    exposed_ports: dict[str, dict[str, Any]] = wire("ExposedPorts", empty=dict)
    """Ports that the container listens on, e.g. ``{"80/tcp": {}}``, in addition to those of the image. The mapping is a
    set: the values are empty."""
    tty: bool | None = wire("Tty")
    """Whether the command gets a terminal, which combines stdout and stderr to one stream; None means False."""
    open_stdin: bool | None = wire("OpenStdin")
    """Whether stdin is kept open so that clients can write to it; None means False: stdin is empty."""
    stdin_once: bool | None = wire("StdinOnce")
    """Whether stdin is closed when the first attached client disconnects; None means False."""
    env: list[str] = wire("Env", empty=list)
    """Environment variables as ``NAME=value``, in addition to those of the image; they replace variables of the same
    name. ``NAME`` alone removes the variable."""
    cmd: list[str] = wire("Cmd", empty=list)
    """Command to run, or the arguments of the entrypoint; empty: the image's, or none if ``entrypoint`` is set."""
    healthcheck: HealthConfig | None = wire("Healthcheck")
    """Health check of the container; None: the image's health check."""
    args_escaped: bool | None = wire("ArgsEscaped")
    """Whether ``cmd`` is one command line that is escaped already (Windows); None means False."""
    image: str | None = wire("Image")
    """Name or ID of the image; required to create a container."""
    volumes: dict[str, dict[str, Any]] = wire("Volumes", empty=dict)
    """Paths at which anonymous volumes are mounted, e.g. ``{"/data": {}}``, in addition to those of the image. The
    mapping is a set: the values are empty."""
    working_dir: str | None = wire("WorkingDir")
    """Working directory of the command, an absolute path; None: the image's, or else ``/``."""
    entrypoint: list[str] = wire("Entrypoint", empty=list)
    """Program that ``cmd`` is passed to, with its first arguments; empty: the image's entrypoint. ``[""]`` removes the
    image's entrypoint."""
    network_disabled: bool | None = wire("NetworkDisabled")
    """Whether the container has no network at all; None means False."""
    on_build: list[str] = wire("OnBuild", empty=list)
    """``ONBUILD`` instructions of the image, which run in builds that are based on it; not used by the container."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the container, in addition to those of the image; they replace labels of the same name."""
    stop_signal: str | None = wire("StopSignal")
    """Signal that asks the container to stop, by name or number; None: the image's, or else ``SIGTERM``."""
    stop_timeout: int | None = wire("StopTimeout")
    """Seconds between the stop signal and the kill; -1 waits indefinitely. None: the daemon's default, usually 10
    (Windows: 30)."""
    shell: list[str] = wire("Shell", empty=list)
    """Shell for commands in shell form, e.g. ``["/bin/sh", "-c"]``; used by health checks. Empty: the image's, or else
    the system's default shell."""
    mac_address: str | None = wire("MacAddress", until="1.51")
    """MAC address of the container; None: the daemon generates one. Deprecated since API 1.44 in favor of
    ``mac_address`` of `EndpointSettings`."""
