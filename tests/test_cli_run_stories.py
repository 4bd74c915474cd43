"""The stories of a run, found again: what the run decided, its reports say; records and ids; links; completion."""

import json
import os
import pty
import re
import subprocess
import sys

import pytest
from samples import groups_of
from warm import environment

import cleaner

GAZETTE, TRIBUNE = "harbour/ferry-gazette.txt", "harbour/ferry-tribune.txt"


@pytest.fixture(scope="module")
def out(run_cleaner, fixtures, tmp_path_factory):
    where = tmp_path_factory.mktemp("stories") / "out"
    run_cleaner("run", ".", where, cwd=fixtures)
    return where


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_groups_say_what_people_know_articles_by(out):
    known = {row["id"]: row for row in rows(out / "groups.jsonl")}
    wire = known["wire-0001"]
    assert wire["title"] == wire["headline"] == "Burglars take Orrin Goblet from Velbridge museum"
    assert wire["date"] == "2024-04-07"
    assert "://" in wire["url"]
    assert wire["site"]
    assert all(("headline" in row) == (row["id"] == row["story"]) for row in known.values())


def test_a_run_keeps_the_dials_and_the_similarities_of_its_stories(run_cleaner, fixtures, tmp_path):
    run_cleaner("run", "harbour", tmp_path / "out", "--loose", "--window", "9", cwd=fixtures)
    (kept,) = rows(tmp_path / "out/stories.jsonl")
    assert (kept["strictness"], kept["window"]) == ("loose", 9)
    assert set(kept["similarity"]) == {GAZETTE, TRIBUNE}


def test_a_report_never_contradicts_the_grouping(run_cleaner, out, tmp_path):
    """Even where two articles alone would be two stories: what speaks against it is listed."""
    copied = tmp_path / "copy"
    copied.mkdir()
    for name in ("manifest.jsonl", "stories.jsonl"):
        (copied / name).write_bytes((out / name).read_bytes())
    (copied / "articles").symlink_to(out / "articles")
    merged = [row | {"story": "wire-0001"} if row["id"] == "wire-0003" else row for row in rows(out / "groups.jsonl")]
    (copied / "groups.jsonl").write_text("".join(json.dumps(row) + "\n" for row in merged), encoding="utf-8")
    (told,) = run_cleaner("diff", "--json", "--story", "wire-0001", copied).records
    assert {telling["id"] for telling in told["tellings"]} >= {"wire-0003"}
    assert all(telling["same_story"] for telling in told["tellings"])
    assert any(telling["apart"] for telling in told["tellings"])
    assert "two different stories" not in run_cleaner("diff", "--story", "wire-0001", copied).text


@pytest.mark.parametrize("wanted", ["wire-0001", "orrin goblet", "ORRIN museum", "fixtures", "museum/theft-cou"])
def test_a_story_is_found_by_an_id_its_beginning_or_words_of_its_headline(run_cleaner, out, wanted):
    ran = run_cleaner("diff", "--story", wanted, out)
    if wanted == "fixtures":
        assert (ran.code, ran.out) == (2, b"")
    else:
        assert ran.text.startswith("Burglars take Orrin Goblet from Velbridge museum")


def test_stories_near_a_wrong_name_are_suggested(run_cleaner, out):
    ran = run_cleaner("diff", "--story", "wire-00001", out)
    assert ran.code == 2
    assert "near it: wire-0001 (Burglars take Orrin Goblet from Velbridge museum)" in ran.err
    several = run_cleaner("diff", "--story", "wire-", out)
    assert "stories begin so" in several.err
    assert several.code == 2


def test_a_story_opens_with_its_outlets_and_who_says_what(run_cleaner, out):
    shown = run_cleaner("diff", "--story", "wire-0001", out).text.split("\n")
    assert shown[1] == "2024-04-07 to 2024-04-08, 4 tellings, 2 outlets"
    assert re.match(r"A  2024-04-07  \S+  Burglars take Orrin Goblet from Velbridge museum  wire-0001$", shown[3])
    table = shown.index("Who says what  = says it, ! another figure, . does not say")
    assert "  A B C D  figures" in shown[table + 1]
    assert any(line.startswith("Only B says") for line in shown)
    assert "  and 22 more (--full shows all)" in shown
    whole = run_cleaner("diff", "--full", "--story", "wire-0001", out).text
    assert "--full" not in whole
    assert whole.count("\n") > len(shown)


RECORDS = [
    {"id": "one", "text": "Fire broke out at the Corrow paper mill, and 12 workers were taken to hospital in Velbridge."},
    {"id": "two", "text": "Fire broke out at the Corrow paper mill, and 14 workers were taken to hospital in Velbridge."},
]


@pytest.fixture
def held(tree):
    return tree({"a.jsonl": "".join(json.dumps(record) + "\n" for record in RECORDS), "b#1.txt": RECORDS[0]["text"]})


