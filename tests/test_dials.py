"""Every dial, both ways: what a command makes of invented articles with it, without it and with its opposite differs, and in
the right direction. Of commands, of cleaner.toml and of the library."""

import json

import pytest
from samples import FIRST, LAST, graded_tellings, tellings

import cleaner

AD = "Advertisement"


def as_lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def texts_of(folder):
    """The texts that a run wrote, by id."""
    return {row["id"]: row["text"] for row in map(json.loads, folder.read_text(encoding="utf-8").splitlines())}


# --- how sure the model must be: --gentle, --aggressive, caution --------------------------------------------------------

PROSE = [
    FIRST,
    LAST,
    "The bridge was built in 1931 and carries some 4,000 cars a day, most of them on their way to the ferry.",
    "“We have looked at every bolt,” said Tobin Askew, who leads the works. “There are eleven I would not hang a coat on.”",
    "A decision is expected before the end of the month, when the offers of three firms will be opened in public.",
]
DOUBTFUL = [
    "Have your say below",
    "Next: The harbour, the crane and the lamp",
    "3 min",
    "1,204 views",
    "Opinion",
    "Local news",
    "Listen to the whole conversation in our podcast.",
    "Opening hours: Monday to Friday, 9 to 5",
    "Browse all of our shows",
    "Tell a friend",
]


def doubtful():
    """Articles with a line that may or may not belong, in several places, in a clean article and in a dirty one."""
    for n, line in enumerate(DOUBTFUL):
        for place in (0, 2, 5):
            for dirty in (False, True):
                blocks = [*PROSE[:place], line, *PROSE[place:]]
                blocks[3:3] = [AD, "Read more: The ferry is late again"] if dirty else []
                yield {"id": f"{n}-{place}-{dirty:d}", "text": "\n\n".join(blocks) + "\n"}


CAUTION = {"gentle": ("--gentle",), "normal": (), "aggressive": ("--aggressive",)}


def removed(records):
    """The spans that went, as (id, start, end)."""
    return {(record["id"], span["start"], span["end"]) for record in records for span in record["removed"]}


@pytest.fixture(scope="module")
def cautious(run_cleaner):
    """What `clean` takes of the doubtful articles, and what it leaves, by how sure it is told to be."""
    given = as_lines(doubtful())
    ran = {dial: run_cleaner("clean", "--json", *args, input=given) for dial, args in CAUTION.items()}
    return {dial: one.records for dial, one in ran.items()}


def test_gentle_takes_less_and_aggressive_more(cautious):
    gentle, normal, aggressive = (removed(cautious[dial]) for dial in ("gentle", "normal", "aggressive"))
    assert len(gentle) + 5 <= len(normal)
    assert len(normal) + 5 <= len(aggressive)
    left = {dial: sum(len(record["text"]) for record in records) for dial, records in cautious.items()}
    assert left["gentle"] > left["normal"] > left["aggressive"]


def test_the_sure_rules_do_not_hang_on_it(cautious):
    for records in cautious.values():
        assert all(AD not in record["text"] for record in records)


@pytest.mark.parametrize("dial", CAUTION)
def test_the_configuration_has_the_same_dial_and_the_command_line_overrides_it(run_cleaner, tree, cautious, dial):
    where = tree({"cleaner.toml": f'caution = "{dial}"\n'}) / "in"
    given = as_lines(doubtful())
    assert run_cleaner("clean", "--json", cwd=where, input=given).records == cautious[dial]
    other = "aggressive" if dial == "gentle" else "gentle"
    assert run_cleaner("clean", "--json", f"--{other}", cwd=where, input=given).records == cautious[other]


@pytest.mark.parametrize("dial", CAUTION)
def test_diff_and_run_take_as_much(run_cleaner, tree, cautious, dial):
    where = tree({"a.jsonl": as_lines(doubtful())})
    assert run_cleaner("diff", "--json", *CAUTION[dial], "in/a.jsonl", cwd=where).records == cautious[dial]
    assert run_cleaner("run", *CAUTION[dial], "in", "out", cwd=where).code == 0
    summary = json.loads((where / "out/summary.json").read_text(encoding="utf-8"))
    assert summary["rules"].get("model", 0) == sum(
        span["rule"] == "model" for record in cautious[dial] for span in record["removed"]
    )
    assert texts_of(where / "out/articles/a.jsonl") == {record["id"]: record["text"] for record in cautious[dial]}


