"""Stories on the command line and in the library: the dials, and how a story explains itself."""

import json
import re
from dataclasses import asdict, replace

import pytest
from samples import groups_of

import cleaner
from cleaner.group.stories.clusters import THRESHOLDS

pytestmark = pytest.mark.slow

GAZETTE, TRIBUNE = "harbour/ferry-gazette.txt", "harbour/ferry-tribune.txt"
CHRONICLE = "museum/theft-chronicle.txt"
QUAKES = "earthquakes in two places, of other size, on other days"


def as_lines(articles):
    return "".join(json.dumps(record) + "\n" for record in articles)


@pytest.fixture(scope="module")
def ferry(fixtures):
    """Two tellings of one event, dated seven days apart."""
    texts = [(fixtures / name).read_text(encoding="utf-8") for name in (GAZETTE, TRIBUNE)]
    return [{"id": f"f{n}", "date": f"2024-03-{18 + 7 * n}", "text": text} for n, text in enumerate(texts)]


@pytest.fixture(scope="module")
def grouped(run_cleaner, fixtures):
    return run_cleaner("group", "--json", ".", cwd=fixtures).records


@pytest.mark.parametrize(("args", "stories"), [((), 2), (("--window", "6"), 2), (("--window", "10"), 1)])
def test_the_window_is_days_between_two_dated_tellings(run_cleaner, ferry, args, stories):
    ran = run_cleaner("group", "--json", *args, input=as_lines(ferry))
    assert (ran.code, len({record["story"] for record in ran.records})) == (0, stories)


def test_a_run_takes_the_dials_too(run_cleaner, ferry, tree):
    where = tree({"a.jsonl": as_lines(ferry)})
    for args, count in (((), 2), (("--window", "10"), 1), (("--window", "9" * 30, "--loose"), 1)):
        assert run_cleaner("run", "in", "out", *args, cwd=where).code == 0
        rows = [json.loads(line) for line in (where / "out/groups.jsonl").read_text(encoding="utf-8").splitlines()]
        assert len({row["story"] for row in rows}) == count
    page = (where / "out/report.html").read_text(encoding="utf-8")
    assert "<span class=soft>share:</span>" in page
    assert "Marrow Lass" in page.split("share:</span>", 1)[1].split("</p>", 1)[0]


@pytest.mark.parametrize("command", [("group", "."), ("run", ".", "{out}")])
@pytest.mark.parametrize("args", [("--strict", "--loose"), ("--window", "-1"), ("--window", "soon")])
def test_dials_that_contradict_or_say_nothing_are_exit_2(run_cleaner, fixtures, tmp_path, command, args):
    ran = run_cleaner(*(part.format(out=tmp_path / "out") for part in command), *args, cwd=fixtures)
    assert (ran.code, ran.out, (tmp_path / "out").exists()) == (2, b"", False)
    assert args[0] in ran.err


def test_a_storys_representative_says_what_its_tellings_share(grouped):
    tellings = {}
    for record in grouped:
        tellings.setdefault(record["story"], set()).add(record["copy"])
    assert {record["id"] for record in grouped if "shared" in record} == {
        story for story, copies in tellings.items() if len(copies) > 1
    }
    shared = next(record["shared"] for record in grouped if record["id"] == GAZETTE)
    assert shared.keys() == {"names", "numbers", "phrases"}
    assert {"Marrow Lass", "Pell Island"} <= set(shared["names"])


def test_nothing_is_shared_where_stories_are_skipped(run_cleaner, fixtures):
    assert not any("shared" in record for record in run_cleaner("group", "--json", "--copies-only", fixtures).records)


