"""How hypothesis runs here: a slow machine is no fault."""

from hypothesis import settings

settings.register_profile("wire", deadline=None)
settings.load_profile("wire")
