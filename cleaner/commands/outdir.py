"""The directory that a run writes: whose it is, who works on it, what is half done in it, and whether it is done.

OUT/.state/             what a run needs to go on where it was stopped, and to do nothing twice
OUT/.state/tmp/         files that are being written
OUT/.state/done.json    of a run that came to its end: what it was told, what it read, and what it left
OUT/UNFINISHED          is there for as long as the rest is not whole
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from cleaner import records
from cleaner.commands.messages import Usage
from cleaner.journal import Journal
from cleaner.records import remote

UNFINISHED = "UNFINISHED"
_STATE = ".state"
_MARK = "This run has not come to its end: the same command again goes on with it.\n"
_GRAIN = 2_000_000_000  # nanoseconds, see journal


class OutDirectory:
    """The output directory of a run, which is locked for as long as this is open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = path / _STATE
        self.temporary = self.state / "tmp"
        self._made: set[Path] = set()

    @contextmanager
    def opened(self) -> Iterator[OutDirectory]:
        """Make what is missing, and keep others out. Raises Usage where another run is at it."""
        import fcntl

        self.temporary.mkdir(parents=True, exist_ok=True)
        with open(self.state / "lock", "a") as lock:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # of this process alone: workers do not inherit it
            except OSError:
                raise Usage(f"{self.path}: another run is at work on it") from None
            self._sweep()
            yield self

    def _sweep(self) -> None:
        """Remove what a run that was killed had begun to write."""
        for name in os.listdir(self.temporary):
            (self.temporary / name).unlink()

    def journal(self, name: str) -> Journal:
        """A journal of the run's."""
        return Journal(self.state / name)

    def begin(self) -> None:
        """Say that what is here is not whole."""
        (self.state / "done.json").unlink(missing_ok=True)
        self.write(UNFINISHED, [_MARK.encode()])

    def write(self, name: str, data: Iterable[bytes]) -> int:
        """Write a file, whole or not at all; its size."""
        return write_into(self.path / name, data, self.temporary, self._made)

    def size(self, name: str) -> int | None:
        """The size of a file, None where it is not there."""
        try:
            return os.stat(f"{self.path}/{name}").st_size
        except OSError:
            return None

    def remove(self, name: str) -> None:
        """Remove a file that a run wrote, and the folders that are empty then."""
        path = self.path / name
        path.unlink(missing_ok=True)
        with suppress(OSError):
            for folder in path.parents:
                if folder == self.path:
                    break
                folder.rmdir()
                self._made.discard(folder)

    def settings(self) -> dict[str, str]:
        """What the run before was told, whether or not it came to its end."""
        return self._loaded("settings.json")

    def keep_settings(self, settings: Mapping[str, str]) -> None:
        """Remember what this one is told."""
        self.write(f"{_STATE}/settings.json", [json.dumps(settings).encode()])

    def _loaded(self, name: str) -> dict[str, str]:
        with suppress(OSError, records.Unreadable):
            found = records.loads((self.state / name).read_bytes())
            return found if isinstance(found, dict) else {}
        return {}

    def end(self, settings: Mapping[str, str], read: str) -> None:
        """Say that all is done: `read` is the listing of the input, from before it was read; "" where something of it is to
        be tried again."""
        (self.path / UNFINISHED).unlink(missing_ok=True)
        done = {**settings, "read": read, "written": listing(self.path, times=False)[0]}
        self.write(f"{_STATE}/done.json", [json.dumps(done).encode()])

    def is_done(self, settings: Mapping[str, str], read: str, newest: int) -> bool:
        """Whether a run that was told the same came to its end, read what is there now, and left what is there now.

        `read` is the listing of the input, and `newest` when a file of it was changed last.
        """
        done = self._loaded("done.json")
        if not done or {key: done.get(key) for key in settings} != dict(settings):
            return False
        before = (self.state / "done.json").stat().st_mtime_ns - _GRAIN
        return newest < before and done.get("read") == read and done.get("written") == listing(self.path, times=False)[0]


def write_into(path: Path, data: Iterable[bytes], temporary: Path, made: set[Path]) -> int:
    """Write a file by way of a temporary one in another folder; its size. Folders that are `made` are not made again."""
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in data:
            size += len(piece)
            yield piece

    if path.parent not in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        made.add(path.parent)
    records.write_atomically(path, counted(), beside=temporary)
    return size


def listing(top: str | Path, times: bool = True) -> tuple[str, int]:
    """What tells whether anything below a directory, or a file itself, was changed: a fingerprint of the names, sizes and
    `times` of all files but hidden ones; and when one was changed last, in nanoseconds: it may be again, within the clock's
    grain, without showing it."""
    whole, newest = blake2b(digest_size=16), 0
    for name, said, changed in _listed(top):
        newest = max(newest, changed)
        whole.update(f"{name}\0{said} {changed if times else 0}\0".encode(errors="surrogatepass"))
    return whole.hexdigest(), newest


def _listed(top: str | Path) -> Iterator[tuple[str, str, int]]:
    if remote.is_remote(top):
        for url in remote.files(str(top)):
            size, changed = remote.stat(url)
            yield url, str(size), changed
        return
    for name, stat in _files(str(top), "") if os.path.isdir(top) else [("", os.stat(top))]:
        yield name, f"{stat.st_mode} {stat.st_size}", stat.st_mtime_ns


def _files(folder: str, name: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield name, os.stat_result(range(10))  # it cannot be read: that is so as well
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{name}/{entry.name}")
        else:
            try:
                yield f"{name}/{entry.name}", entry.stat()
            except OSError:
                yield f"{name}/{entry.name}", entry.stat(follow_symlinks=False)


def check(target: Path) -> None:
    """Raises Usage where a directory holds something else than what a run wrote."""
    if not target.exists() or not any(target.iterdir()):
        return
    if (target / _STATE / "lock").exists():
        return
    try:
        rows = [records.loads(line) for line in (target / "manifest.jsonl").read_bytes().splitlines()]
        known = all(isinstance(row, dict) and "input" in row for row in rows)
    except (OSError, records.Unreadable):
        known = False
    if not known:
        raise Usage(f"{target}: neither empty nor the output of an earlier run")
