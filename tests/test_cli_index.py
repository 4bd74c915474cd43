"""cleaner index: what is new, what is kept, and what cannot harm it. All people and places are invented."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from samples import tellings

FIRST, SECOND = tellings(1, 24)
OTHER, _ = tellings(2, 0)


def line(name, text, day="2024-03-01", **more):
    return json.dumps({"id": name, "text": text, "date": day, **more}) + "\n"


@pytest.fixture
def index(run_cleaner, tmp_path):
    """Run `cleaner index COMMAND`, on an index in the test's own folder; the records go in by standard input."""

    def run(command, *args, given=None, code=0, cwd=tmp_path):
        ran = run_cleaner("index", command, "i.index", *args, input=given, cwd=cwd)
        assert ran.code == code, ran.err
        return ran

    return run


def news(ran):
    return [(row["id"], row["story"], row["copy"], row["news"]) for row in ran.records]


def test_a_copy_a_telling_a_new_story_and_a_version(index):
    assert news(index("add", "--json", given=line("a", FIRST) + line("z", OTHER))) == [
        ("a", "a", "a", "new"),
        ("z", "z", "z", "new"),
    ]
    given = line("c", FIRST + " One more word.") + line("t", SECOND, "2024-03-02") + line("a", FIRST)
    assert news(index("add", "--json", given=given)) == [
        ("c", "a", "a", "copy"),
        ("t", "a", "t", "telling"),
        ("a", "a", "a", "copy"),  # of itself
    ]
    assert news(index("add", "--json", given=line("z", OTHER + " And a last word of it."))) == [("z", "z", "z", "version")]
    assert news(index("add", "--json", given=line("z", OTHER))) == [("z", "z", "z", "version")]
    assert news(index("add", "--json", given=line("z", OTHER))) == [("z", "z", "z", "copy")]
    rows = {row["story"]: row for row in index("stories", "--json").records}
    assert rows["a"]["members"] == ["a", "c", "t"]
    assert (rows["a"]["tellings"], rows["a"]["grew"], rows["a"]["first"], rows["a"]["last"]) == (
        2,
        2,
        "2024-03-01",
        "2024-03-02",
    )
    assert rows["z"]["members"] == ["z"]
    assert rows["z"]["was"] == []
    index("check")


def test_a_query_says_what_add_would_and_keeps_nothing(index):
    index("add", given=line("a", FIRST))
    given = line("c", FIRST + " One more word.") + line("t", SECOND)
    asked = [index("query", "--json", given=given).out for _ in range(2)]
    assert asked[0] == asked[1] == index("add", "--json", given=given).out
    assert len(index("stories", "--json").records) == 1


def test_what_is_known_comes_out_and_numbers_stay_numbers(index):
    known = {"title": "Old bridge", "site": "echo.example", "url": "https://echo.example/1"}
    (row,) = index("add", "--json", given=line(7, FIRST, **known)).records
    assert row == {"id": 7, "story": 7, "copy": 7, "news": "new", "similarity": 1.0, "date": "2024-03-01", **known}
    (row,) = index("query", "--json", given=line("x", SECOND)).records
    assert (row["story"], row["copy"]) == (7, "x")
    assert b"Old bridge" in index("show", "7").out


def test_an_id_that_is_repeated_is_another_version(index):
    found = index("add", "--json", given=line("a", FIRST) + line("a", FIRST) + line("a", OTHER))
    assert [row["news"] for row in found.records] == ["new", "copy", "version"]
    assert index("query", "--json", given=line("a", OTHER)).records[0]["news"] == "copy"
    index("check")


def test_short_articles_are_copies_where_they_are_the_same_and_empty_ones_are_none(index):
    index("add", given=line("a", "Fog again") + line("e", ""))
    found = index("add", "--json", given=line("b", "fog, again") + line("f", "")).records
    assert [row["copy"] for row in found] == ["a", "f"]


