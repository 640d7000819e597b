"""Networks of a real engine."""

from __future__ import annotations

import datetime
import random
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    APIError,
    BadRequest,
    Conflict,
    Docker,
    Forbidden,
    InvalidArgument,
    NotFound,
    UnsupportedFeature,
)
from aiodockerapi.models import IPAM, EndpointIPAMConfig, EndpointSettings, IPAMConfig, NetworkCreateRequest
from tests.support.containers import config, started

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names

IDLE = "exec sleep 1000"


def subnet() -> str:
    """Return a random subnet, which is probably unused."""
    return f"10.{random.randrange(60, 88)}.{random.randrange(256)}.0/24"  # Podman itself has 10.88


async def made(docker: Docker, names: Names, **settings: Any) -> str:
    """Create a network with a separate subnet, and return its name."""
    network = names("net")
    ipam = IPAM(config=[IPAMConfig(subnet=subnet())])
    await docker.networks.create(NetworkCreateRequest(name=network, labels=names.labels, ipam=ipam, **settings))
    return network


async def test_create_applies_the_options(docker: Docker, name: Names) -> None:
    network, wanted = name("net"), subnet()
    gateway = wanted.replace(".0/24", ".254")
    created = await docker.networks.create(
        NetworkCreateRequest(
            name=network,
            driver="bridge",
            internal=True,
            enable_ipv6=False,
            ipam=IPAM(
                config=[IPAMConfig(subnet=wanted, gateway=gateway, auxiliary_addresses={"router": gateway[:-1]})]
            ),
            options={"com.docker.network.bridge.enable_icc": "false"},
            labels=name.labels,
        )
    )
    assert created.warning == ""
    for key in (network, created.id, created.id[:20]):
        found = await docker.networks.inspect(key)
        assert (found.name, found.id, found.driver, found.scope) == (network, created.id, "bridge", "local")
    assert (found.internal, found.attachable, found.ingress, found.config_only) == (True, False, False, False)
    assert not found.enable_ipv6
    assert found.ipam is not None
    [pool] = found.ipam.config
    assert (pool.subnet, pool.gateway, pool.auxiliary_addresses) == (wanted, gateway, {"router": gateway[:-1]})
    assert found.options["com.docker.network.bridge.enable_icc"] == "false"
    assert found.labels == name.labels
    assert found.containers == {}
    assert found.created is not None
    assert abs(datetime.datetime.now(datetime.UTC) - found.created) < datetime.timedelta(minutes=10)


async def test_lists_are_filtered(docker: Docker, name: Names) -> None:
    first, second = [await made(docker, name) for _ in range(2)]
    [label] = [f"{key}={value}" for key, value in name.labels.items()]

    async def listed(**filters: Any) -> list[str]:
        return sorted(one.name for one in await docker.networks.list(filters=filters))

    assert await listed(label=label) == sorted([first, second])
    assert await listed(label=[label], name=[first], driver="bridge") == [first]
    assert await listed(label=label, name=(second, first)) == sorted([first, second])
    assert await listed(label=label, dangling=True) == sorted([first, second])
    assert await listed(label=label, dangling=False) == []
    assert {"bridge", "host", "none", first, second} <= {one.name for one in await docker.networks.list()}
    with pytest.raises(BadRequest, match=r"(?i)invalid filter"):
        await docker.networks.list(filters={"colour": "red"})


async def test_containers_are_connected_and_disconnected(docker: Docker, name: Names) -> None:
    network = await made(docker, name)
    container = await started(docker, name, IDLE, HostConfig={"NetworkMode": "bridge"})
    before = await docker.networks.inspect(network)
    assert before.ipam is not None
    assert before.ipam.config[0].subnet is not None
    address = before.ipam.config[0].subnet.replace(".0/24", ".77")
    settings = EndpointSettings(aliases=["db"], ipam_config=EndpointIPAMConfig(ipv4_address=address))
    await docker.networks.connect(network, container, endpoint_config=settings)

    joined = (await docker.networks.inspect(network)).containers[container]
    assert joined.ipv4_address == f"{address}/24"
    assert joined.mac_address
    inspected = await docker.containers.inspect(container)
    assert joined.name == inspected.name.removeprefix("/")
    assert inspected.network_settings is not None
    mine = inspected.network_settings.networks[network]
    assert (mine.ip_address, mine.network_id, mine.endpoint_id) == (address, before.id, joined.endpoint_id)
    assert "db" in mine.aliases

    with pytest.raises(Forbidden, match=r"already (exists|attached)"):
        await docker.networks.connect(network, container)
    with pytest.raises(Forbidden, match="active endpoints"):
        await docker.networks.remove(network)
    await docker.networks.disconnect(network, container)
    assert (await docker.networks.inspect(network)).containers == {}
    with pytest.raises(APIError, match="not connected"):
        await docker.networks.disconnect(network, container)
    await docker.networks.remove(network)
    with pytest.raises(NotFound):
        await docker.networks.inspect(network)


async def test_aliases_are_resolved_in_the_network(docker: Docker, name: Names) -> None:
    network, server = await made(docker, name), name("server")
    await docker.containers.create(config(name, IDLE, HostConfig={"NetworkMode": network}), name=server)
    await docker.containers.start(server)
    await docker.networks.disconnect(network, server, force=True)
    await docker.networks.connect(network, server, endpoint_config={"Aliases": ["db"]})
    asked = await docker.containers.run(
        "busybox", ["nslookup", "db"], config=config(name, "", HostConfig={"NetworkMode": network})
    )
    assert b"Name:" in asked.stdout, asked


