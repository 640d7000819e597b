"""1,000 container summaries: parsing alone, cattrs' own hooks on plain attrs classes, and our models.

python -m benchmarks.structuring
"""

from __future__ import annotations

import json
from typing import Any

import attrs
import cattrs

from aiodockerapi import structure
from aiodockerapi.models import ContainerSummary
from benchmarks._measure import compare

SUMMARY = {
    "Id": "a" * 64,
    "Names": ["/web"],
    "Image": "busybox",
    "ImageID": "sha256:" + "b" * 64,
    "Command": "sleep 100",
    "Created": 1700000000,
    "Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}],
    "Labels": {f"label.{number}": "value" for number in range(6)},
    "State": "running",
    "Status": "Up 5 minutes",
    "HostConfig": {"NetworkMode": "default"},
    "NetworkSettings": {
        "Networks": {
            "bridge": {
                "IPAMConfig": None,
                "Links": None,
                "Aliases": None,
                "NetworkID": "c" * 64,
                "EndpointID": "d" * 64,
                "Gateway": "172.17.0.1",
                "IPAddress": "172.17.0.2",
                "IPPrefixLen": 16,
                "IPv6Gateway": "",
                "GlobalIPv6Address": "",
                "GlobalIPv6PrefixLen": 0,
                "MacAddress": "02:42:ac:11:00:02",
                "DriverOpts": None,
            }
        }
    },
    "Mounts": [],
}
BODY = json.dumps([SUMMARY] * 1000).encode()


@attrs.define
class Plain:
    """As many fields as a user would declare by hand, without what the models do for null and unknown properties."""

    Id: str
    Names: list[str]
    Image: str
    ImageID: str
    Command: str
    Created: int
    Ports: list[dict[str, Any]]
    Labels: dict[str, str]
    State: str
    Status: str


def main() -> None:
    """Compare, after making sure that nothing is lost."""
    summaries = structure(json.loads(BODY), list[ContainerSummary])
    assert len(summaries) == 1000
    assert summaries[0].names == ["/web"]
    converter = cattrs.Converter()
    compare(
        {
            "json.loads": lambda: json.loads(BODY),
            "json.loads, ten fields by cattrs": lambda: converter.structure(json.loads(BODY), list[Plain]),
            "json.loads, whole models": lambda: structure(json.loads(BODY), list[ContainerSummary]),
        },
        unit=0.001,
        label="ms",
    )


if __name__ == "__main__":
    main()
