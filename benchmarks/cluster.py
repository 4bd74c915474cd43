"""Run a collection on a Ray cluster of two nodes on this machine, each held to so much memory, and on processes.

    python benchmarks/cluster.py COUNT WORK [--memory 4096] [--store 200] [--port 6390]

As root on Linux, with Ray (`article-cleaner[ray]`) in the environment of this Python. COUNT made articles of 1,000 to 1,500
characters, one in twenty a copy of an earlier one, whole or cut, go below WORK, and so do the outputs. Each node, one of
Ray's processors, lives in a control group of its own with --memory megabytes; the run itself is in the first. --store is
the object store of a node. Both runs are `--copies-only`. Their files must be the same. Printed is what both cost: the CPU
of all processes, and the peaks of memory, sampled twice a second, of the run's main process and of everything on each node
(without the files that the system caches, which it gives up when memory gets short).

A run that does not fit is killed by the system, and says so here by its exit code.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
IS_V2 = (CGROUPS / "cgroup.controllers").exists()
SAMPLED = 0.5  # seconds
IN_A_FILE = 10_000
COMMON = ["the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "with", "as", "be", "at", "by"]
SYLLABLES = [start + vowel for start in "bdfgklmnprstv" for vowel in ("a", "e", "i", "o", "u", "ai", "ou")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("work", type=Path)
    parser.add_argument("--memory", type=int, default=4096)
    parser.add_argument("--store", type=int, default=200)
    parser.add_argument("--port", type=int, default=6390)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    given = args.work / f"articles-{args.count}"
    if not given.exists():
        make(args.count, given)
    with nodes(args) as (env, groups):
        on_ray = run(given, args.work / "ray", groups, env, "--engine", "ray", "--address", f"127.0.0.1:{args.port}")
    alone = Group("alone")
    try:
        here = run(given, args.work / "processes", [alone], dict(os.environ), "--workers", "2")
    finally:
        alone.end()
    print(f"CPU of the cluster / of processes: {on_ray / here:.2f}")
    one, other = (contents(args.work / name) for name in ("ray", "processes"))
    odd = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    print(f"{len(one)} files: {'identical' if not odd else 'other: ' + ', '.join(odd[:5])}")
    return bool(odd)


def make(count: int, where: Path) -> None:
    """Made articles, as JSON lines."""
    pick = random.Random(1)
    words = sorted({"".join(pick.choices(SYLLABLES, k=pick.randint(1, 4))) + pick.choice("nsrl") for _ in range(30_000)})

    def word() -> str:  # squared, so that some are rare
        return pick.choice(COMMON) if pick.random() < 0.45 else words[int(len(words) * pick.random() ** 2)]

    def sentence() -> str:
        return f"{' '.join(word() for _ in range(15)).capitalize()}."

    where.mkdir()
    earlier: list[tuple[str, list[str]]] = []
    for start in range(0, count, IN_A_FILE):
        with open(where / f"{start // IN_A_FILE:04}.jsonl", "w", encoding="utf-8") as out:
            for i in range(start, min(count, start + IN_A_FILE)):
                site, day = pick.randrange(200), datetime.date(2024, 1, 1) + datetime.timedelta(days=pick.randrange(730))
                if earlier and pick.random() < 0.05:
                    title, told = pick.choice(earlier)
                    told = told[: len(told) - pick.randrange(2)]
                else:
                    size = pick.randint(1000, 1500)
                    title, told = sentence()[:70], []
                    while sum(map(len, told)) < size:
                        told.append(f"{sentence()} {sentence()}")
                    earlier = [*earlier[-999:], (title, told)] if pick.random() < 0.05 else earlier
                text = "\n\n".join([*told, f"Sign up for the daily letter of the paper of site {site} here."])
                url = f"https://www.site{site}.example/{day:%Y/%m}/{i}"
                row = {"id": f"a{i:07}", "title": title, "date": day.isoformat(), "url": url, "text": text}
                out.write(json.dumps(row) + "\n")


class Group:
    """A control group: who is in it, what it may use, and what it used."""

    def __init__(self, name: str, memory: int = 0) -> None:
        name = f"cleaner-{os.getpid()}-{name}"
        self._memory, self._cpu = (CGROUPS / kind / name for kind in (("", "") if IS_V2 else ("memory", "cpuacct")))
        for folder in {self._memory, self._cpu}:
            folder.mkdir()
        if memory:
            (self._memory / ("memory.max" if IS_V2 else "memory.limit_in_bytes")).write_text(str(memory))
        self.peak = 0

    def enter(self) -> None:
        """Put this process into it."""
        for folder in {self._memory, self._cpu}:
            (folder / "cgroup.procs").write_text("0")

    def cpu(self) -> float:
        """Seconds that were used so far."""
        if IS_V2:
            return int((self._cpu / "cpu.stat").read_text().split()[1]) / 1e6
        return int((self._cpu / "cpuacct.usage").read_text()) / 1e9

    def sample(self) -> None:
        """Look at what memory is in use: of processes, and shared."""
        stat = dict(line.split() for line in (self._memory / "memory.stat").read_text().splitlines())
        names = ("anon", "shmem") if IS_V2 else ("total_rss", "total_shmem")
        self.peak = max(self.peak, sum(int(stat.get(name, 0)) for name in names))

    def end(self) -> None:
        """Kill who is in it, and remove it."""
        for _ in range(50):
            found = (self._memory / "cgroup.procs").read_text().split()
            for process in found:
                with suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
            if not found:
                break
            time.sleep(0.1)
        for folder in {self._memory, self._cpu}:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def nodes(args: argparse.Namespace) -> Iterator[tuple[dict[str, str], list[Group]]]:
    """A cluster of two nodes: the environment of who may speak to it, and the groups of the nodes."""
    token = args.work / "ray.token"
    token.write_text(secrets.token_hex())
    env = {**os.environ, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token.resolve()), "RAY_worker_niceness": "0"}
    groups = [Group(name, args.memory << 20) for name in ("first", "second")]
    ray = [str(Path(sys.executable).with_name("ray")), "start", "--num-cpus", "1", "--disable-usage-stats"]
    ray += ["--object-store-memory", str(args.store << 20), "--memory", str((args.memory - args.store) << 20 >> 1)]
    head = ["--head", "--port", str(args.port), "--node-ip-address", "127.0.0.1", "--include-dashboard", "false"]
    try:
        for group, more in zip(groups, (head, ["--address", f"127.0.0.1:{args.port}"]), strict=True):
            subprocess.run([*ray, *more], env=env, stdout=subprocess.DEVNULL, check=True, preexec_fn=group.enter)
        print(f"starting the cluster: {sum(group.cpu() for group in groups):.1f} s of CPU", flush=True)
        yield env, groups
    finally:
        for group in groups:
            group.end()


def run(given: Path, out: Path, groups: list[Group], env: dict[str, str], *options: str) -> float:
    """Run it within the first of the groups; the seconds of CPU of all of them."""
    before, begun = sum(group.cpu() for group in groups), time.monotonic()
    temporary = out.with_name(f"{out.name}-tmp")  # on the disk, where /tmp may be memory
    temporary.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "cleaner", "run", str(given), str(out), "--copies-only", *options]
    child = subprocess.Popen(
        command, env={**env, "TMPDIR": str(temporary.resolve())}, stdout=subprocess.DEVNULL, preexec_fn=groups[0].enter
    )
    ended = threading.Event()
    main: list[int] = []

    def watch() -> None:
        while not ended.wait(SAMPLED):
            for group in groups:
                group.sample()
            with suppress(OSError, StopIteration, IndexError):
                status = Path(f"/proc/{child.pid}/status").read_text().splitlines()
                main.append(int(next(line for line in status if line.startswith("RssAnon")).split()[1]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = child.wait()
    ended.set()
    watcher.join()
    cpu, wall = sum(group.cpu() for group in groups) - before, time.monotonic() - begun
    peaks = ", ".join(f"{group.peak >> 20:,} MB" for group in groups)
    print(f"{out.name}: exit code {code}, {cpu:.1f} s of CPU, {wall:.0f} s", end="; ")
    print(f"peaks: main process {max(main, default=0) >> 10:,} MB, everything {peaks}", flush=True)
    if code:
        sys.exit(f"{out.name} did not end well")
    return cpu


def contents(out: Path) -> dict[str, str]:
    """A fingerprint of every file of a result, by its path."""
    found = {}
    for path in out.rglob("*"):
        name = str(path.relative_to(out))
        if path.is_file() and name.split("/")[0] != ".state":
            with open(path, "rb") as file:
                whole = blake2b()
                while data := file.read(1 << 20):
                    whole.update(data)
            found[name] = whole.hexdigest()
    return found


if __name__ == "__main__":
    sys.exit(main())
