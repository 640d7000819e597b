"""A demonstration of aiodockerapi: containers, logs, exec, stats and events.

    python examples/demo.py

It uses the engine at DOCKER_HOST or on the local socket, and removes everything that it creates, also if it fails or is
interrupted with Ctrl-C. It uses the image ``busybox``, which is pulled if it is missing.
"""

import asyncio
import secrets
import sys
import time
from collections import Counter
from contextlib import suppress

from aiodockerapi import ContainerHandle, Docker, errors
from aiodockerapi.models import ContainerCreateRequest, EventMessage, ExecConfig

IMAGE = "busybox"
COUNT = 20

# All containers of this script have this label, which selects their events and what has to be removed.
LABEL = f"aiodockerapi.demo={secrets.token_hex(4)}"
LABELS = dict([LABEL.split("=")])

STARTED = time.monotonic()

# Writes some lines, then waits until it is stopped.
SCRIPT = """
trap 'echo "stopping"; exit 0' TERM
for number in 1 2 3; do echo "line $number"; sleep 0.4; done
echo "a line on stderr" >&2; sleep 0.2
echo "ready"
sleep 600 & wait
"""


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def show(text: str, moment: float | None = None) -> None:
    """Print a line with the seconds since the start of this script."""
    seconds = (moment or time.monotonic()) - STARTED
    print(f"{seconds:6.2f} s  {text}", flush=True)


async def show_engine(docker: Docker) -> None:
    heading("The engine")
    version = await docker.system.version()
    print(f"Docker {version.version} for {version.os}/{version.arch} at {docker.endpoint}")
    print(f"API {version.min_api_version} to {version.api_version}; negotiated: {docker.api_version}")
    # Creates, starts and removes a container in one call; pulls the image if it is missing.
    hello = await docker.containers.run(IMAGE, ["echo", "hello"], config={"Labels": LABELS}, auto_remove=True)
    print(f"output of echo: {hello.stdout.decode().strip()}, exit code {hello.exit_code}")


async def follow_log(docker: Docker) -> ContainerHandle:
    heading("A container and its log, while it is written")
    request = ContainerCreateRequest(image=IMAGE, cmd=["sh", "-c", SCRIPT], labels=LABELS)
    created = await docker.containers.create(request)
    container = docker.container(created.id)
    await container.start()
    show(f"started {created.id[:12]}")
    async with container.logs(follow=True) as log:
        async for line in log.lines():
            show(f"{line.stream}: {line.text}")
            if line.text == "ready":
                break  # leaving the block closes the connection
    return container


async def run_command(docker: Docker, container: ContainerHandle) -> None:
    heading("A command in the container: `sort`, with input on stdin")
    config = ExecConfig(cmd=["sort"], attach_stdin=True, attach_stdout=True, attach_stderr=True)
    command = await container.exec_create(config)
    async with docker.exec.start(command.id) as process:
        for word in ("pear", "apple", "fig"):
            show(f"stdin:  {word}")
            await process.send(f"{word}\n")
        show("stdin:  (closed)")
        await process.send_eof()  # closes stdin only: sort writes its output now
        async for line in process.lines():
            show(f"{line.stream}: {line.text}")
    # The same in one call:
    result = await container.exec_run(["sh", "-c", "wc -c; exit 3"], stdin=b"twelve bytes")
    show(f"`wc -c; exit 3` wrote {result.stdout.decode().strip()}, exit code {result.exit_code}")


async def show_stats(container: ContainerHandle) -> None:
    heading("Resource usage: one sample")
    sample = await container.stats()
    if sample.memory_stats and sample.memory_stats.usage is not None:
        print(f"memory     {sample.memory_stats.usage / 2**20:.1f} MiB")
    if sample.cpu_stats and sample.cpu_stats.cpu_usage:
        print(f"CPU time   {sample.cpu_stats.cpu_usage.total_usage / 1e6:.0f} ms since the start")
    if sample.pids_stats and sample.pids_stats.current is not None:
        print(f"processes  {sample.pids_stats.current}")


async def run_one(docker: Docker, number: int) -> str:
    """Create a container, start it, wait for its exit, read its log and remove it."""
    # A body is a model as above, or a mapping with the names of the Engine API.
    request = {"Image": IMAGE, "Cmd": ["echo", f"hello from {number}"], "Labels": LABELS}
    created = await docker.containers.create(request)
    container = docker.container(created.id)
    async with container.wait(condition="next-exit") as waiting:  # entered before the start: the exit cannot be missed
        await container.start()
        ended = await waiting.result()
    output = await container.logs()
    await container.remove()
    return f"{output.stdout.decode().strip()}, exit code {ended.status_code}"


async def run_many(docker: Docker) -> None:
    heading(f"{COUNT} containers at once: create, start, wait, logs, remove")
    before = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        runs = [tasks.create_task(run_one(docker, number)) for number in range(1, COUNT + 1)]
    seconds = time.monotonic() - before
    print(f"the first: {runs[0].result()}")
    print(f"the last:  {runs[-1].result()}")
    print(f"all {COUNT}:    {seconds:.2f} s, {seconds / COUNT * 1000:.0f} ms each")


async def watch(docker: Docker, listening: asyncio.Event, seen: list[tuple[float, EventMessage]]) -> None:
    """Record the events of the containers with the time of their arrival, until the last container is removed."""
    left = 1 + COUNT
    async with docker.system.events(filters={"label": LABEL}) as events:
        listening.set()
        async for event in events:
            seen.append((time.monotonic(), event))
            left -= event.action == "destroy"
            if not left:
                return


def show_events(container: ContainerHandle, seen: list[tuple[float, EventMessage]]) -> None:
    heading("The events that a second task received")
    others: Counter[str] = Counter()
    for moment, event in seen:
        if event.actor and event.actor.id == container.id:
            show(event.action, moment)
        else:
            others[event.action] += 1
    print(f"events of the {COUNT} containers:", ", ".join(f"{count} {action}" for action, count in others.items()))


async def clean_up(docker: Docker) -> None:
    """Remove all containers with the label. A cancelled create may complete late, so look a second time."""
    for pause in (0.0, 0.5):
        await asyncio.sleep(pause)
        for left in await docker.containers.list(all=True, filters={"label": LABEL}):
            with suppress(errors.NotFound, errors.Conflict):  # already removed, or being removed
                await docker.containers.remove(left.id, force=True, volumes=True)


async def demo(docker: Docker) -> None:
    await show_engine(docker)
    listening = asyncio.Event()
    seen: list[tuple[float, EventMessage]] = []
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watch(docker, listening, seen))
        await listening.wait()
        container = await follow_log(docker)
        await run_command(docker, container)
        await show_stats(container)
        await run_many(docker)
        await container.stop(timeout=5)
        await container.remove()
        async with asyncio.timeout(10):  # the timeout of the call
            await watching
    show_events(container, seen)
    left = await docker.containers.list(all=True, filters={"label": LABEL})
    print(f"\nDone in {time.monotonic() - STARTED:.1f} s; {len(left)} containers left.")


async def main() -> None:
    async with Docker() as docker:
        await docker.negotiate()  # the first call does this otherwise; here it fails if there is no engine
        try:
            await demo(docker)
        finally:
            await clean_up(docker)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (errors.ConfigurationError, errors.TransportError, errors.UnsupportedVersion) as error:
        print(f"No Docker engine available: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nInterrupted; all containers have been removed.", file=sys.stderr)
        sys.exit(130)
