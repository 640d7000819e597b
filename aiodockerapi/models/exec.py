"""Exec: a further command in a container that runs."""

from ._fields import Model, define, wire

__all__ = ["ExecConfig", "ExecInspectResponse", "ExecStartConfig", "ProcessConfig"]


@define(kw_only=True)
class ExecConfig(Model):
    """A command to prepare in a container."""

    attach_stdin: bool | None = wire("AttachStdin")
    attach_stdout: bool | None = wire("AttachStdout")
    attach_stderr: bool | None = wire("AttachStderr")
    console_size: list[int] = wire("ConsoleSize", empty=list, since="1.42")
    """Height and width of the terminal."""
    detach_keys: str | None = wire("DetachKeys")
    """The keys that leave the session: `ctrl-p,ctrl-q`."""
    tty: bool | None = wire("Tty")
    """Whether the command gets a terminal; stdout and stderr are one stream then."""
    env: list[str] = wire("Env", empty=list)
    """`NAME=value`."""
    cmd: list[str] = wire("Cmd", empty=list)
    privileged: bool | None = wire("Privileged")
    user: str | None = wire("User")
    """Who runs the command: `user`, `user:group`, or their numbers."""
    working_dir: str | None = wire("WorkingDir")


@define(kw_only=True)
class ExecStartConfig(Model):
    """How to start a command that was prepared."""

    detach: bool | None = wire("Detach")
    """Whether the call returns at once and the output is lost."""
    tty: bool | None = wire("Tty")
    """The same as when the command was prepared."""
    console_size: list[int] = wire("ConsoleSize", empty=list, since="1.42")
    """Height and width of the terminal."""


@define(kw_only=True)
class ProcessConfig(Model):
    """What an exec runs."""

    privileged: bool | None = wire("privileged")
    user: str | None = wire("user")
    tty: bool = wire("tty", empty=bool)
    entrypoint: str = wire("entrypoint", empty=str)
    """The program."""
    arguments: list[str] = wire("arguments", empty=list)


@define(kw_only=True)
class ExecInspectResponse(Model):
    """How an exec is doing."""

    can_remove: bool = wire("CanRemove", empty=bool)
    detach_keys: str = wire("DetachKeys", empty=str)
    id: str = wire("ID", empty=str)
    running: bool = wire("Running", empty=bool)
    exit_code: int | None = wire("ExitCode")
    """None until the command has ended."""
    process_config: ProcessConfig | None = wire("ProcessConfig")
    open_stdin: bool = wire("OpenStdin", empty=bool)
    open_stderr: bool = wire("OpenStderr", empty=bool)
    open_stdout: bool = wire("OpenStdout", empty=bool)
    container_id: str = wire("ContainerID", empty=str)
    pid: int = wire("Pid", empty=int)
    """The process id on the host; 0 before the start."""
