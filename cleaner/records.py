"""Paths, `-`, formats and compression, in and out: bytes to articles, records to bytes."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import json
import lzma
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from cleaner import text as texts
from cleaner.model import Article, Failure

FORMATS = ("text", "html", "jsonl", "json")
_BY_SUFFIX = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
}
_COMPRESSIONS = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd", ".bz2": b"BZh", ".xz": b"\xfd7zXZ\x00"}

# One article, or one line of records, may not be larger: what is, is no article, and would fill the memory.
LARGEST = 256 << 20  # bytes, decompressed

_SNIFF = 64 << 10  # bytes looked at to find a format


class Unreadable(Exception):
    """An input that cannot be read; the message is the reason, in one line."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the record fields that play a part."""

    text: str = "text"
    id: str = "id"
    date: str = "date"


@dataclass(frozen=True, slots=True)
class Source:
    """One input: `name` as messages and ids show it, `rel` its path in an output tree, `path` None for standard input.

    `named` tells a file that was named from one that was found in a directory. `stream` is set for what can be read only
    once (standard input, a pipe): it is looked at first and read afterwards.
    """

    name: str
    rel: str
    path: Path | None
    format: str
    compression: str = ""
    named: bool = True
    stream: IO[bytes] | None = None

    @property
    def single(self) -> bool:
        """Whether the input is one article (text, html) and not records."""
        return self.format in ("text", "html")

    @property
    def folder(self) -> str:
        """The name of the folder that the input lies in; "" for standard input."""
        return str(self.path.parent) if self.path else ""


# --- finding the inputs -----------------------------------------------------------------------------------------------


def discover(
    paths: Iterable[str], given: str | None, on_failure: Callable[[Failure], None], on_skip: Callable[[str, str], None]
) -> Iterator[Source]:
    """The inputs that the paths name: files, directories (recursively, in sorted order, hidden names passed over), `-`.

    `given` is the format that --from names. What cannot be used goes to `on_failure`; what is passed over in a
    directory goes to `on_skip` with its name and the reason.
    """
    for name in paths:
        path = None if name == "-" else Path(name)
        if path and path.is_dir():
            yield from _walk(path, given, on_failure, on_skip)
            continue
        try:
            if path and not path.exists():
                raise Unreadable("no such file or directory")
            yield _identified(Source(name, path.name if path else "stdin", path, given or ""))
        except (Unreadable, OSError) as error:
            on_failure(Failure(name, reason(error)))


def _walk(
    top: Path, given: str | None, on_failure: Callable[[Failure], None], on_skip: Callable[[str, str], None]
) -> Iterator[Source]:
    found = failed = False
    for path in _files(top):
        if isinstance(path, Failure):
            failed = True
            on_failure(path)
            continue
        if not path.is_file():
            on_skip(str(path), "not a regular file")
            continue
        suffix, _ = _suffixes(path.name)
        if not given and suffix and suffix not in _BY_SUFFIX:
            on_skip(str(path), f"{suffix} is no format of ours")
            continue
        try:
            source = _identified(Source(str(path), str(path.relative_to(top)), path, given or "", named=False))
        except Unreadable as error:
            on_skip(str(path), str(error))
        except OSError as error:
            failed = True
            on_failure(Failure(str(path), reason(error)))
        else:
            found = True
            yield source
    if not found and not failed:
        on_failure(Failure(str(top), "a directory without articles"))


def _files(folder: Path) -> Iterator[Path | Failure]:
    """Everything below a folder that is no folder, in sorted order; hidden names and linked folders are passed over."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Failure(str(folder), reason(error))
        return
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        if not path.is_dir():
            yield path
        elif not path.is_symlink():
            yield from _files(path)


def _suffixes(name: str) -> tuple[str, str]:
    """The format's and the compression's suffix of a file name, lower-case; "" where there is none."""
    stem, suffix = os.path.splitext(name.lower())
    if suffix in _COMPRESSIONS:
        return os.path.splitext(stem)[1], suffix
    return suffix, ""


def _identified(source: Source) -> Source:
    """The source with its format and compression: by suffix, then by its bytes. Raises Unreadable for a binary file."""
    suffix, _ = _suffixes(source.rel)
    known = source.format or _BY_SUFFIX.get(suffix, "")
    if source.path is None or not source.path.is_file():
        unbuffered: Any = sys.stdin.buffer if source.path is None else open(source.path, "rb")  # noqa: SIM115 (it is read later)
        raw = io.BufferedReader(_Rejoined(unbuffered), _SNIFF)
        compression = _compression(_peek(raw, 6))
        stream = _decompressed(raw, compression)
        return replace(source, compression=compression, stream=stream, format=known or _sniff(_peek(stream, _SNIFF)))
    with open(source.path, "rb", buffering=_SNIFF) as file:
        head = _peek(file, _SNIFF)
    source = replace(source, compression=_compression(head))
    if known:
        if not source.compression and binary(head):
            raise Unreadable("not a text file")
        return replace(source, format=known)
    with opened(source) as stream:
        return replace(source, format=_sniff(_peek(stream, _SNIFF)))


class _Rejoined(io.RawIOBase):
    """A stream whose first line, or first bytes where it is long, are read at once, so that they can be looked at: a pipe
    may bring them in pieces."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._head = b""
        while len(self._head) < _SNIFF and b"\n" not in self._head:
            more = self._stream.read1(_SNIFF)
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


