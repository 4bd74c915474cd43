"""`cleaner clean` of records: the fields that play a part and those that do not; and what `--learn` adds."""

import gzip
import json
import subprocess
import sys
import time

import pytest
from samples import CLEAN, DIRTY, FIRST, LAST, LINES, PAGE, RECORD


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def trickle(plain_environment):
    """`cleaner clean` of an input whose first bytes come long before the rest: its exit code and output."""

    def run(content, at):
        command = [sys.executable, "-m", "cleaner", "clean"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=plain_environment)
        child.stdin.write(content[:at])
        child.stdin.flush()
        time.sleep(0.5)
        out, _ = child.communicate(content[at:])
        return child.returncode, out

    return run


def test_records_keep_their_fields_and_order(run_cleaner, tree):
    ran = run_cleaner("clean", tree({"a.jsonl": LINES}) / "in/a.jsonl")
    assert ran.code == 0
    assert ran.records == [{**RECORD, "text": CLEAN}, {"text": "Short.", "id": 7}]


def test_json_is_one_record_or_an_array(run_cleaner, tree):
    two = [RECORD, {"text": "Short."}]
    where = tree(
        {"1.json": json.dumps(RECORD, indent=1), "2.json": json.dumps(two, indent=1), "3.json": json.dumps(two[:1])}
    )
    ran = run_cleaner("clean", "in/1.json", "in/2.json", "in/3.json", cwd=where)
    record = {**RECORD, "text": CLEAN}
    assert (ran.code, ran.records) == (0, [record, record, {"id": "in/2.json#2", "text": "Short."}, record])


def test_html_of_a_record_becomes_text_and_text_wins(run_cleaner):
    page = {"id": "h", "html": PAGE, "k": 1}
    ran = run_cleaner("clean", input=lines(page, {**page, "text": DIRTY}))
    first, second = ran.records
    assert first["text"].split("\n") == [FIRST, LAST]
    assert first.keys() == second.keys() == {"id", "text", "k"}
    assert second["text"] == CLEAN


def test_missing_ids_and_given_ones(run_cleaner, tree):
    records = '{"text": "a"}\n\n{"text": "b", "id": "own"}\n{"text": "c", "id": null}\n{"text": "d", "id": "own"}\n'
    records += '{"text": "e", "id": ""}\n'
    where = tree({"a.jsonl": records, "b.txt": "b"})
    ran = run_cleaner("clean", "--json", "in", cwd=where)
    ids = ["in/a.jsonl#1", "own", "in/a.jsonl#3", "own", "in/a.jsonl#5"]
    assert [record["id"] for record in ran.records] == [*ids, "in/b.txt"]
    assert [record["id"] for record in run_cleaner("clean", input=records).records] == ["-#1", "own", "-#3", "own", "-#5"]
    assert [row["id"] for row in run_cleaner("group", "--json", input=records).records] == [
        "-#1",
        "own",
        "-#3",
        "own~2",
        "-#5",
    ]


def test_the_fields_that_play_a_part_can_be_named(run_cleaner):
    given = {"body": DIRTY, "key": "k1", "when": "2024-03-01", "text": "Advertisement", "id": 5, "date": "never"}
    names = ("--text-field", "body", "--id-field", "key", "--date-field", "when")
    first, second = run_cleaner("clean", *names, input=lines(given, {"html": PAGE})).records
    assert first == {**given, "body": CLEAN}
    assert second == {"key": "-#2", "body": f"{FIRST}\n{LAST}"}


def test_a_date_that_cannot_be_read_is_passed_through(run_cleaner):
    dates = ["last Tuesday", "", 20240301, None, ["2024"], "2024-13-45"]
    for more in ((), ("--json",)):
        ran = run_cleaner("clean", *more, input=lines(*({"id": "a", "text": "a", "date": date} for date in dates)))
        assert (ran.code, [record["date"] for record in ran.records]) == (0, dates)


@pytest.mark.parametrize("size", [10_000, 100_000])
def test_a_long_first_record_is_still_one_of_several(run_cleaner, size):
    long = {"id": 1, "text": (FIRST + "\n") * (size // len(FIRST)) + LAST}
    assert len(run_cleaner("clean", input=lines(long, RECORD)).records) == 2


def test_standard_input_may_come_in_pieces(trickle):
    for content in (LINES.encode(), gzip.compress(LINES.encode())):
        code, out = trickle(content, at=1)
        assert (code, [json.loads(line)["text"] for line in out.splitlines()]) == (0, [CLEAN, "Short."])


def test_clean_does_not_look_at_the_neighbours_unless_told_to_learn(run_cleaner, tree, prose):
    line = "The Lantern Weekly, the paper of the coast since 1902"
    where = tree({f"{n}.txt": f"{prose(n)}\n{line}\n" for n in range(6)} | {"other/0.txt": f"{prose(9)}\n{line}\n"})
    plain = run_cleaner("clean", "--json", where / "in").records
    assert all(record["text"].endswith(line + "\n") for record in plain)
    learned = run_cleaner("clean", "--learn", "--json", where / "in").records
    assert [record["text"].strip() for record in learned[:6]] == [prose(n).strip() for n in range(6)]
    assert line in learned[6]["text"]


def test_learning_needs_inputs_that_can_be_read_twice(run_cleaner):
    ran = run_cleaner("clean", "--learn", "-", input=DIRTY)
    assert (ran.code, ran.out) == (2, b"")


def test_learning_does_not_take_a_story_for_the_site(run_cleaner, tree, prose):
    """A folder with copies of one short article, beside others: none of them may lose its text."""
    short = "The ferry left the harbour at dawn on Monday and nobody on the pier saw it go.\n"
    where = tree({f"copy{n}.txt": short for n in range(4)} | {f"{n}.txt": prose(n) for n in range(3)})
    texts = {record["text"] for record in run_cleaner("clean", "--learn", "--json", where / "in").records}
    assert texts == {short, *map(prose, range(3))}
