"""The configuration of an image: defaults for the containers created from it."""

from typing import Any

from .._fields import Model, define, wire
from ..common import HealthConfig

__all__ = ["ImageConfig"]


@define(kw_only=True)
class ImageConfig(Model):
    """Defaults that an image sets for its containers; each can be overridden when a container is created.

    The fields that end with API 1.49 belong to containers and have no meaning for an image; engines report them
    empty, or as left over from the container that the image was committed from.
    """

    user: str | None = wire("User")
    """User that the command runs as: ``user``, ``user:group``, or their numeric ids; empty or None: root."""
    exposed_ports: dict[str, dict[str, Any]] = wire("ExposedPorts", empty=dict)
    """Ports that the image exposes, with empty values, e.g. ``{"80/tcp": {}}``."""
    env: list[str] = wire("Env", empty=list)
    """Environment variables, ``NAME=value`` each."""
    cmd: list[str] = wire("Cmd", empty=list)
    """Default command, or default arguments of ``entrypoint`` if that is set."""
    healthcheck: HealthConfig | None = wire("Healthcheck")
    """Health check of the containers; None if the image does not define one."""
    args_escaped: bool | None = wire("ArgsEscaped")
    """Whether the command is already escaped as one command line; Windows only."""
    volumes: dict[str, dict[str, Any]] = wire("Volumes", empty=dict)
    """Paths that get an anonymous volume, with empty values, e.g. ``{"/data": {}}``."""
    working_dir: str | None = wire("WorkingDir")
    """Directory that the command runs in; empty or None: ``/``."""
    entrypoint: list[str] = wire("Entrypoint", empty=list)
    """Command that ``cmd`` is appended to as arguments; empty if there is none."""
    on_build: list[str] = wire("OnBuild", empty=list)
    """Dockerfile instructions (``ONBUILD``) that run when another image is built on this one."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the image, which its containers inherit."""
    stop_signal: str | None = wire("StopSignal")
    """Signal that stops a container, as a name or number; None: ``SIGTERM``."""
    shell: list[str] = wire("Shell", empty=list)
    """Shell that runs commands in shell form, as a list of arguments; empty: ``/bin/sh``, on Windows ``cmd``."""
    hostname: str | None = wire("Hostname", until="1.49")
    """Hostname of a container; no meaning for an image."""
    domainname: str | None = wire("Domainname", until="1.49")
    """Domain name of a container; no meaning for an image."""
    attach_stdin: bool | None = wire("AttachStdin", until="1.49")
    """Whether stdin of a container is attached; no meaning for an image."""
    attach_stdout: bool | None = wire("AttachStdout", until="1.49")
    """Whether stdout of a container is attached; no meaning for an image."""
    attach_stderr: bool | None = wire("AttachStderr", until="1.49")
    """Whether stderr of a container is attached; no meaning for an image."""
    tty: bool | None = wire("Tty", until="1.49")
    """Whether a container has a terminal; no meaning for an image."""
    open_stdin: bool | None = wire("OpenStdin", until="1.49")
    """Whether stdin of a container is open; no meaning for an image."""
    stdin_once: bool | None = wire("StdinOnce", until="1.49")
    """Whether stdin of a container closes after the first client; no meaning for an image."""
    image: str | None = wire("Image", until="1.49")
    """Image of a container; no meaning for an image."""
    network_disabled: bool | None = wire("NetworkDisabled", until="1.49")
    """Whether a container has no network; no meaning for an image."""
    mac_address: str | None = wire("MacAddress", until="1.49")
    """MAC address of a container; no meaning for an image."""
    stop_timeout: int | None = wire("StopTimeout", until="1.49")
    """Seconds between the stop signal and the kill of a container; no meaning for an image."""