def test_two_articles_are_compared_as_cautiously(run_cleaner, tree, cautious):
    """Of an article and its prose alone, all is the same where the doubtful line goes, and only there."""
    gone = {dial: {record["id"] for record in records if record["removed"]} for dial, records in cautious.items()}
    picked = {"gentle": min(gone["normal"] - gone["gentle"]), "aggressive": min(gone["aggressive"] - gone["normal"])}
    where = tree({f"{record['id']}.txt": record["text"] for record in doubtful()} | {"prose.txt": "\n\n".join(PROSE) + "\n"})

    def alike(dial, name):
        args = ("diff", "--json", *CAUTION[dial], f"in/{name}.txt", "in/prose.txt")
        return run_cleaner(*args, cwd=where).records[0]["jaccard"]

    assert alike("gentle", picked["gentle"]) < alike("normal", picked["gentle"]) == 1
    assert alike("normal", picked["aggressive"]) < alike("aggressive", picked["aggressive"]) == 1


def test_the_library_has_the_same_dial(cautious):
    articles = [cleaner.Article(**record) for record in doubtful()]
    for dial in CAUTION:
        results = list(cleaner.clean_many(articles, caution=dial))
        assert [result.text for result in results] == [record["text"] for record in cautious[dial]]
        assert [cleaner.clean(article, caution=dial).text for article in articles[:9]] == [r.text for r in results[:9]]


# --- what stays on request: --include ------------------------------------------------------------------------------------

STANDFIRST = "Listen to this article"


def page(head):
    body = f"<p>{FIRST} {LAST}</p>" * 3
    return f"<html><title>The bridge closes</title><body><article>{head}{body}</article></body></html>"


PARTS = {
    "headline": "The bridge closes",
    "standfirst": STANDFIRST,
    "author": "By Odalys Brant, Staff Writer",
    "captions": "Photo: Wessel Harbour Authority",
}
PARTED = [
    {"id": "page", "html": page("<h1>The bridge closes</h1>")},
    {"id": "another", "html": page(f'<p class="standfirst">{STANDFIRST}</p>')},
    {"id": "text", "text": f"{PARTS['author']}\n\n{FIRST}\n\n{PARTS['captions']}\n\n{AD}\n\n{LAST}\n"},
]


def parts_in(texts):
    text = "\n".join(texts)
    assert AD not in text
    assert FIRST in text
    return {part for part, line in PARTS.items() if line in text}


@pytest.mark.parametrize("wanted", [(), *((part,) for part in PARTS)], ids="+".join)
def test_of_what_is_beside_the_article_only_that_stays_which_is_included(run_cleaner, wanted):
    flags = [flag for part in wanted for flag in ("--include", part)]
    ran = run_cleaner("clean", *flags, input=as_lines(PARTED))
    assert parts_in(record["text"] for record in ran.records) == set(wanted)
    articles = [cleaner.Article(**record) for record in PARTED]
    assert parts_in(result.text for result in cleaner.clean_many(articles, include=wanted)) == set(wanted)
    assert parts_in(cleaner.clean(article, include=wanted).text for article in articles) == set(wanted)


@pytest.mark.parametrize("wanted", [(), ("author", "headline")], ids="+".join)
def test_so_it_is_in_every_command_that_shows_what_goes_and_in_the_configuration(run_cleaner, tree, wanted):
    where = tree({"a.jsonl": as_lines(PARTED), "cleaner.toml": f"include = {list(wanted)}\n"})
    flags = [flag for part in wanted for flag in ("--include", part)]
    for args, cwd in ((("diff", "--json", *flags), where), (("clean",), where / "in")):
        ran = run_cleaner(*args, where / "in/a.jsonl", cwd=cwd)
        assert parts_in(record["text"] for record in ran.records) == set(wanted), args
    assert run_cleaner("run", *flags, "in", "out", cwd=where).code == 0
    assert parts_in(texts_of(where / "out/articles/a.jsonl").values()) == set(wanted)


def test_the_command_line_adds_to_what_the_configuration_includes(run_cleaner, tree):
    where = tree({"a.jsonl": as_lines(PARTED), "cleaner.toml": 'include = ["author"]\n'}) / "in"
    ran = run_cleaner("clean", "--include", "headline", "a.jsonl", cwd=where)
    assert parts_in(record["text"] for record in ran.records) == {"author", "headline"}


# --- what repeats within a site: --learn ---------------------------------------------------------------------------------

MOTTO = "The Lantern Weekly, the paper of the coast since 1902"
SAID = "Ferries will leave from the north quay instead, every hour until ten."


@pytest.fixture
def site(tree, prose):
    """Four pages of a site, and one more story that was published there five times, each time a little changed."""
    pages = {f"site/{n}.txt": f"{prose(n)}\n{MOTTO}\n" for n in range(4)}
    story = prose(99).split("\n\n")
    copies = {
        f"site/copy{n}.txt": "\n\n".join([*story[:2], SAID, *story[2:], f"This is edition {n}. {prose(50 + n, 1)}"])
        for n in range(5)
    }
    other = {f"other/{n}.txt": f"{prose(20 + n)}\n{MOTTO if n == 0 else ''}\n" for n in range(5)}
    return tree({**pages, **copies, **other})


