"""Settings for running ssh, for daemons with an ssh:// address."""

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias, get_args

import attrs

from ..errors import ConfigurationError

__all__ = ["SSH", "SSHMode"]

SSHMode: TypeAlias = Literal["auto", "tunnel", "dial-stdio"]
"""``tunnel``: one ssh process forwards the daemon's socket. ``dial-stdio``: one ssh process per connection runs the docker
command on the remote host. ``auto``: ``tunnel``, or ``dial-stdio`` if that is refused or finds no socket."""

_MODES: Final = get_args(SSHMode)


def _to_options(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, Iterable) and not isinstance(value, str):
        options = tuple(value)
        if all(isinstance(option, str) and "\0" not in option for option in options):
            return options
    raise ConfigurationError(f'SSH(options=...) must be a list such as ["-i", "key"], not {value!r:.80}')


@attrs.frozen(kw_only=True)
class SSH:
    """Settings for running ssh, for an ``ssh://`` address.

    ssh also reads ``~/.ssh/config``, which is the better place for users, keys and jump hosts.

    :ivar mode: ``tunnel`` runs one ssh process that forwards the daemon's socket. ``dial-stdio`` runs one ssh process per
        connection, which runs the docker command on the remote host. ``auto``, the default, is ``tunnel``, or
        ``dial-stdio`` if the tunnel gets no response.
    :ivar options: further arguments for ssh, such as ``["-i", "key"]`` or ``["-F", "config"]``; they precede the client's own
        and take precedence. By default there are none.
    :ivar batch: whether to run ssh without prompts, for example for a password, so that it fails instead of waiting for
        input. By default True.
    :raises ConfigurationError: if an argument has the wrong type or value.
    """

    mode: SSHMode = "auto"
    options: tuple[str, ...] = attrs.field(default=(), converter=_to_options)
    batch: bool = True

    def __attrs_post_init__(self) -> None:
        if self.mode not in _MODES:
            raise ConfigurationError(f"SSH(mode=...) must be one of {', '.join(_MODES)}, not {self.mode!r:.80}")
        if not isinstance(self.batch, bool):
            raise ConfigurationError(f"SSH(batch=...) must be True or False, not {self.batch!r:.80}")
