"""What an image says about the containers made from it."""

from typing import Any

from .._fields import Model, define, wire
from ..common import HealthConfig

__all__ = ["ImageConfig"]


@define(kw_only=True)
class ImageConfig(Model):
    """What containers of an image run where nobody says otherwise.

    What ends with API 1.49 belongs to containers and was never more than empty here.
    """

    user: str | None = wire("User")
    """Who runs the command: `user`, `user:group`, or their numbers."""
    exposed_ports: dict[str, dict[str, Any]] = wire("ExposedPorts", empty=dict)
    """A set: `{"80/tcp": {}}`."""
    env: list[str] = wire("Env", empty=list)
    """`NAME=value`."""
    cmd: list[str] = wire("Cmd", empty=list)
    healthcheck: HealthConfig | None = wire("Healthcheck")
    args_escaped: bool | None = wire("ArgsEscaped")
    """Whether the command is one escaped command line (Windows)."""
    volumes: dict[str, dict[str, Any]] = wire("Volumes", empty=dict)
    """Paths that get an anonymous volume; a set: `{"/data": {}}`."""
    working_dir: str | None = wire("WorkingDir")
    entrypoint: list[str] = wire("Entrypoint", empty=list)
    """What comes before `cmd`."""
    on_build: list[str] = wire("OnBuild", empty=list)
    """Dockerfile instructions for those who build upon the image."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    stop_signal: str | None = wire("StopSignal")
    """What asks the command to stop, a name or a number."""
    shell: list[str] = wire("Shell", empty=list)
    """The shell of commands in shell form."""
    hostname: str | None = wire("Hostname", until="1.49")
    domainname: str | None = wire("Domainname", until="1.49")
    attach_stdin: bool | None = wire("AttachStdin", until="1.49")
    attach_stdout: bool | None = wire("AttachStdout", until="1.49")
    attach_stderr: bool | None = wire("AttachStderr", until="1.49")
    tty: bool | None = wire("Tty", until="1.49")
    open_stdin: bool | None = wire("OpenStdin", until="1.49")
    stdin_once: bool | None = wire("StdinOnce", until="1.49")
    image: str | None = wire("Image", until="1.49")
    network_disabled: bool | None = wire("NetworkDisabled", until="1.49")
    mac_address: str | None = wire("MacAddress", until="1.49")
    stop_timeout: int | None = wire("StopTimeout", until="1.49")
