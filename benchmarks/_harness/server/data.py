"""The content of the synthetic daemon: responses recorded from a real one (API 1.45), and more derived from them."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["VERSION", "compact", "events", "frames", "recorded", "summaries"]

VERSION: Final = "1.45"

_RECORDED: Final = Path(__file__).resolve().parents[3] / "tests" / "data" / f"engine-{VERSION}"
_START_TIME: Final = 1_795_450_847
_STDERR_EACH: Final = 4  # every fourth frame belongs to stderr
_COMPOSE: Final = {
    "com.docker.compose.config-hash": "9f2c5b1d2d8d3e6a7c0b4f5e1a2d3c4b5a69788796a5b4c3d2e1f00112233445",
    "com.docker.compose.container-number": "1",
    "com.docker.compose.depends_on": "database:service_healthy:false,cache:service_started:false",
    "com.docker.compose.image": "sha256:c2fe0cfca11883ca7d4c9c1805a385ca58b1417cc2df96fd8674f8b94c6e2f12",
    "com.docker.compose.oneoff": "False",
    "com.docker.compose.project": "shop",
    "com.docker.compose.project.config_files": "/srv/shop/compose.yaml,/srv/shop/compose.override.yaml",
    "com.docker.compose.project.working_dir": "/srv/shop",
    "com.docker.compose.service": "web",
    "com.docker.compose.version": "2.27.1",
    "maintainer": "Shop <shop@example.org>",
    "org.opencontainers.image.revision": "5f3c2b1a09e8d7c6b5a49382716050f1e2d3c4b5",
    "org.opencontainers.image.version": "12.4.1",
}


def compact(value: Any) -> bytes:
    """Encode JSON as the daemon does: without spaces, followed by a line feed."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


@cache
def recorded(name: str) -> Any:
    """Return a recorded response."""
    return json.loads((_RECORDED / f"{name}.json").read_text())


def _id(*of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()


def summaries(number: int) -> list[Any]:
    """Return items of `GET /containers/json`, about 900 bytes each, with ports, labels, a network and a mount."""
    running = next(one for one in recorded("containers") if one["State"] == "running")
    return [_summary(running, place) for place in range(number)]


def _summary(template: Any, place: int) -> Any:
    one = copy.deepcopy(template)
    one |= {
        "Id": _id("container", place),
        "Names": [f"/shop-web-{place}"],
        "Image": f"registry.example.org/shop/web:{place % 40}",
        "ImageID": f"sha256:{_id('image', place % 40)}",
        "Command": "/docker-entrypoint.sh nginx -g 'daemon off;'",
        "Created": _START_TIME + place,
        "Status": f"Up {place % 50 + 2} hours",
        "Labels": {"maintainer": "Shop <shop@example.org>"},
    }
    for size in ("SizeRw", "SizeRootFs"):
        one.pop(size, None)
    [network] = one["NetworkSettings"]["Networks"].values()
    network |= {"EndpointID": _id("endpoint", place), "IPAddress": f"10.185.{place // 250}.{place % 250 + 2}"}
    one["NetworkSettings"]["Networks"] = {"shop_default": network}
    one["Ports"] = [
        {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 32768 + place, "Type": "tcp"},
        {"IP": "::", "PrivatePort": 80, "PublicPort": 32768 + place, "Type": "tcp"},
    ]
    one["Mounts"] = one["Mounts"][:1]
    return one


def events(number: int) -> Iterator[bytes]:
    """Yield lines of `GET /events`: events of the containers of a Compose project, with the labels of Compose."""
    recorded_ones = [one for one in recorded("events") if one["Type"] in ("container", "network")]
    # Each pattern is encoded only once: encoding every event would take too long.
    patterns = [_pattern(one) for one in recorded_ones]
    for place in range(number):
        pattern = patterns[place % len(patterns)]
        seconds = _START_TIME + place // 100
        identity = b"%064x" % (place // 8 * 0x9E3779B97F4A7C15)
        time = b"%d" % seconds
        nanoseconds = b"%d%09d" % (seconds, place % 100 * 9_999_999)
        yield pattern.replace(b"<id>", identity).replace(b'"<ns>"', nanoseconds).replace(b'"<s>"', time)


def _pattern(template: Any) -> bytes:
    one = copy.deepcopy(template)
    if "id" in one:
        one["id"] = "<id>"
        one["Actor"]["ID"] = "<id>"
        one["Actor"]["Attributes"] = {**_COMPOSE, **one["Actor"]["Attributes"]}
    one |= {"time": "<s>", "timeNano": "<ns>"}
    return compact(one)


def frames(number: int, length: int) -> Iterator[bytes]:
    """Yield frames of a multiplexed stream, with headers: numbered lines of that length, every fourth on stderr."""
    for place in range(number):
        line = b"%08d " % place
        text = (line * (length // len(line) + 1))[: length - 1] + b"\n"
        stream = 2 if place % _STDERR_EACH == _STDERR_EACH - 1 else 1
        yield stream.to_bytes(4, "little") + length.to_bytes(4, "big") + text
