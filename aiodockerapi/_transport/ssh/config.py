"""What the user's configuration tells ssh, where it bears on how ssh is to be run."""

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from ..._concurrency.shielding import run_shielded
from .command import CommandBuilder, ConfigValues

__all__ = ["agent", "configured", "environment", "is_shared", "is_silent", "without_handed_over"]

_SPAWNING: Final = 0.2  # seconds; half started, nobody could end it
_PATIENCE: Final = 3.0  # seconds; it takes a hundredth of one, unless the configuration looks something up
_AGENT: Final = "SSH_AUTH_SOCK"


async def configured(commands: CommandBuilder) -> ConfigValues:
    """Ask ssh; nothing is config by one that does not understand the question, or its own configuration."""
    words = await run_shielded(_answer(commands), limit=_SPAWNING)
    config: dict[str, tuple[str, ...]] = {}
    for line in words.decode(errors="surrogateescape").splitlines():
        name, _, value = line.partition(" ")
        config[name] = (*config.get(name, ()), value)
    return config


async def _answer(commands: CommandBuilder) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *commands.query(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(commands),
        start_new_session=commands.ssh.batch,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            return (await process.communicate())[0]
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:  # what the configuration runs may hang (Match exec): it ends as well
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL) if commands.ssh.batch else process.kill()
            await process.wait()


def is_shared(config: ConfigValues) -> bool:
    """Whether a connection of the user's to that host may be open, which an ssh with a session shares (ControlPath)."""
    return any(path != "none" and Path(path).is_socket() for path in config.get("controlpath", ()))


def is_silent(config: ConfigValues) -> bool:
    """Whether ssh does not tell that it has got in: it is config otherwise, or takes a way that is open."""
    return is_shared(config) or config.get("loglevel", ("",))[0][:5] not in ("VERBO", "DEBUG")


def environment(commands: CommandBuilder) -> dict[str, str]:
    """The environment for ssh. Where nothing is to be asked, no window asks either: not for the ssh to a jump host."""
    return {**os.environ, "SSH_ASKPASS_REQUIRE": "never"} if commands.ssh.batch else dict(os.environ)


def _is_handed_over(name: str, config: ConfigValues) -> bool:
    patterns = (word.replace("[", "[[]") for value in config.get("sendenv", ()) for word in value.split())
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def without_handed_over(environ: Mapping[str, str], config: ConfigValues) -> dict[str, str]:
    """The environment for an ssh with a session: without the variables that its configuration would have it hand over.

    SendEnv can be taken back only by what stands after it, and nothing of ours stands after the user's files.
    """
    return {name: value for name, value in environ.items() if not _is_handed_over(name, config)}


def agent(environ: Mapping[str, str], config: ConfigValues) -> list[str]:
    """What tells ssh of the user's agent where the variable that does has been taken out."""
    path = environ.get(_AGENT, "")
    if (
        not path
        or "${" in path
        or config.get("identityagent", (_AGENT,)) != (_AGENT,)
        or not _is_handed_over(_AGENT, config)
    ):
        return []
    return ["-o", f"IdentityAgent={path.replace('%', '%%')}"]
