"""The parts of the user's ssh configuration that determine how ssh is run."""

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

__all__ = ["agent_options", "environment", "is_shared", "is_silent", "read_config", "without_sent_variables"]

_START_LIMIT: Final = 0.2  # seconds; a process whose start is cancelled could not be ended
_QUERY_TIMEOUT: Final = 3.0  # seconds; it takes about 0.01, unless the configuration runs programs or resolves names
_AGENT: Final = "SSH_AUTH_SOCK"


async def read_config(commands: CommandBuilder) -> ConfigValues:
    """Return ssh's configuration for the host; empty if ssh does not support the query or rejects its configuration."""
    output = await run_shielded(_run_query(commands), limit=_START_LIMIT)
    config: dict[str, tuple[str, ...]] = {}
    for line in output.decode(errors="surrogateescape").splitlines():
        name, _, value = line.partition(" ")
        config[name] = (*config.get(name, ()), value)
    return config


async def _run_query(commands: CommandBuilder) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *commands.query(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(commands),
        start_new_session=commands.ssh.batch,
    )
    try:
        async with asyncio.timeout(_QUERY_TIMEOUT):
            return (await process.communicate())[0]
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                # The whole session: a program that the configuration runs (Match exec) may hang.
                os.killpg(process.pid, signal.SIGKILL) if commands.ssh.batch else process.kill()
            await process.wait()


def is_shared(config: ConfigValues) -> bool:
    """Return whether the user has a connection to the host open that an ssh with a session shares (ControlPath)."""
    return any(path != "none" and Path(path).is_socket() for path in config.get("controlpath", ()))


def is_silent(config: ConfigValues) -> bool:
    """Return whether ssh does not report its login: with another log level, or over a shared connection."""
    return is_shared(config) or config.get("loglevel", ("",))[0][:5] not in ("VERBO", "DEBUG")


def environment(commands: CommandBuilder) -> dict[str, str]:
    """Return the environment of ssh. In batch mode no window asks for a password, not even for a jump host's ssh."""
    return {**os.environ, "SSH_ASKPASS_REQUIRE": "never"} if commands.ssh.batch else dict(os.environ)


def _is_sent(name: str, config: ConfigValues) -> bool:
    patterns = (pattern.replace("[", "[[]") for value in config.get("sendenv", ()) for pattern in value.split())
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def without_sent_variables(environ: Mapping[str, str], config: ConfigValues) -> dict[str, str]:
    """Return the environment of an ssh with a session, without the variables that it would send to the host (SendEnv).

    SendEnv can only be revoked by a later setting, and options on the command line precede the user's files.
    """
    return {name: value for name, value in environ.items() if not _is_sent(name, config)}


def agent_options(environ: Mapping[str, str], config: ConfigValues) -> list[str]:
    """Return the options that name the user's agent if `without_sent_variables` removes its variable; empty otherwise."""
    path = environ.get(_AGENT, "")
    if not path or "${" in path or config.get("identityagent", (_AGENT,)) != (_AGENT,) or not _is_sent(_AGENT, config):
        return []
    return ["-o", f"IdentityAgent={path.replace('%', '%%')}"]
