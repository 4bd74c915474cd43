"""What is kept out of memory: pieces of bytes, and what articles are known by."""

import os
import random

import pytest

from cleaner import spool
from cleaner.commands.records_out import Openings
from cleaner.model import Article


@pytest.mark.parametrize("sizes", [range(0, 40), [5000] * 300, [0, 10_000_000, 0, 3, 600_000]])
def test_every_piece_is_there_again_whenever_it_is_asked_for(sizes):
    pick, found, wanted = random.Random(1), spool.Pieces(), []
    for size in sizes:
        wanted.append(os.urandom(size))
        found.append(wanted[-1])
        place = pick.randrange(len(wanted))
        assert found[place] == wanted[place]
    assert list(found) == wanted
    assert len(found) == len(wanted)
    with pytest.raises(IndexError):
        found[len(wanted)]


def test_no_space_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(spool.tempfile, "tempdir", str(tmp_path / "gone"))
    full = spool.Pieces()
    with pytest.raises(OSError, match="gone"):
        full.append(bytes(spool._IN_MEMORY + 1))


def test_what_articles_are_known_by_comes_back():
    known = [
        Article(id="\ud800 1", title="A title", date="2024-03-01", url="https://a.example/1", site="a.example"),
        Article(id="2", text="It begins\nso, with no title."),
    ]
    openings = Openings()
    for one in known:
        openings.append(one)
    assert list(openings) == known
    assert openings[1] == known[1]
