"""Inputs in object storage, by way of fsspec: listed, asked about and read as files are.

They go by their URLs (s3://bucket/folder/a.html). Whatever a driver raises comes as an OSError.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_BLOCK = 1 << 18  # bytes that are asked for at once


def is_remote(name: object) -> bool:
    """Whether a path is a URL."""
    return isinstance(name, str) and "://" in name


def files(top: str) -> list[str]:
    """The URLs of the files below one, or its own where it is a file, in the order in which folders are walked; hidden names
    are passed over."""
    with _told(top):
        system, path = _system(top)
        found = map(str, system.find(path))
    start = len(path.rstrip("/")) + 1
    below = sorted(name[start:].split("/") for name in found)
    return ["/".join((top.rstrip("/"), *parts)) if parts[0] else top for parts in below if not _hidden(parts)]


def _hidden(parts: list[str]) -> bool:
    return any(part.startswith(".") for part in parts)


def opened(url: str) -> io.BufferedReader:
    """The bytes of a file."""
    with _told(url):
        system, path = _system(url)
        return io.BufferedReader(_Remote(url, system.open(path, "rb", block_size=_BLOCK)), _BLOCK)


def is_file(url: str) -> bool:
    """Whether a file is there."""
    with _told(url):
        system, path = _system(url)
        return bool(system.isfile(path))


def stat(url: str) -> tuple[int, int]:
    """The size of a file, and when it was changed last, in nanoseconds since 1970."""
    with _told(url):
        system, path = _system(url)
        return int(system.info(path)["size"] or 0), int(system.modified(path).timestamp() * 1e6) * 1000


def place(url: str) -> Path | None:
    """The path of what is on this machine after all (file://)."""
    with _told(url):
        system, path = _system(url)
        return Path(path) if "file" in system.protocol else None


def _system(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path there."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise OSError(errno.ENOENT, "needs fsspec: pip install 'article-cleaner[remote]'", url) from None
    system, path = url_to_fs(url)  # where its driver is missing: "Install s3fs to access S3"; "Protocol not known: x"
    return system, str(path)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """What is raised within this comes as an OSError: drivers have errors of their own."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(errno.EIO, " ".join(str(error).split()) or type(error).__name__, url) from error


class _Remote(io.RawIOBase):
    """A file that a driver opened, as Python's own readers want it."""

    def __init__(self, url: str, file: Any) -> None:
        self._url, self._file = url, file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def readinto(self, buffer: Any) -> int:
        with _told(self._url):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()
