"""Machines for daemons that must not share one: network namespaces with a wire between them, and a host name each."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Place", "lan"]


@dataclass(frozen=True)
class Place:
    """One such machine."""

    name: str
    """Its host name."""
    address: str
    """At which the others reach it."""
    within: tuple[str, ...]
    """The command that runs another there."""


@contextlib.contextmanager
def _namespaces(name: str) -> Iterator[int]:
    """Keep a network and a UTS namespace; gives a process in them. It ends with us, even where we are killed."""
    script = 'hostname "$1" && ip link set lo up && echo ready && exec cat'
    command = ["unshare", "--net", "--uts", "sh", "-c", script, "sh", name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        with keeper.stdin:
            if keeper.stdout.readline() != b"ready\n":
                raise OSError("namespaces of our own take root, unshare and ip")
            yield keeper.pid


def _enter(pid: int) -> tuple[str, ...]:
    # Not `ip netns exec`: that hides the cgroups.
    return ("nsenter", f"--net=/proc/{pid}/ns/net", f"--uts=/proc/{pid}/ns/uts")


def _ip(pid: int, line: str) -> None:
    subprocess.run([*_enter(pid), "ip", *line.split()], check=True, stdin=subprocess.DEVNULL)


@contextlib.contextmanager
def lan(size: int) -> Iterator[list[Place]]:
    """So many machines that see each other, and nothing else: no route leads out."""
    with contextlib.ExitStack() as stack:
        # The wire lies in a namespace of its own: the host's firewall may swallow what crosses a bridge there.
        wire = stack.enter_context(_namespaces("wire"))
        _ip(wire, "link add wire type bridge")
        _ip(wire, "link set wire up")
        places = []
        for number in range(1, size + 1):
            machine, address = stack.enter_context(_namespaces(f"machine{number}")), f"10.177.0.{number}"
            _ip(wire, f"link add m{number} type veth peer name eth0 netns {machine}")
            _ip(wire, f"link set m{number} master wire up")
            _ip(machine, f"address add {address}/24 dev eth0")
            _ip(machine, "link set eth0 up")
            places.append(Place(f"machine{number}", address, _enter(machine)))
        yield places