def test_the_library_has_the_same_dials_and_says_the_same(run_cleaner, ferry):
    articles = [cleaner.Article(**record) for record in ferry]
    assert [story.shared for story in cleaner.group(articles).stories] == [cleaner.Shared()] * 2
    (story,) = cleaner.group(articles, window=7, strictness="loose").stories
    (told,) = [r for r in run_cleaner("group", "--json", "--window", "7", input=as_lines(ferry)).records if "shared" in r]
    assert json.loads(json.dumps(asdict(story.shared))) == told["shared"]
    assert told["id"] == story.id
    assert THRESHOLDS == {"strict": 0.7, "normal": 0.5, "loose": 0.3}
    for wrong in ({"strictness": "lax"}, {"window": -1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            cleaner.group(articles, **wrong)


def test_what_is_shared_does_not_depend_on_the_order(fixtures):
    articles = [
        cleaner.Article(id=path.name, text=path.read_text(encoding="utf-8"))
        for folder in ("harbour", "clean")
        for path in sorted((fixtures / folder).glob("*.txt"))
    ]
    assert cleaner.group(articles).stories == cleaner.group(articles[::-1]).stories


def test_the_overview_says_what_tellings_share(run_cleaner, fixtures):
    shown = run_cleaner("group", ".", cwd=fixtures).text.split("\n")
    place = next(i for i, line in enumerate(shown) if line.startswith("WESSEL HARBOUR"))
    assert shown[place + 2].startswith("  share: ")
    assert "Marrow Lass" in shown[place + 2]
    narrow = run_cleaner("group", "--width", "50", ".", cwd=fixtures).text.split("\n")
    cut = [line for line in narrow if line.startswith("  share: ")]
    assert cut
    assert all(len(line) <= 50 for line in cut)


def test_an_overview_says_what_it_leaves_out():
    import io

    from cleaner.report import groups
    from cleaner.report.console import Printer

    ids = [(f"a{n}", f"b{n}") for n in range(groups.SHOWN_STORIES + 7)]
    members = [cleaner.Member(i, pair[0], i) for pair in ids for i in pair]
    stories = tuple(cleaner.Group(pair[0], pair) for pair in ids)
    grouping = cleaner.Grouping(tuple(members), stories, tuple(cleaner.Group(m.id, (m.id,)) for m in members))
    file = io.StringIO()
    groups.overview(Printer(False, None, file), grouping, {m.id: cleaner.Article(id=m.id, title=m.id) for m in members})
    shown = file.getvalue()
    assert shown.count("\n  * ") == groups.SHOWN_STORIES
    assert shown.endswith("\n\n... and 7 more stories\n")


def test_the_overview_names_the_passages_that_articles_share(run_cleaner, fixtures, prose, tree):
    text = (fixtures / GAZETTE).read_text(encoding="utf-8")
    other = (fixtures / "clean/library-hours.txt").read_text(encoding="utf-8")
    passage = " ".join(prose(7).split()[:80])
    records = [
        {"id": "gazette", "date": "2024-03-18", "text": f"{text}\n\n{passage}"},
        {"id": "tribune", "date": "2024-03-18", "text": (fixtures / TRIBUNE).read_text(encoding="utf-8")},
        {"id": "alone\u202e", "date": "2024-09-01", "text": f"{other}\n\n{passage}"},
    ]
    shown = run_cleaner("group", "--no-clean", input=as_lines(records)).text.split("\n")
    there = shown.index("      ~ shares a passage of 80 words with alone<U+202E>")
    assert re.match(r"  [*+] 2024-03-18  .+  gazette$", shown[there - 1])
    back = shown.index("      ~ shares a passage of 80 words with gazette")
    assert shown[back - 3 : back - 1] == ["", "Single articles with a passage of another"]
    assert re.match(r"  \* 2024-09-01  .+  alone<U\+202E>$", shown[back - 1])
    where = tree({"a.jsonl": as_lines(records)})
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    page = (where / "out/report.html").read_text(encoding="utf-8")
    assert "shares a passage of 80 words with</span> alone&lt;U+202E&gt;" in page


def test_diff_says_why_two_are_one_story(run_cleaner, fixtures):
    shown = run_cleaner("diff", GAZETTE, TRIBUNE, cwd=fixtures).text.split("\n")
    place = next(i for i, line in enumerate(shown) if line.startswith("   one story: "))
    assert shown[place + 1].startswith("   share: ")
    assert "Marrow Lass" in shown[place + 1]
    (found,) = run_cleaner("diff", "--json", GAZETTE, TRIBUNE, cwd=fixtures).records
    assert "Marrow Lass" in found["shared"]["names"]
    assert isinstance(found["apart"], list)


def test_diff_says_why_two_are_not(run_cleaner, fixtures, data, tree):
    (pair,) = [pair for pair in data("stories.json")["pairs"] if pair["name"] == QUAKES]
    where = tree({f"{side}.txt": pair[side]["text"] for side in "ab"})
    shown = run_cleaner("diff", "in/a.txt", "in/b.txt", cwd=where).text
    (found,) = run_cleaner("diff", "--json", "in/a.txt", "in/b.txt", cwd=where).records
    assert not found["same_story"]
    assert "two different stories" in shown
    assert found["apart"]
    for odd in found["apart"]:
        assert odd.keys() == {"what", "first", "second"}
        assert f"{odd['what']}: {odd['first']} in A; {odd['second']} here" in shown
    compared = cleaner.diff(pair["a"]["text"], pair["b"]["text"])
    assert compared.apart == tuple((odd["what"], odd["first"], odd["second"]) for odd in found["apart"])
    nothing = run_cleaner("diff", TRIBUNE, CHRONICLE, cwd=fixtures).text
    assert "   share: no name, number or phrase" in nothing


def test_diff_says_that_dates_keep_two_apart(run_cleaner, ferry, tree):
    where = tree({f"{record['id']}.jsonl": as_lines([record]) for record in ferry})
    (found,) = run_cleaner("diff", "--json", "in/f0.jsonl", "in/f1.jsonl", cwd=where).records
    assert {"what": "dates", "first": "2024-03-18", "second": "2024-03-25"} in found["apart"]
    assert not found["same_story"]
    page = run_cleaner("diff", "--html", "in/f0.jsonl", "in/f1.jsonl", cwd=where).text
    assert "apart: dates: 2024-03-18 in A; 2024-03-25 here" in page


def test_hostile_names_are_shown_in_visible_form(run_cleaner, ferry, raw, tree):
    """Whatever a name brings along; and whatever the tier that found it lets through."""
    hostile = [
        {**record, "date": None, "text": record["text"].replace("Marrow Lass", "Marrow\u202e\x1b[31m Lass [/b]")}
        for record in ferry
    ]
    shown = run_cleaner("group", "--no-clean", input=as_lines(hostile)).text
    assert "  share: " in shown
    assert not raw(shown)
    where = tree({f"{record['id']}.jsonl": as_lines([record]) for record in hostile})
    for args in ((), ("--html",)):
        shown = run_cleaner("diff", "--no-clean", *args, "in/f0.jsonl", "in/f1.jsonl", cwd=where).text
        assert "share: " in shown
        assert not raw(shown)


def test_the_gate_stands_before_whatever_is_shared(raw):
    import io

    from cleaner.report import groups
    from cleaner.report.console import Printer
    from cleaner.report.page import entries
    from cleaner.report.page import run as page

    name = "Ines\u202e\x1b[2J <b>[/b]"
    story = cleaner.Group("a", ("a", "b"), cleaner.Shared((name,), (name,), (f"{name} fell",)))
    members = [cleaner.Member(i, "a", i, shares=(cleaner.Passage(name, 80),)) for i in "ab"]
    articles = {i: cleaner.Article(id=i, title="A title", site=name, url=f"https://example.com/{name}") for i in "ab"}
    copies = tuple(cleaner.Group(i, (i,)) for i in "ab")
    file = io.StringIO()
    for width in (None, 60):
        groups.overview(Printer(False, width, file), cleaner.Grouping(tuple(members), (story,), copies), articles)
    assert "  share: Ines<U+202E><U+001B>[2J <b>[/b]\n" in file.getvalue()
    assert "shares a passage of 80 words with Ines<U+202E>" in file.getvalue()
    found = replace(groups_of(["a", "b", name], [0, 0, 2]), shares={0: [(2, 80)], 1: [(2, 80)]}, shared={0: story.shared})
    listed = entries.Entries(found, [*articles.values(), cleaner.Article()])
    whole = "".join(page.groups(listed, {0: name}))
    assert "shares a passage of 80 words with</span> Ines&lt;U+202E&gt;" in whole
    assert "Ines&lt;U+202E&gt;&lt;U+001B&gt;[2J &lt;b&gt;[/b]" in whole
    assert not raw(file.getvalue() + whole)
