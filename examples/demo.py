"""The main job of aiodockerapi in one script: run it, read it, copy from it.

    python examples/demo.py

It talks to the engine that DOCKER_HOST names, or to the one on the local socket, and removes all that it makes, also when it
fails or is interrupted with Ctrl-C. It runs the image ``busybox``, which is fetched if the engine does not have it.
"""

import asyncio
import secrets
import sys
import time
from collections import Counter
from contextlib import suppress

from aiodockerapi import Container, Docker, errors
from aiodockerapi.models import ContainerCreateRequest, EventMessage, ExecConfig

IMAGE = "busybox"
CROWD = 20

# Everything that this script makes bears the label, so that it finds its own events and what it has to remove.
LABEL = f"aiodockerapi.demo={secrets.token_hex(4)}"
LABELS = dict([LABEL.split("=")])

STARTED = time.monotonic()

# Writes a line now and then, and goes on until it is stopped.
SCRIPT = """
trap 'echo "stopping"; exit 0' TERM
for dish in soup fish cake; do echo "serving $dish"; sleep 0.4; done
echo "out of bread" >&2; sleep 0.2
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
    print(f"speaks API {version.min_api_version} to {version.api_version}; agreed on: {docker.api_version}")
    # From the image to the exit code in one call; it fetches the image if it is missing.
    hello = await docker.containers.run(IMAGE, ["echo", "hello"], config={"Labels": LABELS}, auto_remove=True)
    print(f"{IMAGE} says {hello.stdout.decode().strip()}, exit code {hello.exit_code}")


async def follow_log(docker: Docker) -> Container:
    heading("A container, and its log as it is written")
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


async def run_command(docker: Docker, container: Container) -> None:
    heading("A command in that container: `sort`, fed through its stdin")
    config = ExecConfig(cmd=["sort"], attach_stdin=True, attach_stdout=True, attach_stderr=True)
    command = await container.exec_create(config)
    async with docker.exec.start(command.id) as process:
        for word in ("pear", "apple", "fig"):
            show(f"stdin:  {word}")
            await process.send(f"{word}\n")
        show("stdin:  (closed)")
        await process.send_eof()  # only its input ends: sort begins to write now
        async for line in process.lines():
            show(f"{line.stream}: {line.text}")
    # The same in one call, when there is nothing to watch:
    result = await container.exec_run(["sh", "-c", "wc -c; exit 3"], stdin=b"twelve bytes")
    show(f"`wc -c; exit 3` wrote {result.stdout.decode().strip()} and ended with exit code {result.exit_code}")


async def show_stats(container: Container) -> None:
    heading("What it uses: one sample")
    sample = await container.stats()
    if sample.memory_stats and sample.memory_stats.usage is not None:
        print(f"memory     {sample.memory_stats.usage / 2**20:.1f} MiB")
    if sample.cpu_stats and sample.cpu_stats.cpu_usage:
        print(f"processor  {sample.cpu_stats.cpu_usage.total_usage / 1e6:.0f} ms since its start")
    if sample.pids_stats and sample.pids_stats.current is not None:
        print(f"processes  {sample.pids_stats.current}")


async def whole_life(docker: Docker, number: int) -> str:
    """Create, start, wait, logs, remove: what one of the many goes through."""
    # A body is a model as above, or a mapping as the Engine API has it.
    request = {"Image": IMAGE, "Cmd": ["echo", f"hello from {number}"], "Labels": LABELS}
    created = await docker.containers.create(request)
    container = docker.container(created.id)
    async with container.wait(condition="next-exit") as waiting:  # armed before the start: no exit comes too early
        await container.start()
        ended = await waiting.result()
    output = await container.logs()
    await container.remove()
    return f"{output.stdout.decode().strip()}, exit code {ended.status_code}"


async def run_crowd(docker: Docker) -> None:
    heading(f"{CROWD} containers at once: create, start, wait, logs, remove")
    before = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        lives = [tasks.create_task(whole_life(docker, number)) for number in range(1, CROWD + 1)]
    seconds = time.monotonic() - before
    print(f"the first: {lives[0].result()}")
    print(f"the last:  {lives[-1].result()}")
    print(f"all {CROWD}:    {seconds:.2f} s, {seconds / CROWD * 1000:.0f} ms each")


async def watch(docker: Docker, listening: asyncio.Event, seen: list[tuple[float, EventMessage]]) -> None:
    """Note every event of our containers with the moment at which it came, until the last of them is gone."""
    left = 1 + CROWD
    async with docker.system.events(filters={"label": LABEL}) as events:
        listening.set()
        async for event in events:
            seen.append((time.monotonic(), event))
            left -= event.action == "destroy"
            if not left:
                return


def show_events(container: Container, seen: list[tuple[float, EventMessage]]) -> None:
    heading("What a second task saw meanwhile: the engine's events")
    others: Counter[str] = Counter()
    for moment, event in seen:
        if event.actor and event.actor.id == container.id:
            show(event.action, moment)
        else:
            others[event.action] += 1
    print(f"and of the {CROWD}:", ", ".join(f"{count} {action}" for action, count in others.items()))


async def clean_up(docker: Docker) -> None:
    """Remove whatever bears our label. A create that was cut off may come to its end only now: hence a second look."""
    for pause in (0.0, 0.5):
        await asyncio.sleep(pause)
        for left in await docker.containers.list(all=True, filters={"label": LABEL}):
            with suppress(errors.NotFound, errors.Conflict):  # gone, or going
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
        await run_crowd(docker)
        await container.stop(timeout=5)
        await container.remove()
        async with asyncio.timeout(10):  # a deadline is the caller's, here as everywhere
            await watching
    show_events(container, seen)
    left = await docker.containers.list(all=True, filters={"label": LABEL})
    print(f"\nDone in {time.monotonic() - STARTED:.1f} s; {len(left)} containers of ours are left.")


async def main() -> None:
    async with Docker() as docker:
        await docker.negotiate()  # the first call would do it; here it tells whether there is an engine
        try:
            await demo(docker)
        finally:
            await clean_up(docker)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (errors.ConfigurationError, errors.TransportError, errors.UnsupportedVersion) as error:
        print(f"There is no Docker engine to show this on: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nInterrupted; all that was made is removed again.", file=sys.stderr)
        sys.exit(130)