def test_the_digest_counts_and_names(index):
    index("add", given=line("a", FIRST, site="one.example"))
    text = index("add", given=line("b", SECOND, site="two.example") + line("c", FIRST + " More.")).text
    assert text.startswith("2 articles: 0 new stories, 1 story that grew, 1 near-verbatim copy\n")
    assert "1 new telling and 1 near-verbatim copy beside 1 article before" in text
    assert "told by two.example" in text


def test_what_new_tellings_add_is_what_no_earlier_one_has(index):
    index("add", given=line("a", FIRST))
    text = index("add", given=line("b", SECOND + " The harbour master, Perpetua Langhorne, was told of 4711 crates.")).text
    (adds,) = (row for row in text.splitlines() if "new in it: " in row and "Langhorne" in row)
    assert "Perpetua Langhorne" in adds


SAID = " Then <i>the</i> master, Perpetua Langhorne, showed Orla Quist and Dagmar Thole 4711 crates and 389 barrels."


def test_the_digest_says_who_says_what_is_new(index):
    index("add", given=line("a", FIRST))
    caption = " Pictured Left Perpetua Langhorne Orla Quist Dagmar Thole And 4711 Crates And 389 Barrels."
    text = index("add", given=line("b", SECOND + caption + SAID, site="two.example")).text
    assert f"  |{SAID}  two.example\n" in text
    assert caption not in text
    given = "".join(line(text[:9], text + SAID, "2019-03-01") for text in tellings(7, 24))
    text = index("query", given=given).text
    assert "Perpetua Langhorne" in next(row for row in text.splitlines() if "share: " in row)
    page = index("query", "--html", given=given).text
    assert "<blockquote dir=auto>Then &lt;i&gt;the&lt;/i&gt; master" in page


def test_what_reports_gives_the_headline_and_comes_first(index):
    index("add", given=line("a", FIRST, title="Why did the boats leave?"))
    reports = line("b", SECOND, title="The boats left")
    assert "\nThe boats left  a\n" in index("add", given=reports).text
    assert index("stories", "--json").records[0]["headline"] == "The boats left"
    asks = {"title": "What do the boats want?"}
    third = tellings(3, 0)[0]
    text = index("add", given=line("y", OTHER, **asks) + line("z", third, "2024-03-02", title="The goats left")).text
    once, asked = text.index("Told once so far\n"), text.index("Told once so far: opinion, questions, guides\n")
    assert once < text.index("The goats left") < asked < text.index("What do the boats want?")


def test_a_page_and_a_table(index):
    given = line("a", FIRST, title="<b>Old</b>", url="https://echo.example/1") + line("b", SECOND, url="javascript:1")
    page = index("query", "--html", given=given, code=2)
    assert "there is no such index" in page.err
    page = index("add", "--html", given=given).text
    assert "&lt;b&gt;Old&lt;/b&gt;" in page
    assert 'href="https://echo.example/1"' in page
    assert 'href="javascript' not in page
    table = index("query", "--to", "csv", given=given).text.splitlines()
    assert table[0].split(",")[:4] == ["id", "story", "copy", "news"]
    assert table[1].startswith("a,b,a,copy")  # the longer of a day represents


def test_stories_since_a_day_and_those_that_grew(index):
    index("add", given=line("a", FIRST) + line("z", OTHER, "2024-02-01"))
    index("add", given=line("b", SECOND, "2024-03-03"))

    def found(*args):
        return [row["story"] for row in index("stories", "--json", *args).records]

    assert found() == ["z", "a"]
    assert found("--since", "2024-03-01") == ["a"]
    assert found("--grew") == ["a"]
    assert found("--grew", "--since", "2024-03-03") == ["a"]
    assert found("--grew", "--since", "2024-03-04") == []
    assert "no date" in index("stories", "--since", "soon", code=2).err


