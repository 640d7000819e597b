"""Hypothesis settings: no deadlines, which fail on slow machines."""

from hypothesis import settings

settings.register_profile("wire", deadline=None)
settings.load_profile("wire")
