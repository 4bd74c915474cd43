"""Finding the inputs: paths, `-`, formats by suffix and by bytes, compression."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from cleaner.model import Failure
from cleaner.records import remote
from cleaner.records.encodings import LARGEST, SNIFF, Unreadable
from cleaner.records.sniffing import BY_SUFFIX, XML, checked, sniff

_COMPRESSIONS = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd", ".bz2": b"BZh", ".xz": b"\xfd7zXZ\x00"}


@dataclass(frozen=True, slots=True)
class Source:
    """One input: `name` as messages and ids show it, `rel` its path in an output tree, `file` None for standard input.

    `named` tells a file that was named from one that was found in a directory. `stream` is set for what can be read only
    once (standard input, a pipe): it is looked at first and read afterwards. `size` is the file's, in bytes, and `changed`
    when it was changed last, in nanoseconds. No article of it may have more than `largest` bytes, decompressed.
    """

    name: str
    rel: str
    file: str | Path | None
    format: str
    compression: str = ""
    named: bool = True
    stream: IO[bytes] | None = None
    size: int = 0
    changed: int = 0
    largest: int = LARGEST

    @property
    def single(self) -> bool:
        """Whether the input is one article (text, html) and not records."""
        return self.format in ("text", "html")

    @property
    def path(self) -> Path | None:
        """The path of a file on this machine; None for standard input, and for what is remote."""
        return None if self.file is None or remote.is_remote(self.file) else Path(self.file)

    @property
    def folder(self) -> str:
        """The name of the folder that the input lies in; "" for standard input."""
        return "" if self.file is None else os.path.dirname(self.file) or "."


def discover(
    paths: Iterable[str], given: str | None, on_failure: Callable[[Failure], None], on_skip: Callable[[str, str], None]
) -> Iterator[Source]:
    """The inputs that the paths name: files, directories (recursively, in sorted order, hidden names passed over), `-`.

    A URL is a file, or all that is below it (see remote). `given` is the format that --from names. What cannot be used goes
    to `on_failure`; what is passed over in a directory goes to `on_skip` with its name and the reason.
    """
    for name in paths:
        if not name:
            on_failure(Failure("''", "an empty path"))
            continue
        path = None if name == "-" else Path(name)
        try:
            if remote.is_remote(name) and (files := remote.files(name)) != [name]:
                yield from _walk(name, files, given, on_failure, on_skip)
                continue
            if remote.is_remote(name):
                yield _identified(Source(name, name.rsplit("/", 1)[1], name, given or ""))
                continue
            if path and path.is_dir():
                yield from _walk(str(path), _files(str(path) if str(path) != "." else ""), given, on_failure, on_skip)
                continue
            if path and not path.exists():
                raise Unreadable("no such file or directory")
            yield _identified(Source(name, path.name if path else "stdin", path, given or ""))
        except (Unreadable, OSError) as error:
            on_failure(Failure(name, reason(error)))


def _walk(
    top: str,
    paths: Iterable[str | Failure],
    given: str | None,
    on_failure: Callable[[Failure], None],
    on_skip: Callable[[str, str], None],
) -> Iterator[Source]:
    found = failed = False
    start = len(top) + (not top.endswith("/")) if top != "." else 0
    for path in paths:
        if isinstance(path, Failure):
            failed = True
            on_failure(path)
            continue
        if not _is_file(path):
            on_skip(path, "not a regular file")
            continue
        suffix, _ = _suffixes(os.path.basename(path))
        if suffix == _ADDRESS and _is_file(path[: -len(suffix)]):
            continue  # it is told of the page beside it
        if not given and suffix and suffix not in BY_SUFFIX:
            on_skip(path, f"{suffix} is no format of ours")
            continue
        try:
            source = _identified(Source(path, path[start:], path, given or "", named=False))
        except Unreadable as error:
            on_skip(path, str(error))
        except OSError as error:
            failed = True
            on_failure(Failure(path, reason(error)))
        else:
            found = True
            yield source
    if not found and not failed:
        on_failure(Failure(top, "a directory without articles"))


def _is_file(path: str | Path) -> bool:
    return remote.is_file(str(path)) if remote.is_remote(path) else os.path.isfile(path)


def opened_raw(file: str | Path, block: int = 1 << 18) -> Any:
    """The bytes of a file as they stand."""
    return remote.opened(str(file)) if remote.is_remote(file) else open(file, "rb", buffering=block)


def stat_of(file: str | Path, stream: Any = None) -> tuple[int, int]:
    """The size of a file, which may be open, and when it was changed last, in nanoseconds."""
    if remote.is_remote(file):
        return remote.stat(str(file))
    stat = os.stat(file) if stream is None else os.fstat(stream.fileno())
    return stat.st_size, stat.st_mtime_ns


def _files(folder: str) -> Iterator[str | Failure]:
    """Everything below a folder that is no folder, in sorted order; hidden names and linked folders are passed over."""
    try:
        with os.scandir(folder or ".") as entries:
            found = sorted((entry.name, entry) for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        yield Failure(folder or ".", reason(error))
        return
    for name, entry in found:
        path = os.path.join(folder, name)
        if entry.is_dir(follow_symlinks=False):
            yield from _files(path)
        elif not entry.is_symlink() or not os.path.isdir(path):  # which a loop of links is not
            yield path


def _suffixes(name: str) -> tuple[str, str]:
    """The format's and the compression's suffix of a file name, lower-case; "" where there is none."""
    stem, suffix = os.path.splitext(name.lower())
    if suffix in _COMPRESSIONS:
        return os.path.splitext(stem)[1], suffix
    return suffix, ""


def _identified(source: Source) -> Source:
    """The source with its format and compression: by suffix, then by its bytes. Raises Unreadable for a binary file."""
    suffix, _ = _suffixes(source.rel)
    known = source.format or BY_SUFFIX.get(suffix, "")
    if source.file is None or not _is_file(source.file):
        unbuffered: Any = sys.stdin.buffer if source.file is None else open(source.file, "rb")  # noqa: SIM115 (it is read later)
        raw = io.BufferedReader(_Rejoined(unbuffered), SNIFF)
        compression = _compression(peeked(raw, 6))
        stream = _decompressed(raw, compression)
        head = peeked(stream, SNIFF)
        format = checked(known, head, bool(source.format)) or sniff(head, suffix)
        return replace(source, compression=compression, stream=stream, format=format)
    with opened_raw(source.file, SNIFF) as file:
        head = peeked(file, SNIFF)
        size, changed = stat_of(source.file, file)
    source = replace(source, compression=_compression(head), size=size, changed=changed)
    if known and source.compression and known != XML:
        return replace(source, format=known)
    if source.compression:
        with opened(source) as stream:
            head = peeked(stream, SNIFF)
    return replace(source, format=checked(known, head, bool(source.format)) or sniff(head, suffix))


class _Rejoined(io.RawIOBase):
    """A stream whose first line, or first bytes where it is long, are read at once, so that they can be looked at: a pipe
    may bring them in pieces."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._head = b""
        while len(self._head) < SNIFF and b"\n" not in self._head:
            more = self._stream.read1(SNIFF)
            if not more:
                break
            self._head += more

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._stream.read1(len(buffer))
        self._head = self._head[len(data) :] if self._head else b""
        buffer[: len(data)] = data
        return len(data)


