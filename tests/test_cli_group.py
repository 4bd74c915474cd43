"""`cleaner group`: copies and stories, whoever comes first and however many work on them."""

import gzip
import json
import random

import pytest

COPY = {
    "harbour/ferry-gazette-syndicated.txt": "harbour/ferry-gazette.txt",
    "harbour/ferry-gazette.txt": "harbour/ferry-gazette.txt",
    "museum/theft-chronicle.txt": "wire-0001",
    "museum/theft-chronicle-update.txt": "wire-0001",
    "wire-0001": "wire-0001",
    "wire-0002": "wire-0003",
    "wire-0003": "wire-0003",
}
STORY = {
    **COPY,
    "harbour/ferry-tribune.txt": "harbour/ferry-gazette.txt",
    "museum/theft-courier.html": "wire-0001",
    "wire-0004": "wire-0003",
}
IDS = [
    "clean/embassy-posts.txt",
    "clean/library-hours.txt",
    "harbour/ferry-gazette-syndicated.txt",
    "harbour/ferry-gazette.txt",
    "harbour/ferry-tribune.txt",
    "misc/clickbait-tail.txt",
    "misc/consent-stub.txt",
    "misc/council-budget.txt",
    "misc/heatwave.html",
    "misc/telegram-bom.txt",
    "museum/theft-chronicle-update.txt",
    "museum/theft-chronicle.txt",
    "museum/theft-courier.html",
    "wire-0001",
    "wire-0002",
    "wire-0003",
    "wire-0004",
    "wire.jsonl#5",
    "wire-0006",
    "wire-0007",
    "wire-0008",
]
PATHS = ("clean", "harbour", "misc", "museum", "wire.jsonl")


def partition(ran, key):
    """The groups as sets of ids, whatever they are called."""
    groups = {}
    for record in ran.records:
        groups.setdefault(record[key], set()).add(record["id"])
    return {frozenset(group) for group in groups.values()}


def expected(of):
    groups = {}
    for name in IDS:
        groups.setdefault(of.get(name, name), set()).add(name)
    return {frozenset(group) for group in groups.values()}


@pytest.fixture(scope="module")
def grouped(run_cleaner, fixtures):
    return run_cleaner("group", "--json", *PATHS, cwd=fixtures)


def test_one_record_an_article_in_input_order(grouped):
    assert grouped.code == 0
    assert [record["id"] for record in grouped.records] == IDS
    assert all({"id", "story", "copy"} <= record.keys() for record in grouped.records)


def test_copies_are_found(grouped):
    assert partition(grouped, "copy") == expected(COPY)


def test_stories_are_found(grouped):
    assert partition(grouped, "story") == expected(STORY)


def test_groups_are_called_by_a_member_that_is_its_own_representative(grouped):
    by_id = {record["id"]: record for record in grouped.records}
    for record in grouped.records:
        assert by_id[record["copy"]]["copy"] == record["copy"]
        assert by_id[record["copy"]]["story"] == record["story"]
        assert by_id[record["story"]]["story"] == by_id[record["story"]]["copy"] == record["story"]


def test_groups_depend_neither_on_order_nor_on_workers(run_cleaner, fixtures, grouped):
    ran = run_cleaner("group", "--json", *PATHS[::-1], "--workers", "1", cwd=fixtures)
    assert {r["id"]: r for r in ran.records} == {r["id"]: r for r in grouped.records}


def test_copies_only_skips_stories(run_cleaner, fixtures, grouped):
    ran = run_cleaner("group", "--json", "--copies-only", *PATHS, cwd=fixtures)
    assert {r["id"]: r["copy"] for r in ran.records} == {r["id"]: r["copy"] for r in grouped.records}
    assert all(record["story"] == record["copy"] for record in ran.records)


def test_unique_writes_each_representative_as_it_came(run_cleaner, fixtures, grouped):
    ran = run_cleaner("group", "--unique", *PATHS, cwd=fixtures)
    assert ran.code == 0
    assert len(ran.records) == len({record["copy"] for record in grouped.records}) == 17
    given = [json.loads(line) for line in (fixtures / "wire.jsonl").read_text(encoding="utf-8").splitlines()]
    kept = [record for record in given if record.get("id") != "wire-0002"]
    assert ran.records[-len(kept) :] == kept
    by_id = {record.get("id"): record for record in ran.records}
    heads = [r["id"] for r in grouped.records if r["id"] == r["copy"] and "#" not in r["id"]]
    assert [name for name in by_id if name] == heads
    tribune = (fixtures / "harbour/ferry-tribune.txt").read_text(encoding="utf-8")
    assert by_id["harbour/ferry-tribune.txt"] == {"id": "harbour/ferry-tribune.txt", "text": tribune}


def test_unique_reads_twice_what_can_be_read_once(run_cleaner, fixtures):
    """Standard input, compressed and with lines that are no records, comes out as a file of the same does."""
    lines = (fixtures / "wire.jsonl").read_bytes().splitlines(keepends=True)
    data = b"".join([lines[0], b"not json\n", b"\n", b'{"text": 5}\n', *lines])
    ran = run_cleaner("group", "--unique", input=gzip.compress(data))
    assert ran.code == 2
    assert [line.split(":")[1:3] for line in ran.err.splitlines()[:2]] == [[" -", "2"], [" -", "4"]]
    assert ran.records == run_cleaner("group", "--unique", fixtures / "wire.jsonl").records
    cut = run_cleaner("group", "--unique", input=gzip.compress(data, mtime=0)[:-20])
    assert (cut.code, "ends too early" in cut.err) == (2, True)


