"""The comparison of cleaners can be rerun: on two invented pages of each kind."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from samples import TOO_LONG

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "clean.py"
CLEANERS = [
    "nothing",
    "C4's line rules",
    "jusText",
    "trafilatura",
    "trafilatura, recall",
    "trafilatura, precision",
    "cleaner",
]


def table(text):
    """The rows of a Markdown table by their first cell, as dictionaries."""
    head, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.split("\n") if line.startswith("|")
    )
    return {row[0].removesuffix(", lines as <p>"): dict(zip(head, row, strict=True)) for row in rows}


@pytest.fixture
def compare(tmp_path, prose, plain_environment):
    """Run the benchmark on two pages, made by `page` of an article; what it printed."""

    def run(page, *options):
        golds = [prose(1), prose(2)]
        rows = [
            {"id": str(i), "url": f"https://www.site{i}.example/a", "gold": gold, **page(gold)}
            for i, gold in enumerate(golds)
        ]
        with gzip.open(tmp_path / "pages.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows)
        command = [sys.executable, str(SCRIPT), str(tmp_path), *map(str, options)]
        done = subprocess.run(command, capture_output=True, text=True, env=plain_environment, timeout=TOO_LONG, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_texts(compare):
    found = table(compare(lambda gold: {"dirty": gold + "\nAdvertisement\n"}))
    assert list(found) == CLEANERS
    # One word more is one shingle more, and every other one is the gold's.
    assert found["nothing"]["R"] == found["nothing"]["keep"] == "1.0000"
    assert 0.99 < float(found["nothing"]["P"]) < 1
    assert {row: found[row]["worse"] for row in ("nothing", "cleaner")} == {"nothing": "0.000", "cleaner": "0.000"}
    assert found["cleaner"]["F1"] == found["C4's line rules"]["F1"] == "1.0000"


def test_c4_takes_what_it_says(compare):
    found = table(
        compare(lambda gold: {"dirty": gold + "\nFive words and a full stop.\nFour words and stop.\nNo end to it\n"})
    )
    assert found["C4's line rules"]["R"] == "1.0000"
    assert float(found["nothing"]["P"]) < float(found["C4's line rules"]["P"]) < 1


def test_pages(compare):
    def page(gold):
        article = "".join(f"<p>{line}</p>" for line in gold.split("\n\n"))
        return {"html": f"<html><body><nav>Home News</nav><article>{article}</article></body></html>"}

    found = table(compare(page))
    assert list(found) == CLEANERS
    assert found["nothing"]["R"] == found["nothing"]["keep"] == "1.0000"
    assert float(found["nothing"]["P"]) < 1
    assert {row["worse"] for row in found.values()} == {"-"}
    assert found["trafilatura"]["F1"] == found["cleaner"]["F1"] == "1.0000"


def test_only_the_sites_listed(compare, tmp_path):
    (tmp_path / "sites.txt").write_text("site1.example\n")
    assert ": 1 pages of text" in compare(lambda gold: {"dirty": gold}, "--sites", tmp_path / "sites.txt")


def printed(script, *args):
    command = [sys.executable, str(SCRIPT.parent / script), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, timeout=TOO_LONG, check=True).stdout


def test_tellings_are_timed_beside_difflib():
    assert "3 tellings of 200 words" in printed("tellings.py", "--tellings", 3, "--words", 200)


def test_patches_of_texts_at_hand(fixtures):
    out = printed("patches.py", fixtures)
    assert "8 changed by cleaning" in out
    assert "makes: 0\n" in out
    assert "source: 0\n" in out
