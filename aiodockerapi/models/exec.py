"""Exec instances: commands executed in running containers."""

from ._fields import Model, define, wire

__all__ = ["ExecConfig", "ExecInspectResponse", "ExecStartConfig", "ProcessConfig"]


@define(kw_only=True)
class ExecConfig(Model):
    """An exec instance to create: a command and how it runs in the container."""

    attach_stdin: bool | None = wire("AttachStdin")
    """Whether the command gets stdin of the client that starts it; None means False: stdin is empty."""
    attach_stdout: bool | None = wire("AttachStdout")
    """Whether stdout is sent to the client that starts the command; None means False."""
    attach_stderr: bool | None = wire("AttachStderr")
    """Whether stderr is sent to the client that starts the command; None means False."""
    console_size: list[int] = wire("ConsoleSize", empty=list, since="1.42")
    """Initial size of the terminal, ``[height, width]`` in characters; ignored unless ``tty`` is True."""
    detach_keys: str | None = wire("DetachKeys")
    """Key sequence that detaches the client from a terminal; None: ``ctrl-p,ctrl-q``."""
    tty: bool | None = wire("Tty")
    """Whether the command gets a terminal, which combines stdout and stderr to one stream; None means False."""
    env: list[str] = wire("Env", empty=list)
    """Environment variables as ``NAME=value``, in addition to those of the container."""
    cmd: list[str] = wire("Cmd", empty=list)
    """Command to run, as a list of arguments; required."""
    privileged: bool | None = wire("Privileged")
    """Whether the command gets all capabilities; None means False: those of the container."""
    user: str | None = wire("User")
    """User that runs the command: ``user`` or ``user:group``, names or numeric IDs; None: the container's user."""
    working_dir: str | None = wire("WorkingDir")
    """Working directory of the command, an absolute path; None: the container's working directory."""


@define(kw_only=True)
class ExecStartConfig(Model):
    """The options for starting an exec instance."""

    detach: bool | None = wire("Detach")
    """Whether the call returns after the start and the output is discarded; None means False."""
    tty: bool | None = wire("Tty")
    """Whether the command has a terminal; must be equal to ``tty`` of the `ExecConfig`. None means False."""
    console_size: list[int] = wire("ConsoleSize", empty=list, since="1.42")
    """Initial size of the terminal, ``[height, width]`` in characters; ignored unless ``tty`` is True. If set, it
    replaces ``console_size`` of the `ExecConfig`."""


@define(kw_only=True)
class ProcessConfig(Model):
    """The command of an exec instance."""

    privileged: bool | None = wire("privileged")
    """Whether the command has all capabilities; None if not reported."""
    user: str | None = wire("user")
    """User that runs the command; None or empty: the default, usually ``root``."""
    tty: bool = wire("tty", empty=bool)
    """Whether the command has a terminal."""
    entrypoint: str = wire("entrypoint", empty=str)
    """Program, the first item of the ``cmd`` that was requested."""
    arguments: list[str] = wire("arguments", empty=list)
    """Arguments of the program, without its name."""


@define(kw_only=True)
class ExecInspectResponse(Model):
    """The state of an exec instance."""

    can_remove: bool = wire("CanRemove", empty=bool)
    """Whether the next cleanup of the daemon deletes the exec instance; False until some time after its end."""
    detach_keys: str = wire("DetachKeys", empty=str)
    """Bytes of the key sequence that detaches, encoded in base64; empty: the default, ``ctrl-p,ctrl-q``."""
    id: str = wire("ID", empty=str)
    """ID of the exec instance."""
    running: bool = wire("Running", empty=bool)
    """Whether the command is running."""
    exit_code: int | None = wire("ExitCode")
    """Exit code of the command; None until it has ended."""
    process_config: ProcessConfig | None = wire("ProcessConfig")
    """Command of the exec instance; None if not reported."""
    open_stdin: bool = wire("OpenStdin", empty=bool)
    """Whether stdin is attached."""
    open_stderr: bool = wire("OpenStderr", empty=bool)
    """Whether stderr is attached."""
    open_stdout: bool = wire("OpenStdout", empty=bool)
    """Whether stdout is attached."""
    container_id: str = wire("ContainerID", empty=str)
    """ID of the container that the command runs in."""
    pid: int = wire("Pid", empty=int)
    """Process ID on the host; 0 until the command has been started."""