def test_the_overview_names_the_groups(run_cleaner, fixtures):
    ran = run_cleaner("group", *PATHS, cwd=fixtures)
    assert ran.code == 0
    assert all(name in ran.text for name in STORY)
    assert "misc/telegram-bom.txt" not in ran.text
    assert "\x1b" not in ran.text


def test_articles_are_taken_as_they_are_if_told_so(run_cleaner, prose):
    """Two different articles in the same long frame are copies of each other as long as the frame is on."""
    frame = "\n".join(
        f"Copyright 2024 Wire {n}. All rights reserved. {word}" for n, word in enumerate(prose(1).split()[:120])
    )
    lines = "".join(json.dumps({"id": f"a{n}", "text": f"{prose(n, 1)}\n{frame}\n"}) + "\n" for n in (5, 6))
    assert (
        len({r["copy"] for r in run_cleaner("group", "--json", "--from", "jsonl", "--no-clean", input=lines).records}) == 1
    )


def test_ids_given_missing_and_repeated(run_cleaner, prose):
    ids = ["a", "b", "a", "a", 7, None, 7]
    records = [{"key": i, "body": prose(n)} if i is not None else {"body": prose(n)} for n, i in enumerate(ids)]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    ran = run_cleaner("group", "--json", "--id-field", "key", "--text-field", "body", input=lines)
    assert (ran.code, [record["id"] for record in ran.records]) == (0, ["a", "b", "a~2", "a~3", 7, "-#6", "7~2"])
    assert [line.split(":")[1].strip() for line in ran.err.splitlines()] == ["a", "7"]


def test_few_or_empty_articles_stay_alone(run_cleaner):
    texts = ["", "", "one two three", "one two three four five six seven"]
    lines = "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts))
    ran = run_cleaner("group", "--json", input=lines)
    assert ran.code == 0
    assert [(r["id"], r["story"], r["copy"]) for r in ran.records] == [(str(n),) * 3 for n in range(len(texts))]


def test_dates_far_apart_make_two_stories_and_unreadable_ones_do_not(run_cleaner, fixtures):
    ferry = [(fixtures / f"harbour/ferry-{name}.txt").read_text(encoding="utf-8") for name in ("gazette", "tribune")]
    wire = [json.loads(line) for line in (fixtures / "wire.jsonl").read_text(encoding="utf-8").splitlines()]
    onions = [next(record["text"] for record in wire if record.get("id") == f"wire-000{n}") for n in (2, 4)]
    dates = ["2024-03-18", "2024-09-01", "2024-05-09", "soon"]
    records = [{"id": str(n), "text": text, "date": dates[n]} for n, text in enumerate([*ferry, *onions])]
    ran = run_cleaner("group", "--json", input="".join(json.dumps(record) + "\n" for record in records))
    assert (ran.code, [record["story"] for record in ran.records]) == (0, ["0", "1", "2", "2"])


def test_many_articles_whatever_the_order_the_workers_and_the_hash_seed(run_cleaner, prose):
    pick = random.Random(7)
    records = []
    for n in range(300):
        words = prose(n % 120, 2).split()
        for _ in range(n // 120 * 2):
            words[pick.randrange(len(words))] = pick.choice(["otter", "lamp", "seven", "quay"])
        records.append({"id": f"r{n:03}", "text": " ".join(words)})
    found = []
    for seed, workers in (("0", "1"), ("1", "3")):
        lines = "".join(json.dumps(record) + "\n" for record in records)
        ran = run_cleaner("group", "--json", "--workers", workers, input=lines, env={"PYTHONHASHSEED": seed})
        assert [record["id"] for record in ran.records] == [record["id"] for record in records]
        found.append({record["id"]: record for record in ran.records})
        pick.shuffle(records)
    assert found[0] == found[1]
    assert len({record["copy"] for record in found[0].values()}) == 120


@pytest.mark.parametrize(("keep", "kept"), [(None, "am"), ("earliest", "am"), ("latest", "pm"), ("longest", "noon")])
def test_the_version_to_keep(run_cleaner, prose, keep, kept):
    versions = [("noon", "12:10", " It was noon."), ("am", "08:00", ""), ("pm", "19:30", "")]
    lines = "".join(
        json.dumps({"id": name, "date": f"2026-05-04T{time}:00Z", "text": prose(3) + more}) + "\n"
        for name, time, more in versions
    )
    more = ("--keep", keep) if keep else ()
    assert [record["id"] for record in run_cleaner("group", "--unique", *more, input=lines).records] == [kept]
    assert {record["copy"] for record in run_cleaner("group", "--json", input=lines).records} == {"am"}


def test_keep_goes_with_unique(run_cleaner):
    ran = run_cleaner("group", "--keep", "latest", "--json", input="")
    assert ran.code == 2
    assert "--unique" in ran.err