def test_show_takes_any_article_of_a_story_and_names_what_was_meant(index):
    index("add", given=line("wire-1", FIRST) + line("wire-2", SECOND))
    assert {row["id"] for row in index("show", "wire-1", "--json").records[0]["members"]} == {"wire-1", "wire-2"}
    assert "did you mean 'wire-2'" in index("show", "wire-22", code=2).err


def test_a_shell_is_told_the_stories_of_the_index_on_the_line(index, tmp_path, monkeypatch):
    from cleaner.cli.completion import indexed_stories

    index("add", given=line("wire-1", FIRST, title="Old bridge") + line("z", OTHER, "2024-03-02"))
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"cleaner index show {tmp_path / 'i.index'} ")
    assert [name for name, _ in indexed_stories("")] == ["z", "wire-1"]
    assert indexed_stories("wi") == [("wire-1", "Old bridge")]
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"cleaner index show {__file__} ")
    assert indexed_stories("") == []


def test_forgetting_takes_stories_whole(index):
    index("add", given=line("a", FIRST) + line("z", OTHER))
    index("add", given=line("b", SECOND, "2024-03-04"))
    assert index("forget", "--before", "2024-03-03").text == "forgot 1 story of 1 article; 1 story of 2 articles left\n"
    assert [row["members"] for row in index("stories", "--json").records] == [["a", "b"]]
    index("check")
    assert index("query", "--json", given=line("y", OTHER)).records[0]["news"] == "new"


def test_what_is_no_index_is_named_and_left_alone(index, tmp_path):
    file = tmp_path / "i.index"
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    for content in (b"Dear diary,\n" * 400, b"x", (tmp_path / "other").read_bytes()):
        file.write_bytes(content)
        for command, args in (
            ("add", ()),
            ("query", ()),
            ("stories", ()),
            ("forget", ("--before", "2024-01-01")),
            ("check", ()),
        ):
            ran = index(command, *args, given=line("a", FIRST), code=2)
            assert ran.err == "cleaner: i.index: is no index of cleaner's, and is left alone\n"
            assert ran.out == b""
        assert file.read_bytes() == content
    file.unlink()
    file.mkdir()
    assert "i.index" in index("add", given=line("a", FIRST), code=2).err


def test_a_damaged_index_is_named(index, tmp_path):
    index("add", given=line("a", FIRST) + line("b", OTHER))
    file = tmp_path / "i.index"
    whole = file.read_bytes()
    broken = whole[:20_000] + bytes(len(whole) - 20_000)
    file.write_bytes(broken)
    for command in ("add", "check"):
        ran = index(command, *(["-"] if command == "add" else []), given=line("c", SECOND), code=2)
        assert "i.index" in ran.err
        assert "Traceback" not in ran.err
    assert file.read_bytes()[:20_000] == broken[:20_000]


@pytest.mark.parametrize(("version", "which"), [(0, "an older"), (99, "a newer")])
def test_another_schema_is_refused_with_a_sentence(index, tmp_path, version, which):
    index("add", given=line("a", FIRST))
    with sqlite3.connect(tmp_path / "i.index") as other:
        other.execute(f"PRAGMA user_version = {version}")
    other.close()
    assert f"was made by {which} version of cleaner" in index("query", given=line("a", FIRST), code=2).err