def _peek(stream: Any, size: int) -> bytes:
    try:
        return bytes(stream.peek(size)[:size])
    except EOFError as error:  # of a decompressor: reading it will say so again
        raise Unreadable("the compressed data ends too early") from error
    except Exception as error:
        raise Unreadable(f"damaged compressed data ({reason(error)})") from error


def _sniff(head: bytes) -> str:
    """The format of an input's first bytes. Raises Unreadable where they are no text."""
    if binary(head):
        raise Unreadable("not a text file")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:4096]
    if re.match(rb'\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})', start):
        lines = head.removeprefix(codecs.BOM_UTF8).lstrip().split(b"\n", 2)
        if len(lines) == 1 or lines[1].startswith(b"{"):  # one line is the same in both formats
            return "jsonl"
        try:
            json.loads(lines[0])
        except (ValueError, RecursionError):
            return "json"
        return "jsonl"
    if start.startswith(b"[") and re.match(rb"\[\s*(?:\{|\])", start):
        return "json"
    if start.startswith(b"<") and re.search(rb"(?i)<(?:!doctype\s+html|html|head|body|meta|title|article|div|p)\b", start):
        return "html"
    return "text"


def binary(data: bytes) -> bool:
    """Whether bytes are no text in any encoding that is read here."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    head = data[:_SNIFF]
    controls = len(head) - len(
        head.translate(None, b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18")
    )
    return b"\x00" in head or controls > len(head) / 50 or head.startswith((b"%PDF-", b"\x89PNG", b"PK\x03\x04", b"GIF8"))


# --- reading ----------------------------------------------------------------------------------------------------------


def _decompressed(raw: Any, compression: str) -> Any:
    if not compression:
        return raw
    if compression == ".zst":
        import zstandard

        unpacked: Any = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
    else:
        opener: Any = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}[compression]
        unpacked = opener(raw)
    return io.BufferedReader(unpacked, _SNIFF)


def opened(source: Source) -> Any:
    """The source's bytes, decompressed, as a context manager."""
    if source.stream is not None:
        return nullcontext(source.stream)
    assert source.path is not None
    return _decompressed(open(source.path, "rb"), source.compression)


def reason(error: BaseException) -> str:
    """Why something failed, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return " ".join(str(error).split()) or type(error).__name__


def read(source: Source, fields: Fields) -> Iterator[Article | Failure]:
    """The articles of a source, in order, with a Failure in the place of each that cannot be read.

    HTML comes as an Article whose `html` is set; extract.extract makes the text of it.
    """
    try:
        with opened(source) as stream:
            if source.format == "jsonl":
                yield from _jsonl(source, stream, fields)
            else:
                data = stream.read(LARGEST + 1)
                if len(data) > LARGEST:
                    raise Unreadable(f"larger than {LARGEST >> 20} MB")
                if source.format == "json":
                    yield from _json(source, data, fields)
                else:
                    text, _ = decode(data, html=source.format == "html")
                    article = Article(id=source.name, folder=source.folder)
                    yield replace(article, html=text) if source.format == "html" else replace(article, text=text)
    except EOFError:
        yield Failure(source.name, "the compressed data ends too early")
    except (Unreadable, OSError, lzma.LZMAError, ValueError) as error:
        yield Failure(source.name, reason(error))
    except Exception as error:  # zlib.error and zstandard.ZstdError: naming them would import both
        if type(error).__name__ not in ("error", "ZstdError"):
            raise
        yield Failure(source.name, f"damaged compressed data ({reason(error)})")


# Byte order marks, by the encodings that `decode` names where there is one.
_MARKS = {"utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text in an encoding that `decode` named, with the byte order mark that it had."""
    if encoding == "utf-8-sig":
        return text.encode(encoding)
    return _MARKS.get(encoding, b"") + text.encode(encoding)


