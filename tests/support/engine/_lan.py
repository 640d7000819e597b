"""Simulated machines for daemons: network namespaces that are connected by a bridge, each with a host name."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Place", "lan"]


@dataclass(frozen=True)
class Place:
    """A simulated machine."""

    name: str
    """Its host name."""
    address: str
    """Its address for the others."""
    within: tuple[str, ...]
    """The prefix of a command that runs it there."""


@contextlib.contextmanager
def _namespaces(name: str) -> Iterator[int]:
    """Create a network and a UTS namespace; yield a process in them, which ends with this one even after SIGKILL."""
    script = 'hostname "$1" && ip link set lo up && echo ready && exec cat'
    command = ["unshare", "--net", "--uts", "sh", "-c", script, "sh", name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        with holder.stdin:
            if holder.stdout.readline() != b"ready\n":
                raise OSError("separate namespaces require root, unshare and ip")
            yield holder.pid


def _enter(pid: int) -> tuple[str, ...]:
    # `ip netns exec` would hide the cgroups.
    return ("nsenter", f"--net=/proc/{pid}/ns/net", f"--uts=/proc/{pid}/ns/uts")


def _ip(pid: int, line: str) -> None:
    subprocess.run([*_enter(pid), "ip", *line.split()], check=True, stdin=subprocess.DEVNULL)


@contextlib.contextmanager
def lan(size: int) -> Iterator[list[Place]]:
    """Create machines that can reach each other, but no other addresses."""
    with contextlib.ExitStack() as stack:
        # The bridge is in a separate namespace, since the firewall of the host might drop its packets.
        switch = stack.enter_context(_namespaces("switch"))
        _ip(switch, "link add switch type bridge")
        _ip(switch, "link set switch up")
        places = []
        for number in range(1, size + 1):
            machine, address = stack.enter_context(_namespaces(f"machine{number}")), f"10.177.0.{number}"
            _ip(switch, f"link add m{number} type veth peer name eth0 netns {machine}")
            _ip(switch, f"link set m{number} master switch up")
            _ip(machine, f"address add {address}/24 dev eth0")
            _ip(machine, "link set eth0 up")
            places.append(Place(f"machine{number}", address, _enter(machine)))
        yield places
