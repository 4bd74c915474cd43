"""Patches of what cleaning removes, applied and reversed by git: do they give the cleaned file, and the source back?

    python benchmarks/patches.py FILE [FILE ...] [--pages N]

FILE is a text file, a folder of them, or JSON lines (.jsonl.gz) whose field "dirty" is a text with boilerplate. The first N
texts of all are written as files, every third with CRLF, every fifth without a line feed at its end; `cleaner clean --patch`
makes one patch of all of them, and `git apply` takes it and takes it back.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cleaner import records


def texts(names: list[str]) -> Iterator[bytes]:
    """The bytes of every text that the files have."""
    for name in names:
        if name.endswith(".jsonl.gz"):
            with gzip.open(name, "rt", encoding="utf-8") as file:
                for line in file:
                    if text := json.loads(line).get("dirty"):
                        yield text.encode(errors="replace")
        else:
            paths = sorted(Path(name).rglob("*.txt")) if Path(name).is_dir() else [Path(name)]
            yield from (path.read_bytes() for path in paths)


def laid_out(data: bytes, number: int) -> bytes:
    """A text with other line ends, now and then. UTF-16 is left alone: its line ends are no single bytes."""
    if records.decode(data)[1].startswith("utf-16"):
        return data
    if number % 3 == 2:
        data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return data.rstrip(b"\r\n") if number % 5 == 4 else data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--pages", type=int, default=500)
    options = parser.parse_args()
    sources = [laid_out(data, n) for n, data in zip(range(options.pages), texts(options.files), strict=False)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n, data in enumerate(sources):
            (folder / f"{n:04}.txt").write_bytes(data)

        def run(*command: str, stdin: bytes = b"") -> bytes:
            return subprocess.run(command, cwd=folder, input=stdin, stdout=subprocess.PIPE, check=True).stdout

        def state() -> list[bytes]:
            return [(folder / f"{n:04}.txt").read_bytes() for n in range(len(sources))]

        cleaner = (sys.executable, "-m", "cleaner", "clean")
        patch = run(*cleaner, "--patch", ".")
        run("git", "apply", "-", stdin=patch)
        applied = state()
        run("git", "apply", "-R", "-", stdin=patch)
        reversed_ = state()
        run(*cleaner, "--in-place", ".")
        cleaned = state()
    changed = sum(a != b for a, b in zip(sources, cleaned, strict=True))
    print(f"{len(sources)} files, {changed} changed by cleaning, a patch of {len(patch):,} bytes")
    print(f"applied, not what --in-place makes: {sum(a != b for a, b in zip(applied, cleaned, strict=True))}")
    print(f"reversed, not the source: {sum(a != b for a, b in zip(reversed_, sources, strict=True))}")


if __name__ == "__main__":
    main()
