"""The invented articles, against what a perfect remover would take out of them (data/fixtures.json).

In a text, the lines named must go and every other line must stay as it is. In a page, whose lines are the extractor's to
make, some pieces must go and others must stay.
"""

import json
from pathlib import Path

import pytest

from cleaner import clean

PATHS = ("clean", "harbour", "misc", "museum", "wire.jsonl")
CASES = json.loads((Path(__file__).parent / "data/fixtures.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cleaned(run_cleaner, fixtures):
    """Every fixture's record as `clean --json` has it, by its path or by the title of its record."""
    ran = run_cleaner("clean", "--json", *PATHS, cwd=fixtures)
    assert ran.code == 0
    return {f"wire.jsonl {r['title']}" if "wire" in r["id"] else r["id"]: r for r in ran.records}


@pytest.fixture(scope="module")
def sources(fixtures):
    """What is in the fixtures before cleaning, by the same names."""
    found = {}
    for name in CASES["texts"]:
        path = fixtures / name
        if path.is_file():
            encoding = "cp1252" if name == "museum/theft-chronicle-update.txt" else "utf-8-sig"
            found[name] = path.read_bytes().decode(encoding)
    for line in (fixtures / "wire.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        found[f"wire.jsonl {record['title']}"] = record.get("text")
    return found


def lines(text):
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def test_every_fixture_has_a_case(cleaned):
    assert cleaned.keys() == CASES["texts"].keys() | CASES["pages"].keys()


@pytest.mark.parametrize("name", CASES["texts"])
def test_of_a_text_the_lines_named_go_and_the_others_stay(cleaned, sources, name):
    case = CASES["texts"][name]
    present = [line.strip() for line in lines(sources[name])]
    assert [line for line in case["gone"] if line not in present] == [], "the case names a line that is not there"
    stay = [line for line in lines(sources[name]) if line.strip() not in case["gone"]]
    if "prefix gone" in case:
        assert stay[0].strip().startswith(case["prefix gone"])
        stay[0] = stay[0].strip().removeprefix(case["prefix gone"])
    assert lines(cleaned[name]["text"]) == stay


@pytest.mark.parametrize("name", CASES["pages"])
def test_of_a_page_the_article_stays_and_what_stood_around_it_goes(cleaned, name):
    text = cleaned[name]["text"]
    assert [piece for piece in CASES["pages"][name]["gone"] if piece in text] == []
    assert [piece for piece in CASES["pages"][name]["kept"] if piece not in text] == []


@pytest.mark.parametrize("name", [*CASES["texts"], *CASES["pages"]])
def test_what_is_clean_stays_clean(cleaned, name):
    assert clean(cleaned[name]["text"]).removed == ()


@pytest.mark.parametrize("name", CASES["texts"])
def test_one_article_alone_is_cleaned_as_it_is_among_others(cleaned, sources, name):
    assert clean(sources[name]).text == cleaned[name]["text"]


def test_the_fixtures_name_no_host_but_examples(fixtures):
    """Everything there is invented: no link may lead anywhere."""
    for path in fixtures.rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("cp1252", errors="replace")
            hosts = [piece.split("/")[0].split('"')[0] for piece in text.split("://")[1:]]
            assert [host for host in hosts if not host.endswith(".example") and host != "schema.org"] == []