def holding(texts, line):
    return {name for name, text in texts.items() if line in text}


def test_learning_takes_what_repeats_within_a_site_and_nothing_else_does(run_cleaner, site):
    def texts(*args):
        return {record["id"]: record["text"] for record in run_cleaner("clean", "--json", *args, "in", cwd=site).records}

    plain, learned = texts(), texts("--learn")
    assert holding(plain, MOTTO) == {f"in/site/{n}.txt" for n in range(4)} | {"in/other/0.txt"}
    assert holding(learned, MOTTO) == {"in/other/0.txt"}
    assert run_cleaner("run", "in", "out", cwd=site).code == 0  # which learns always
    written = {path.name for path in (site / "out/articles").rglob("*.txt") if MOTTO in path.read_text(encoding="utf-8")}
    assert written == {"0.txt"}
    assert MOTTO in (site / "out/articles/other/0.txt").read_text(encoding="utf-8")


def test_a_story_that_was_published_again_and_again_is_one_page(run_cleaner, site):
    ran = run_cleaner("clean", "--json", "--learn", "in", cwd=site)
    assert len(holding({record["id"]: record["text"] for record in ran.records}, SAID)) == 5
    learned = run_cleaner("rules", "learn", "in", cwd=site).text
    assert MOTTO.lower() in learned
    assert SAID.lower() not in learned


# --- the articles' language: --lang --------------------------------------------------------------------------------------

GERMAN = [
    "Die Fähre lief am Montagmorgen vor Wessel auf Grund, und niemand an Bord wurde verletzt, teilte die Hafenbehörde mit.",
    "Der Kapitän sagte, er habe die Tonne im Nebel nicht gesehen, und bat die Fahrgäste um Nachsicht für die lange Nacht.",
]
TEASER = "Lesen Sie auch: Der Fluss steigt"
TONGUES = [
    {"id": "english", "text": f"{FIRST}\n\n{TEASER}\n\n{LAST}\n"},
    {"id": "german", "text": f"{GERMAN[0]}\n\n{TEASER}\n\n{GERMAN[1]}\n"},
]
SPOKEN = {None: {"english"}, "de": set(), "en": {"english", "german"}}


def still_there(records):
    return holding({record["id"]: record["text"] for record in records}, TEASER)


@pytest.mark.parametrize("lang", SPOKEN)
def test_rules_are_those_of_the_language_found_or_told(run_cleaner, tree, lang):
    flags = () if lang is None else ("--lang", lang)
    where = tree({"a.jsonl": as_lines(TONGUES), "cleaner.toml": f'lang = "{lang}"\n' if lang else ""})
    for args, cwd in (
        (("clean", "--json", *flags), where),
        (("diff", "--json", *flags), where),
        (("clean", "--json"), where / "in"),
    ):
        assert still_there(run_cleaner(*args, where / "in/a.jsonl", cwd=cwd).records) == SPOKEN[lang], args
    assert run_cleaner("run", *flags, "in", "out", cwd=where).code == 0
    assert holding(texts_of(where / "out/articles/a.jsonl"), TEASER) == SPOKEN[lang]
    articles = [cleaner.Article(**record) for record in TONGUES]
    results = zip(articles, cleaner.clean_many(articles, lang=lang), strict=True)
    assert holding({article.id: result.text for article, result in results}, TEASER) == SPOKEN[lang]
    assert holding({article.id: cleaner.clean(article, lang=lang).text for article in articles}, TEASER) == SPOKEN[lang]


def test_groups_are_of_what_is_left_in_the_language_told(run_cleaner, prose):
    """Two articles in one long German frame: copies of each other, until they are taken for German."""
    frame = "\n".join(f"Lesen Sie auch: {word} {word}haus" for word in prose(1).split()[:120])
    given = as_lines({"id": str(n), "text": f"{prose(n, 1)}\n{frame}\n"} for n in (5, 6))
    found = {lang: run_cleaner("group", "--json", "--lang", lang, input=given).records for lang in ("en", "de")}
    assert {lang: len({record["copy"] for record in records}) for lang, records in found.items()} == {"en": 1, "de": 2}


# --- what a story is: --strict, --loose, --window, --copies-only -----------------------------------------------------------


@pytest.fixture(scope="module")
def graded():
    """Pairs of articles from hardly alike to clearly of one story."""
    return [{"id": name, "text": text} for name, text in graded_tellings()]


STRICTNESS = {"strict": ("--strict",), "normal": (), "loose": ("--loose",)}