async def test_a_container_can_be_created_in_a_network(docker: Docker, name: Names) -> None:
    network = await made(docker, name)
    networking = {"EndpointsConfig": {network: {"Aliases": ["web"]}}}
    container = await started(docker, name, IDLE, HostConfig={"NetworkMode": network}, NetworkingConfig=networking)
    assert list((await docker.networks.inspect(network)).containers) == [container]


async def test_names_may_have_unusual_characters(docker: Docker, name: Names) -> None:
    for odd in ("a net with spaces", "100%", "back\\slash", "ünïcode", "a+b&c=d@e:f"):
        network = f"{odd} {name('odd')}"
        created = await docker.networks.create({"Name": network, "Labels": name.labels, "Internal": True})
        try:
            assert (await docker.networks.inspect(network)).id == created.id
        finally:
            await docker.networks.remove(network)


async def test_a_network_with_a_slash_in_its_name_is_found_by_its_id(docker: Docker, name: Names) -> None:
    network = f"{name('net')}/connect"
    created = await docker.networks.create({"Name": network, "Labels": name.labels})
    try:
        with pytest.raises(InvalidArgument, match="contains '/'"):
            await docker.networks.inspect(network)
        assert (await docker.networks.inspect(created.id)).name == network
    finally:
        await docker.networks.remove(created.id)


async def test_a_name_in_use_is_a_conflict(docker: Docker, name: Names) -> None:
    network = await made(docker, name)
    with pytest.raises(Conflict, match=f"{network}.* already exists"):
        await docker.networks.create({"Name": network, "CheckDuplicate": True})


async def test_a_network_uses_the_configuration_of_another(docker: Docker, name: Names) -> None:
    base = await made(docker, name, config_only=True)
    network = name("net")
    await docker.networks.create({"Name": network, "ConfigFrom": {"Network": base}})
    found = await docker.networks.inspect(network)
    assert found.config_from is not None
    assert found.config_from.network == base
    assert (await docker.networks.inspect(base)).config_only
    await docker.networks.remove(network)


async def test_inspect_can_be_limited_to_a_scope(docker: Docker) -> None:
    assert (await docker.networks.inspect("bridge", scope="local", verbose=True)).name == "bridge"
    with pytest.raises(NotFound, match="bridge"):
        await docker.networks.inspect("bridge", scope="swarm")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: d.networks.inspect("no-such-net"), NotFound, "no-such-net"),
        (lambda d: d.networks.remove("no-such-net"), NotFound, "no-such-net"),
        (lambda d: d.networks.remove("bridge"), Forbidden, "pre-defined"),
        (lambda d: d.networks.connect("bridge", "no-such-container"), NotFound, "no-such-container"),
        (lambda d: d.networks.disconnect("bridge", "no-such-container"), NotFound, "no-such-container"),
        (lambda d: d.networks.create({"Name": "host"}), Forbidden, "(?i)predefined|pre-defined"),
        (lambda d: d.networks.create({"Name": "x", "IPAM": {"Config": [{"Subnet": "x"}]}}), APIError, "(?i)invalid"),
        (lambda d: d.networks.create({"Name": " "}), APIError, "(?i)invalid|name"),
        (lambda d: d.networks.create({"Name": "x", "Labels": ["a"]}), BadRequest, "unmarshal"),
        (lambda d: d.networks.prune(filters={"colour": "red"}), BadRequest, "(?i)invalid filter"),
    ],
)
async def test_errors_of_the_daemon(docker: Docker, call: Any, error: type[APIError], message: str) -> None:
    with pytest.raises(error, match=message):
        await call(docker)


async def test_options_that_the_daemon_would_ignore_are_refused(engine_host: str, name: Names) -> None:
    async with Docker(engine_host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature, match=r"networks\.create\.enable_ipv4"):
            await docker.networks.create(NetworkCreateRequest(name=name("net"), enable_ipv4=False))
        settings = EndpointSettings(mac_address="02:42:0a:00:00:07")
        with pytest.raises(UnsupportedFeature, match=r"networks\.connect\.endpoint_config\.mac_address"):
            await docker.networks.connect("bridge", "x", endpoint_config=settings)


async def test_prune_removes_unused_networks(spare_engine: Engine) -> None:
    async with Docker(spare_engine.host) as docker:
        await docker.networks.create({"Name": "used"})
        await docker.networks.create({"Name": "unused"})
        await docker.networks.create({"Name": "kept", "Labels": {"keep": "1"}})
        body = {"Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": "used"}}
        container = (await docker.containers.create(body)).id
        await docker.containers.start(container)
        try:
            pruned = await docker.networks.prune(filters={"label!": "keep"})
            assert "unused" in pruned.networks_deleted
            assert not {"used", "kept"} & set(pruned.networks_deleted)
            assert (await docker.networks.prune(filters={"until": "24h"})).networks_deleted == []
            assert (await docker.networks.prune()).networks_deleted == ["kept"]
        finally:
            await docker.containers.remove(container, force=True)
            await docker.networks.remove("used")


async def test_a_handle_has_the_same_methods(docker: Docker, name: Names) -> None:
    network = docker.network(await made(docker, name))
    container = await started(docker, name, IDLE, HostConfig={"NetworkMode": "bridge"})
    await network.connect(container)
    assert list((await network.inspect()).containers) == [container]
    await network.disconnect(container, force=True)
    await network.remove()