def decode(data: bytes, html: bool = False) -> tuple[str, str]:
    """The text of bytes, and the encoding that gives the same bytes back.

    By byte order mark, then UTF-8, then what a page declares, then by charset-normalizer's guess. Raises Unreadable
    where the bytes are no text.
    """
    for name, mark in _MARKS.items():
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), name
            except UnicodeDecodeError as error:
                raise Unreadable(f"not text: broken {name}: {error.reason}") from None
    if binary(data):
        raise Unreadable("not a text file")
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = (
        re.search(rb"(?i)<(?:meta|\?xml)[^>]{0,200}(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,30})", data[:4096])
        if html
        else None
    )
    names = [declared[1].decode()] if declared else []
    # Western pages are commonest by far, and a guess from a few odd bytes is often an exotic one.
    high = data.translate(None, bytes(range(128)))
    if len(high) < len(data) / 20:
        names.append("cp1252")
    for name in names:
        try:
            return data.decode(name), name
        except (UnicodeDecodeError, LookupError):
            pass
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        if html:
            return data.decode(errors="replace"), "utf-8"
        raise Unreadable("not text in any known encoding")
    return data.decode(best.encoding), best.encoding


def _jsonl(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    record_number = 0
    line_number = 0
    while line := stream.readline(LARGEST + 1):
        line_number += 1
        if line_number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) > LARGEST:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LARGEST)
            record_number += 1
            yield Failure(f"{source.name}:{line_number}", f"a line larger than {LARGEST >> 20} MB")
        elif line.strip():
            record_number += 1
            try:
                record = loads(line)
            except Unreadable as error:
                yield Failure(f"{source.name}:{line_number}", str(error))
            else:
                yield _article(record, f"{source.name}:{line_number}", f"{source.name}#{record_number}", source, fields)


def _json(source: Source, data: bytes, fields: Fields) -> Iterator[Article | Failure]:
    value = loads(data.removeprefix(codecs.BOM_UTF8))
    for number, record in enumerate(value if isinstance(value, list) else [value], 1):
        yield _article(record, f"{source.name}#{number}", f"{source.name}#{number}", source, fields)


def loads(data: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises Unreadable."""
    if data.count(b"[") + data.count(b"{") > _DEEPEST and _depth(data) > _DEEPEST:
        raise Unreadable(f"not JSON that can be read: nested more than {_DEEPEST} levels deep")
    try:
        value = json.loads(data.decode(), parse_constant=_no_number)
        if _HUGE_NUMBER.search(data):
            json.dumps(value, allow_nan=False)  # what is read as infinite could not be written again
        return value
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8: {error.reason}") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {reason(error)}") from None


_DEEPEST = 200  # levels: far from where reading, pickling or writing a record would run out of stack
_HUGE_NUMBER = re.compile(rb"[eE]\+?\d{3}|\d{300}")


def _depth(data: bytes) -> int:
    level = deepest = 0
    for bracket in re.findall(rb'[\[{\]}]|"(?:[^"\\]|\\.)*"', data):
        if bracket in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif bracket in b"]}":
            level -= 1
    return deepest


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number that JSON has")


def dumps(record: Mapping[str, object]) -> str:
    """A record as one line of JSON, without the line feed."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # a lone surrogate came in as an escape, and can go out as nothing else
        return json.dumps(record)
    return line


def _article(record: object, where: str, default_id: str, source: Source, fields: Fields) -> Article | Failure:
    if not isinstance(record, dict):
        return Failure(where, f"not a record but {_kind(record)}")
    text, html = record.get(fields.text), record.get("html")
    for name, value in ((fields.text, text), ("html", html)):
        if value is not None and not isinstance(value, str):
            return Failure(where, f"the field {name!r} is not a string but {_kind(value)}")
    if fields.text not in record and "html" not in record:
        return Failure(where, f"no field {fields.text!r}, and no 'html'")
    given = record.get(fields.id)
    return Article(
        text=text or "",
        html=html if text is None else None,
        id=default_id if given is None or given == "" else given if isinstance(given, str) else json.dumps(given),
        title=_string(record.get("title")),
        date=texts.date_of(record.get(fields.date)),
        url=_string(record.get("url")),
        author=_string(record.get("author")),
        site=_string(record.get("site")),
        folder=source.folder,
        record=record,
    )


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")


# --- writing ----------------------------------------------------------------------------------------------------------


def output_name(source: Source, records: bool) -> str:
    """The name of a source's output in an output tree: the input's full name, with .txt or .jsonl added where needed."""
    wanted = ".jsonl" if records or not source.single else ".txt"
    return source.rel if source.rel.endswith(wanted) else source.rel + wanted


def write_atomically(path: Path, data: Iterable[bytes], mode: int | None = None) -> None:
    """Write a file so that it is there whole or, whatever happens, as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".cleaner-")
    try:
        with open(handle, "wb") as out:
            for piece in data:
                out.write(piece)
        if mode is None:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
