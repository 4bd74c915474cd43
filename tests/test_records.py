"""Bytes to articles, and names of outputs: the parts that no command shows by itself."""

import gzip
import io
import json
from collections import deque
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import records
from cleaner.model import Article, Failure
from cleaner.records import Fields, Source

FIRST = "The council of Wessel met on Monday evening – to hear “what the engineers” had found under the old bridge."


def read(content, format="jsonl", fields=None):
    source = Source("in", "in", None, format, stream=io.BufferedReader(io.BytesIO(content)))
    return list(records.read(source, fields or Fields()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_decoding_can_be_undone(encoding):
    data = FIRST.encode(encoding)
    text, name, replaced = records.decode(data)
    assert (text, replaced) == (FIRST, 0)
    assert records.encode(text, name) == data


@given(st.text(max_size=200))
def test_utf_8_is_always_utf_8(text):
    data = text.encode()
    if not records.binary(data) and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) and b"\0" not in data:
        assert records.decode(data) == (text, "utf-8", 0)


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data):
    try:
        text, name, replaced = records.decode(data)
        assert (
            replaced
            or records.encode(text, name).decode(name.removesuffix(" without a mark")).removeprefix("\ufeff") == text
        )
    except records.Unreadable as error:
        text = str(error)
        assert "\n" not in text
    assert isinstance(text, str)


def test_a_page_may_declare_its_encoding():
    page = "<meta charset='iso-8859-2'><p>Zażółć gęślą jaźń</p>"
    assert records.decode(page.encode("iso-8859-2"), html=True) == (page, "iso8859-2", 0)
    assert records.decode(b"<meta charset='no-such'><p>caf\xe9</p>", html=True)[0].endswith("café</p>")


@pytest.mark.parametrize("data", [b"\x00", b"a\x00b", b"%PDF-1.7 text", b"\x89PNG\r\n", b"PK\x03\x04", bytes(range(32)) * 9])
def test_binary(data):
    assert records.binary(data)
    with pytest.raises(records.Unreadable):
        records.decode(data)


@pytest.mark.parametrize(
    "data", [b"", b"text\n", b"tab\tform\x0cfeed\r\n", "naïve".encode("cp1252"), b"\x1b[31mred text in a log\n"]
)
def test_not_binary(data):
    assert not records.binary(data)


def test_records_become_articles():
    line = {"id": 7, "text": FIRST, "title": "T", "date": "2024-03-18T10:00:00Z", "url": "https://a.example", "k": [1]}
    (article,) = read(json.dumps(line).encode())
    assert article == Article(
        text=FIRST, id="7", title="T", date="2024-03-18T10:00:00Z", url="https://a.example", record=line, folder=""
    )


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b"3", b'"x"', b"null", b'{"text": 1}', b'{"html": []}', b"{}", b'{"text": null}', b"\xff", b"[" * 9999],
)
def test_what_is_no_record_is_a_failure_in_its_place(content):
    first, failed, last = read(b'{"text": "a"}\n' + content + b'\n{"text": "b"}\n')
    assert (first.text, last.text) == ("a", "b")
    if content == b'{"text": null}':
        assert isinstance(failed, Article | Failure)
    else:
        assert isinstance(failed, Failure)
        assert failed.where == "in:2"
        assert failed.reason
        assert "\n" not in failed.reason


def test_a_byte_order_mark_before_records():
    assert [article.text for article in read(b'\xef\xbb\xbf{"text": "a"}\n')] == ["a"]
    assert [article.text for article in read(b'\xef\xbb\xbf[{"text": "a"}]', "json")] == ["a"]


def test_line_separators_inside_a_record_do_not_end_it():
    (article,) = read('{"text": "a\u2028b\x85c"}\r\n'.encode())
    assert article.text == "a\u2028b\x85c"


@given(
    st.dictionaries(
        st.text(st.characters(blacklist_categories=[]), max_size=8),
        st.text(st.characters(blacklist_categories=[]), max_size=20) | st.integers() | st.none() | st.lists(st.booleans()),
    )
)
def test_a_record_survives_being_written(record):
    line = records.dumps(record)
    assert "\n" not in line
    assert json.loads(line.encode()) == record


@pytest.mark.parametrize(
    ("name", "format", "as_records", "output"),
    [
        ("a.txt", "text", False, "a.txt"),
        ("d/a.html", "html", False, "d/a.html.txt"),
        ("a.txt.gz", "text", False, "a.txt.gz.txt"),
        ("a.jsonl", "jsonl", False, "a.jsonl"),
        ("a.json", "json", False, "a.json.jsonl"),
        ("a.ndjson", "jsonl", False, "a.ndjson.jsonl"),
        ("noext", "text", False, "noext.txt"),
        ("a.txt", "text", True, "a.txt.jsonl"),
        ("a.txt", "jsonl", False, "a.txt.jsonl"),
        ("a.jsonl", "text", False, "a.jsonl.txt"),
    ],
)
def test_output_names(name, format, as_records, output):
    assert records.output_name(Source(name, name, Path(name), format), "jsonl" if as_records else "") == output


def test_writing_is_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep/a.txt"
    records.write_atomically(path, [b"one", b"two"])
    assert path.read_bytes() == b"onetwo"

    def broken():
        yield b"half"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        records.write_atomically(path, broken())
    assert path.read_bytes() == b"onetwo"
    assert [file.name for file in path.parent.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_bomb_is_not_decompressed_to_its_end(tmp_path, name):
    path = tmp_path / f"{name}.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(b'{"text": "a line that is always the same"}\n' * 23_000)  # a megabyte
    (source,) = records.discover([str(path)], None, pytest.fail, pytest.fail)
    (last,) = deque(records.read_lines(source, records.Fields()), maxlen=1)
    assert isinstance(last, Failure)
    assert last.reason == "decompresses to more than 200 times its size"


def test_sources_are_the_same_from_their_list(tmp_path):
    for name in ("b.html", "d/\udce9.txt", "d/c.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>x</p>")
    found = list(records.discover([str(tmp_path), str(tmp_path / "b.html")], None, pytest.fail, pytest.fail))
    assert [source.rel for source in found] == ["b.html", "d/c.jsonl", "d/\udce9.txt", "b.html"]
    kept = records.SourceList(found)
    assert list(kept) == found
    assert [kept[n] for n in range(len(kept))] == found
    assert [source.folder for source in kept] == [str(path.parent) for path in (tmp_path / s.rel for s in found)]