def test_strict_groups_fewer_and_loose_more(run_cleaner, tree, graded):
    where = tree({"a.jsonl": as_lines(graded)})
    found = {}
    for dial, args in STRICTNESS.items():
        records = run_cleaner("group", "--json", *args, "in", cwd=where).records
        found[dial] = {record["id"]: record["story"] for record in records}
        assert len({record["copy"] for record in records}) == len(graded)
        assert run_cleaner("run", *args, "in", f"out-{dial}", cwd=where).code == 0
        rows = (where / f"out-{dial}/groups.jsonl").read_text(encoding="utf-8").splitlines()
        assert {row["id"]: row["story"] for row in map(json.loads, rows)} == found[dial]
        grouping = cleaner.group([cleaner.Article(**record) for record in graded], strictness=dial)
        assert {member.id: member.story for member in grouping.members} == found[dial]
    told = {dial: len(set(stories.values())) for dial, stories in found.items()}
    assert told["strict"] > told["normal"] > told["loose"]
    for narrow, wide in (("strict", "normal"), ("normal", "loose")):  # what one holds together, the wider one does
        assert all(found[wide][name] == found[wide][story] for name, story in found[narrow].items())


@pytest.fixture(scope="module")
def dated(fixtures):
    """Two tellings of one event, three days apart, and two of another, seven days apart."""
    event = [(fixtures / f"harbour/ferry-{name}.txt").read_text(encoding="utf-8") for name in ("gazette", "tribune")]
    other = tellings(7, 24)
    dates = ["2024-03-18", "2024-03-21", "2024-03-18", "2024-03-25"]
    return [
        {"id": str(n), "date": date, "text": text}
        for n, (date, text) in enumerate(zip(dates, [*event, *other], strict=True))
    ]


@pytest.mark.parametrize(("days", "stories"), [(None, 3), (0, 4), (2, 4), (3, 3), (6, 3), (7, 2), (30, 2)])
def test_a_wider_window_joins_and_a_narrower_one_parts(run_cleaner, tree, dated, days, stories):
    where = tree({"a.jsonl": as_lines(dated)})
    args = () if days is None else ("--window", str(days))
    records = run_cleaner("group", "--json", *args, "in", cwd=where).records
    assert len({record["story"] for record in records}) == stories
    grouping = cleaner.group([cleaner.Article(**r) for r in dated], **({} if days is None else {"window": days}))
    assert [member.story for member in grouping.members] == [record["story"] for record in records]
    if days in (None, 2, 7):
        assert run_cleaner("run", *args, "in", "out", cwd=where).code == 0
        rows = (where / "out/groups.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(row)["story"] for row in rows] == [record["story"] for record in records]


def test_copies_only_tells_no_story_and_the_same_copies(run_cleaner, dated):
    articles = [*dated, {**dated[0], "id": "again"}]
    both, only = (
        run_cleaner("group", "--json", *args, input=as_lines(articles)).records for args in ((), ("--copies-only",))
    )
    assert [record["copy"] for record in both] == [record["copy"] for record in only]
    assert len({record["copy"] for record in only}) == len({record["story"] for record in only}) == 4
    assert len({record["story"] for record in both}) == 3
    for records, flag in ((both, False), (only, True)):
        grouping = cleaner.group([cleaner.Article(**r) for r in articles], copies_only=flag)
        assert [(member.story, member.copy) for member in grouping.members] == [(r["story"], r["copy"]) for r in records]


# --- as they are: --no-clean ---------------------------------------------------------------------------------------------


def together(copies):
    """Which articles are copies of each other, by the place of the first."""
    return [copies.index(copy) for copy in copies]


def test_without_cleaning_what_stands_around_articles_counts(run_cleaner, tree, prose):
    """Two articles in one long frame are copies only as they came; one article in a frame and out of it, only cleaned."""
    frame = "\n".join(
        f"Copyright 2024 Wire {n}. All rights reserved. {word}" for n, word in enumerate(prose(1).split()[:120])
    )
    framed = [f"{prose(n, 1)}\n{frame}\n" for n in (5, 6)]
    records = [{"id": str(n), "text": text} for n, text in enumerate([*framed, prose(5, 1)])]
    where = tree({"a.jsonl": as_lines(records)} | {f"{r['id']}.txt": r["text"] for r in records})
    for args, clean, copies in (((), True, [0, 1, 0]), (("--no-clean",), False, [0, 0, 2])):
        found = run_cleaner("group", "--json", *args, "in/a.jsonl", cwd=where).records
        assert together([record["copy"] for record in found]) == copies
        grouping = cleaner.group([cleaner.Article(**record) for record in records], clean=clean)
        assert together([member.copy for member in grouping.members]) == copies
        for a, b in ((0, 1), (0, 2)):
            (compared,) = run_cleaner("diff", "--json", *args, f"in/{a}.txt", f"in/{b}.txt", cwd=where).records
            assert compared["same_copy"] == (copies[a] == copies[b])
            assert cleaner.diff(records[a]["text"], records[b]["text"], clean=clean).same_copy == (copies[a] == copies[b])
