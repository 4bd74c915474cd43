"""The journal of finished work, and what is kept in it."""

import os

import pytest

from cleaner.group.collection import summarise
from cleaner.group.packing import pack, unpack
from cleaner.journal import Journal, packed, unpacked
from cleaner.model import Article


def of(journal, name):
    return [(entry.head, journal.body(entry)) for entry in journal.all(name)]


@pytest.fixture
def path(tmp_path):
    journal = Journal(tmp_path / "journal")
    journal.put("a", 0, [1, "x"], b"first")
    journal.put("a", 1, [2], b"")
    journal.put("\udce9 \ud800", 0, [], b"\x00\xff" * 99)
    return tmp_path / "journal"


def test_what_was_put_is_there_again(path):
    journal = Journal(path)
    assert of(journal, "a") == [([1, "x"], b"first"), ([2], b"")]
    assert of(journal, "\udce9 \ud800") == [([], b"\x00\xff" * 99)]
    assert journal.get("b") is None


def test_a_later_entry_takes_the_place_of_an_earlier_one(path):
    Journal(path).put("a", 0, [3], b"second")
    assert of(Journal(path), "a") == [([3], b"second"), ([2], b"")]


def test_cut_anywhere_every_whole_entry_is_there_and_no_other(path):
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        journal = Journal(path)
        found = of(journal, "a") + of(journal, "\udce9 \ud800")
        assert found == [([1, "x"], b"first"), ([2], b""), ([], b"\x00\xff" * 99)][: len(found)]
        journal.put("b", 0, [], b"after it")
        assert of(Journal(path), "b") == [([], b"after it")]
        assert len(of(Journal(path), "a")) == min(2, len(found))


def test_a_damaged_entry_is_none(path):
    data = bytearray(path.read_bytes())
    data[data.index(b"first")] ^= 1
    path.write_bytes(data)
    assert of(Journal(path), "a") == []


def test_what_is_no_journal_is_emptied(path):
    path.write_bytes(b"something else altogether, and quite long")
    assert of(Journal(path), "a") == []


def test_what_is_cut_stays_cut(path):
    Journal(path).cut("a", 1)
    assert of(Journal(path), "a") == [([1, "x"], b"first")]
    Journal(path).put("a", 1, [4], b"new")
    assert [head for head, _ in of(Journal(path), "a")] == [[1, "x"], [4]]
    Journal(path).cut("a")
    assert of(Journal(path), "a") == []
    assert len(of(Journal(path), "\udce9 \ud800")) == 1


def test_what_is_dead_goes(path):
    for number in range(50):
        journal = Journal(path)
        journal.put("a", 0, [number], os.urandom(1000))
    journal.rewritten(path.parent / "new")
    assert path.stat().st_size < 3000
    assert [head for head, _ in of(Journal(path), "a")] == [[49], [2]]
    journal.put("c", 0, [], b"more")
    assert [head for head, _ in of(Journal(path), "c")] == [[]]


def test_values_and_bytes_come_back():
    value = [None, "\ud800", {"a": [1.5, True]}]
    assert unpacked(packed(value, [b"", b"abc"])) == (value, [b"", b"abc"])


@pytest.mark.parametrize("stories", [True, False])
def test_a_summary_comes_back(prose, stories):
    articles = [Article(id=f"\ud800{n}", text=prose(n), date="2024-03-18T10:00:00" if n else None) for n in range(3)]
    for summary in summarise([*articles, Article(text="x")], stories=stories).each():
        values, blobs = unpacked(packed(*pack(summary)))
        again = unpack(values, iter(blobs))
        assert (again.ids, again.dates, again.lengths) == (summary.ids, summary.dates, summary.lengths)
        assert again.signatures == summary.signatures
        assert again.features == summary.features
