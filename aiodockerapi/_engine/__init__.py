"""One daemon in one API version: kinds of call, version negotiation, features, and types that load lazily."""

from .engine import Engine
from .features import FEATURES, Feature, find_feature, required_features
from .lazy_types import LazyBodyType, LazyType, encode_json, structure, unstructure
from .request import Request, request

__all__ = [
    "FEATURES",
    "Engine",
    "Feature",
    "LazyBodyType",
    "LazyType",
    "Request",
    "encode_json",
    "find_feature",
    "request",
    "required_features",
    "structure",
    "unstructure",
]
