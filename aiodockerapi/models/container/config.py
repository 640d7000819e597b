"""What a container runs, without where it runs."""

from typing import Any

from .._fields import Model, define, wire
from ..common import HealthConfig

__all__ = ["ContainerConfig"]


@define(kw_only=True)
class ContainerConfig(Model):
    """What a container runs: its image, command, environment. Nothing here depends on the host."""

    hostname: str | None = wire("Hostname")
    domainname: str | None = wire("Domainname")
    user: str | None = wire("User")
    """Who runs the command: `user`, `user:group`, or their numbers."""
    attach_stdin: bool | None = wire("AttachStdin")
    attach_stdout: bool | None = wire("AttachStdout")
    attach_stderr: bool | None = wire("AttachStderr")
    exposed_ports: dict[str, dict[str, Any]] = wire("ExposedPorts", empty=dict)
    """A set: `{"80/tcp": {}}`."""
    tty: bool | None = wire("Tty")
    """Whether the command gets a terminal; stdout and stderr are one stream then."""
    open_stdin: bool | None = wire("OpenStdin")
    stdin_once: bool | None = wire("StdinOnce")
    """Whether stdin closes when the first client that attached to it goes."""
    env: list[str] = wire("Env", empty=list)
    """`NAME=value`; a name alone takes the variable out of what the image sets."""
    cmd: list[str] = wire("Cmd", empty=list)
    healthcheck: HealthConfig | None = wire("Healthcheck")
    args_escaped: bool | None = wire("ArgsEscaped")
    """Whether the command is one escaped command line (Windows)."""
    image: str | None = wire("Image")
    volumes: dict[str, dict[str, Any]] = wire("Volumes", empty=dict)
    """Paths that get an anonymous volume; a set: `{"/data": {}}`."""
    working_dir: str | None = wire("WorkingDir")
    entrypoint: list[str] = wire("Entrypoint", empty=list)
    """What comes before `cmd`; `[""]` drops the image's."""
    network_disabled: bool | None = wire("NetworkDisabled")
    on_build: list[str] = wire("OnBuild", empty=list)
    """Dockerfile instructions that the image left to those who build upon it."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    stop_signal: str | None = wire("StopSignal")
    """What asks the command to stop, a name or a number; `SIGTERM` where nobody says otherwise."""
    stop_timeout: int | None = wire("StopTimeout")
    """Seconds between the stop signal and the kill."""
    shell: list[str] = wire("Shell", empty=list)
    """The shell of commands in shell form."""
    mac_address: str | None = wire("MacAddress", until="1.51")
    """Belongs to the endpoint since API 1.44."""