def test_records_are_compared_by_their_number_or_by_their_id(run_cleaner, held):
    for args in (
        ("in/a.jsonl#1", "in/a.jsonl#2"),
        ("--id", "one", "--id", "two", "in/a.jsonl"),
        ("in/b#1.txt", "in/a.jsonl#2"),
    ):
        (found,) = run_cleaner("diff", "--json", *args, cwd=held).records
        assert [(odd["first"], odd["second"]) for odd in found["disagreements"]] == [("12 workers", "14 workers")]
        assert "how" not in found["disagreements"][0]
        assert found["developments"] == found["unsure"] == found["spellings"] == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("in/a.jsonl#3", "in/a.jsonl#1"), "no record 3 in it"),
        (("in/a.jsonl#0", "in/a.jsonl#1"), "counted from 1"),
        (("in/a.jsonl", "in/a.jsonl#1"), "holds several articles; in/a.jsonl#1 is the first"),
        (("--id", "one", "--id", "tow", "in/a.jsonl"), "--id tow: no record has this id (did you mean 'two'?)"),
        (("--id", "one", "in/a.jsonl"), "--id goes in twos"),
        (("in/no.jsonl#1", "in/a.jsonl#1"), "in/no.jsonl#1: no such file or directory"),
    ],
)
def test_records_that_are_not_there_are_named(run_cleaner, held, args, said):
    ran = run_cleaner("diff", *args, cwd=held)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_unsure_differences_are_shown_where_asked_for(run_cleaner, tree):
    first = "In a poll of Corrow voters published by the Velbridge Courier, Ada Byron had 41% of the vote."
    where = tree({"a.txt": first, "b.txt": first.replace("41", "44")})
    assert "41%  " not in run_cleaner("diff", "in/a.txt", "in/b.txt", cwd=where).text
    assert "Perhaps of the same thing" in run_cleaner("diff", "--all", "in/a.txt", "in/b.txt", cwd=where).text


def test_titles_lead_to_articles_on_a_terminal_and_nowhere_else(run_cleaner, tree):
    copies = [RECORDS[0], RECORDS[0] | {"id": "two"}]
    records = [record | {"url": f"https://example.com/{record['id']}", "title": "Mill burns"} for record in copies]
    records.append({"id": "three", "text": "x", "title": "Not the web", "url": "javascript:alert(1)"})
    where = tree({"a.jsonl": "".join(json.dumps(record) + "\n" for record in records)})
    assert b"\x1b]8" not in run_cleaner("group", "--color", "always", "in/a.jsonl", cwd=where).out
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "cleaner", "group", "--no-pager", "in/a.jsonl"]
    env = {key: value for key, value in environment().items() if key != "NO_COLOR"} | {"TERM": "xterm-256color"}
    done = subprocess.Popen(command, cwd=where, stdout=slave, stderr=subprocess.DEVNULL, env=env)
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    assert done.wait() == 0
    assert re.search(rb"\x1b\]8;[^;]*;https://example.com/one\x1b\\", shown)
    assert b"javascript" not in shown


def test_group_makes_a_page_too(run_cleaner, fixtures):
    ran = run_cleaner("group", "--html", ".", cwd=fixtures)
    assert ran.text.startswith("<!doctype html>")
    assert "<ol class=timeline>" in ran.text
    assert "Burglars take Orrin Goblet from Velbridge museum</a>" in ran.text
    assert run_cleaner("group", "--html", "--json", ".", cwd=fixtures).code == 2


def test_above_so_many_articles_the_report_is_a_page_a_month(out):
    from cleaner.model import Article
    from cleaner.report.page import entries
    from cleaner.report.page import run as page

    ids = [f"a{n}" for n in range(4)]
    openings = [Article(id=name, title=f"Mill {name}", date=f"2024-0{n + 1}-03") for n, name in enumerate(ids)]
    listed = entries.Entries(groups_of(ids, [0, 0, 2, 3]), openings)
    told = entries.stories_of(listed, {0: "Mill burns"})
    whole = entries.Run({"articles cleaned": 4}, [], {}, [], listed, told, listed.at(()), [], [])
    assert [name for name, _ in page.pages(whole, "report")] == ["report.html"]
    pages = {name: "".join(pieces) for name, pieces in page.pages(whole, "report", most=3)}
    assert list(pages) == ["report.html", *(f"report/2024-0{n}.html" for n in range(1, 5))]
    assert 'href="report/2024-01.html"' in pages["report.html"]
    assert "Mill burns" in pages["report/2024-01.html"]
    assert "Mill a3" in pages["report/2024-04.html"]


def test_results_show_themselves_in_a_notebook(raw):
    result = cleaner.clean(
        "A <b>first</b> line of the mill's story, told at length.\n\nAdvertisement\n\nIt \x1b[31mburned\u202e.\n"
    )
    shown = result._repr_html_()
    assert "1 removal," in shown
    assert re.search(r'line-through">[^<]*Advertisement', shown)
    assert "&lt;b&gt;" in shown
    compared = cleaner.diff(RECORDS[0]["text"], RECORDS[1]["text"], clean=False)
    assert "14 workers" in compared._repr_html_()
    grouped = cleaner.group([cleaner.Article(**record) for record in RECORDS], clean=False)._repr_html_()
    assert "2 articles" in grouped
    assert not raw(shown + compared._repr_html_() + grouped)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("cleaner rules show en/related-h", "en/related-heading"),
        ("cleaner clean --lang d", "de"),
        ("cleaner clean --include c", "captions"),
        ("cleaner group --to p", "parquet"),
        ("cleaner diff {out} --story wire-0001", "wire-0001"),
    ],
)
def test_values_are_completed(out, line, offered):
    words = line.format(out=out).split(" ")
    env = environment() | {
        "_CLEANER_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run([sys.executable, "-m", "cleaner"], env=env, capture_output=True, text=True, check=False)
    assert offered in done.stdout.split()


def test_help_fits_a_narrow_terminal(run_cleaner, tmp_path):
    env = environment() | {"COLUMNS": "40"}
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "diff", "--help"], env=env, capture_output=True, text=True, check=True
    )
    assert max(map(len, done.stdout.split("\n"))) <= 40
    assert "      The report as one HTML page.\n" in done.stdout


def test_a_wrong_command_and_a_wrong_rule_are_answered_in_sentences(run_cleaner):
    assert run_cleaner("claen").err == "cleaner: No such command 'claen'. Did you mean 'clean'? See cleaner --help.\n"
    assert "(did you mean 'en/related-heading'?)" in run_cleaner("rules", "show", "en/related-heding").err