def started(folder, environment, *args):
    return subprocess.Popen(
        [sys.executable, "-m", "cleaner", "index", *args],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_second_writer_says_that_it_waits_and_then_writes(index, tmp_path, plain_environment):
    index("add", given=line("a", FIRST))
    (tmp_path / "more.jsonl").write_text(line("b", SECOND))
    first = sqlite3.connect(tmp_path / "i.index", isolation_level=None)
    first.execute("BEGIN IMMEDIATE")
    second = started(tmp_path, plain_environment, "add", "i.index", "more.jsonl", "--json")
    assert second.stderr.readline() == b"cleaner: i.index: waiting for another writer\n"
    assert index("query", "--json", given=line("a", FIRST)).records[0]["news"] == "copy"  # readers do not wait
    first.execute("ROLLBACK")
    first.close()
    out, err = second.communicate()
    assert (second.returncode, err) == (0, b"")
    assert json.loads(out)["story"] == "a"


def killed(tmp_path, environment, moments):
    """An index that many articles were added to, by processes of which each was killed after so many seconds."""
    for moment in moments:
        process = started(tmp_path, environment, "add", "i.index", "more.jsonl", "--json", "-j", "1")
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        yield


def test_an_add_that_is_killed_has_happened_as_a_whole_or_not_at_all(index, tmp_path, plain_environment, prose):
    texts = [prose(i) for i in range(120)] + [text for seed in range(30) for text in tellings(seed, 24)]
    (tmp_path / "more.jsonl").write_text("".join(line(f"m{i}", text) for i, text in enumerate(texts)))
    began = time.monotonic()
    whole = started(tmp_path, plain_environment, "add", "other.index", "more.jsonl", "--json", "-j", "1")
    expected = whole.communicate()[0]
    took = time.monotonic() - began
    pick = random.Random(1)
    for _ in killed(tmp_path, plain_environment, [took * pick.uniform(0.3, 1.05) for _ in range(6)]):
        if (tmp_path / "i.index").exists():
            index("add", given=line("a", FIRST))  # what was left can be written to
            index("check")
            members = sum(len(row["members"]) for row in index("stories", "--json").records)
            assert members in (1, len(texts) + 1)
            for name in os.listdir(tmp_path):
                if name.startswith("i.index"):
                    (tmp_path / name).unlink()
    assert index("add", "more.jsonl", "--json").out == expected


def test_thirty_days_of_stories_keep_their_ids(index, prose):
    """Every day two new stories are told, and those of the last days are told on; and none changes its id but by merging."""
    story_of, pick = {}, random.Random(4)
    for day in range(30):
        given = "".join(
            line(
                f"s{seed}.{n}",
                tellings(seed, 24)[n % 2] + " " + prose(1000 * seed + n, 1)[: 60 * (n // 2)],
                f"2024-03-{day + 1:02}",
            )
            for seed in range(max(0, 2 * day - 4), 2 * day + 2)
            for n in [min(1, day - seed // 2)]
            if n == 0 or pick.random() < 0.9
        )
        for row in index("add", "--json", given=given).records:
            story_of.setdefault(row["id"], row["story"])
    now, was = {}, {}
    for row in index("stories", "--json").records:
        was |= dict.fromkeys(row["was"], row["story"])
        now |= dict.fromkeys(row["members"], row["story"])
    assert len(now) == len(story_of) > 100
    for name, story in story_of.items():
        assert now[name] == was.get(story, story)
    assert sum(now[f"s{seed}.0"] == now.get(f"s{seed}.1") for seed in range(58)) > 50
    index("check")


def test_help_and_wrong_use(index, run_cleaner):
    for command in ("add", "query", "stories", "show", "forget", "check"):
        assert f"cleaner index {command}" in run_cleaner("index", command, "--help").text
    assert "one goes" in index("add", "--json", "--html", given=line("a", FIRST), code=2).err
    assert "there is no such index" in index("check", code=2).err


def test_an_input_that_fails_makes_no_index(index, tmp_path):
    index("add", "nowhere.jsonl", code=2)
    assert not (tmp_path / "i.index").exists()


def test_stories_are_completed(run_cleaner, tmp_path, fixtures):
    index = tmp_path / "news.index"
    assert run_cleaner("index", "add", index, fixtures / "wire.jsonl").code == 0

    def offered(line):
        words = {"_CLEANER_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        return run_cleaner(env=words).text.split()

    assert set(offered(f"cleaner index show {index} ")) >= {"wire-0001", "wire-0007"}
    assert offered(f"cleaner index show {index} wire-0001") == ["wire-0001"]
    assert offered(f"cleaner index show {fixtures / 'wire.jsonl'} wire") == []
