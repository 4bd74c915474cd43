"""Break a run of `cleaner run` at random moments, on data of your own, and see whether it comes to the same end.

    python benchmarks/faults.py IN WORK [--kills 50] [--full 20 --disk DIR] [--cleaner "cleaner"] [--seed 1] [-- OPTIONS]

The run is made once undisturbed; IN is only read, outputs go below WORK. Then, as often as told, it is begun anew and killed
(SIGKILL) at a random moment: its main process, one of its workers, or all of them; and the same command goes on with it. At
the end all files must be what they were undisturbed, byte by byte, with no temporary file among them, no process left, and,
while the run was interrupted, a mark that says so.

`--full` fills a disk: DIR is a folder on a small file system of its own (as root: `mount -t tmpfs -o size=200m tmpfs DIR`),
in which a file takes all but a random number of bytes. The run must end with exit code 2 and one line, and, after that file
is gone, come to the same end.
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

STATE = ".state"  # of the run itself, and no part of its result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--full", type=int, default=0)
    parser.add_argument("--disk", type=Path)
    parser.add_argument("--cleaner", default="cleaner")
    parser.add_argument("--seed", type=int, default=1)
    own = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    args = parser.parse_args(own)
    if args.full and not args.disk:
        parser.error("--full needs --disk")
    pick = random.Random(args.seed)
    options = sys.argv[len(own) + 2 :]
    args.work.mkdir(parents=True, exist_ok=True)
    bench = Bench([*shlex.split(args.cleaner), "run", str(args.input)], options, args.work)
    print(f"undisturbed: {bench.seconds:.1f} s, {len(bench.wanted)} files", flush=True)
    for what, count in (("main", args.kills), ("worker", args.kills), ("all", args.kills)):
        share = [count // 3 + (i < count % 3) for i in range(3)][("main", "worker", "all").index(what)]
        if share:
            results = Counter(bench.killed(what, pick) for _ in range(share))
            print(f"killed {what}: {results.pop('', 0)} of {share} the same{_others(results)}", flush=True)
    if args.full:
        results = Counter(bench.full(args.disk, pick) for _ in range(args.full))
        print(f"disk full: {results.pop('', 0)} of {args.full} the same{_others(results)}", flush=True)


def _others(results: Counter[str]) -> str:
    return "".join(f"; {n} x {what}" for what, n in results.items())


class Bench:
    """The command, and what it comes to undisturbed."""

    def __init__(self, command: list[str], options: list[str], work: Path) -> None:
        self.command, self.options, self.out = command, options, work / "out"
        self._clear(self.out)
        begun = time.monotonic()
        done = self._done(self.out)
        self.seconds = time.monotonic() - begun
        self.code, self.wanted = done.returncode, contents(self.out)
        assert self.wanted, done.stderr.decode(errors="replace")
        self.bytes = sum(path.stat().st_size for path in self.out.rglob("*") if path.is_file())

    @staticmethod
    def _clear(out: Path) -> None:
        shutil.rmtree(out, ignore_errors=True)

    def _started(self, out: Path) -> subprocess.Popen[bytes]:
        command = [*self.command, str(out), *self.options]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)

    def _done(self, out: Path) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([*self.command, str(out), *self.options], capture_output=True, check=False)

    def killed(self, what: str, pick: random.Random) -> str:
        """Begin the run, kill what is named at a random moment, and go on; what is wrong then, "" for nothing."""
        self._clear(self.out)
        child = self._started(self.out)
        time.sleep(pick.uniform(0, self.seconds))
        if what == "worker":
            workers = children(child.pid)
            if workers:
                kill(pick.choice(workers))
            code = child.wait()
            if code != self.code:
                return f"exit code {code} with a worker killed"
        elif child.poll() is None:
            kill(child.pid) if what == "main" else os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if left_behind(child.pid):
                return "processes left behind"
            if contents(self.out) != self.wanted and any(self.out.iterdir() if self.out.exists() else ()):
                begun = (self.out / STATE).exists() and (self.out / STATE / "settings.json").exists()
                if begun and not (self.out / "UNFINISHED").exists():
                    return "no mark on what was interrupted"
        return self._compared(self.out)

    def full(self, disk: Path, pick: random.Random) -> str:
        """Run on a disk that gets full at a random moment, make space, and go on; what is wrong then, "" for nothing."""
        out, ballast = disk / "out", disk / "ballast"
        self._clear(out)
        ballast.unlink(missing_ok=True)
        free = shutil.disk_usage(disk).free - pick.randrange(self.bytes)
        with open(ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free))
        done = self._done(out)
        said = done.stderr.decode(errors="replace")
        ballast.unlink()
        if done.returncode == self.code and contents(out) == self.wanted:
            return ""  # there was enough space after all
        if done.returncode != 2 or "Traceback" in said or "fault in cleaner" in said or "o space left" not in said:
            return f"exit code {done.returncode}: {said.strip()[-200:]}"
        return self._compared(out)

    def _compared(self, out: Path) -> str:
        done = self._done(out)
        if done.returncode != self.code:
            return f"exit code {done.returncode} when it went on: {done.stderr.decode(errors='replace').strip()[-200:]}"
        found = contents(out)
        if found == self.wanted:
            return "" if not list((out / STATE / "tmp").iterdir()) else "temporary files left"
        odd = sorted(name for name in {*found, *self.wanted} if found.get(name) != self.wanted.get(name))
        return f"other files: {', '.join(odd[:3])}"


def contents(out: Path) -> dict[str, bytes]:
    """Every file of a result, by its path."""
    paths = (path for path in out.rglob("*") if path.is_file())
    return {name: path.read_bytes() for path in paths if (name := str(path.relative_to(out))).split("/")[0] != STATE}


def children(parent: int) -> list[int]:
    """The processes that a process has started and that are there."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


def kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def left_behind(group: int) -> bool:
    """Whether a process of a group is still there after two seconds."""
    for _ in range(40):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True


if __name__ == "__main__":
    main()
