"""Generated parts of a file, between two comments."""

import re
from pathlib import Path

__all__ = ["PROJECT", "filled"]

PROJECT = Path(__file__).parents[3]


def filled(text: str, name: str, content: str) -> str:
    """Return the text with the generated part of that name replaced.

    :raises ValueError: if the text does not have exactly one part of that name.
    """
    pattern = re.compile(
        rf"(^(?:#|\.\.) begin generated: {re.escape(name)}(?: [^\n]*)?\n).*?(^(?:#|\.\.) end generated: {re.escape(name)}$)",
        re.MULTILINE | re.DOTALL,
    )
    found, count = pattern.subn(lambda match: f"{match[1]}{content}{match[2]}", text)
    if count != 1:
        raise ValueError(f"expected one part 'generated: {name}', found {count}")
    return found