def _compression(head: bytes) -> str:
    return next((suffix for suffix, magic in _COMPRESSIONS.items() if head.startswith(magic)), "")


def peeked(stream: Any, size: int) -> bytes:
    """What a stream begins with, which stays in it. Raises Unreadable."""
    try:
        return bytes(stream.peek(size)[:size])
    except EOFError as error:  # of a decompressor: reading it will say so again
        raise Unreadable("the compressed data ends too early") from error
    except Exception as error:
        raise Unreadable(f"damaged compressed data ({reason(error)})") from error


def _decompressed(raw: Any, compression: str) -> Any:
    if not compression:
        return raw
    if compression == ".zst":
        import zstandard

        unpacked: Any = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
    else:
        opener: Any = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}[compression]
        unpacked = opener(raw)
    return io.BufferedReader(_Capped(unpacked, raw), SNIFF)


class _Capped(io.RawIOBase):
    """What is decompressed, until it is far more than there can be of articles: a bomb."""

    _FREE = 64 << 20  # bytes that may come of anything
    _RATIO = 200  # bytes of one; news text has some 3 to 10, and gzip's utmost is 1,032

    def __init__(self, unpacked: Any, raw: Any) -> None:
        self._unpacked, self._raw = unpacked, raw
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._unpacked.readinto(buffer)
        self._count += count
        if self._count > self._FREE and self._raw.seekable() and self._count > self._RATIO * self._raw.tell():
            raise Unreadable(f"decompresses to more than {self._RATIO} times its size")
        return count

    def seekable(self) -> bool:
        return bool(self._unpacked.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._unpacked.seek(offset, whence))

    def tell(self) -> int:
        return int(self._unpacked.tell())

    def close(self) -> None:
        self._unpacked.close()
        self._raw.close()
        super().close()


class _Rereadable(io.RawIOBase):
    """A stream that is read once, kept in a temporary file as it is read, and read again from there."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it is read later)
        self._again = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = (self._file.read if self._again else self._stream.read1)(len(buffer))
        if not self._again:
            self._file.write(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Whoever closes it has read it: the next one reads what was kept."""
        self._file.seek(0)
        self._again = True


def rereadable(source: Source) -> Source:
    """The source so that it can be read twice, whatever it is."""
    stream: Any = _Rereadable(source.stream)
    return replace(source, stream=stream) if source.stream is not None else source


def opened(source: Source) -> Any:
    """The source's bytes, decompressed, as a context manager."""
    if isinstance(source.stream, _Rereadable):
        return io.BufferedReader(source.stream)
    if source.stream is not None:
        return nullcontext(source.stream)
    assert source.file is not None
    return _decompressed(opened_raw(source.file), source.compression)


def address_beside(source: Source) -> str | None:
    """The address of a page, where a file beside it, named as it is with .url added, says it (an Internet shortcut, say)."""
    if source.file is None:
        return None
    try:
        with opened_raw(f"{source.file}{_ADDRESS}") as file:
            said = file.read().decode(errors="replace")
    except (OSError, ValueError):
        return None
    found = re.search(r"(?m)^(?:URL=)?(https?://\S+)\s*$", said)
    return found[1] if found else None


_ADDRESS = ".url"


def reason(error: BaseException) -> str:
    """Why something failed, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return " ".join(str(error).split()) or type(error).__name__
