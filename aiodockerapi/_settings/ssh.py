"""How ssh is run, where a daemon is reached over it."""

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias, get_args

import attrs

from ..errors import ConfigurationError

__all__ = ["SSH", "SSHMode"]

SSHMode: TypeAlias = Literal["auto", "tunnel", "dial-stdio"]
"""``tunnel``: one ssh process forwards the daemon's socket. ``dial-stdio``: one for each connection runs the docker command
there. ``auto``: the first, and where that is refused or finds no socket, the second."""

_MODES: Final = get_args(SSHMode)


def _words(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, Iterable) and not isinstance(value, str):
        words = tuple(value)
        if all(isinstance(word, str) and "\0" not in word for word in words):
            return words
    raise ConfigurationError(f'SSH(options=...) must be a list such as ["-i", "key"], not {value!r:.80}')


@attrs.frozen(kw_only=True)
class SSH:
    """How to run ssh. Users, keys, jump hosts and the like are better said in ``~/.ssh/config``, which ssh reads anyway.

    :ivar mode: ``auto``, ``tunnel`` (one ssh process that forwards the daemon's socket) or ``dial-stdio`` (one for each
        connection, which runs the docker command there). ``auto`` is ``tunnel``, and where that gets no answer, ``dial-stdio``.
    :ivar options: further arguments for ssh, such as ``["-i", "key"]`` or ``["-F", "config"]``; they go before ours, and win.
    :ivar batch: whether ssh must not ask for anything, such as a password: where nobody is there to answer, that would hang.
    """

    mode: SSHMode = "auto"
    options: tuple[str, ...] = attrs.field(default=(), converter=_words)
    batch: bool = True

    def __attrs_post_init__(self) -> None:
        if self.mode not in _MODES:
            raise ConfigurationError(f"SSH(mode=...) must be one of {', '.join(_MODES)}, not {self.mode!r:.80}")
        if not isinstance(self.batch, bool):
            raise ConfigurationError(f"SSH(batch=...) must be True or False, not {self.batch!r:.80}")
