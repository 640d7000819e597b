"""The converter behind `structure` and `unstructure`, as cattrs makes it; the hooks of models are added beside."""

from typing import Final

import cattrs

__all__ = ["CONVERTER"]

CONVERTER: Final = cattrs.Converter()
