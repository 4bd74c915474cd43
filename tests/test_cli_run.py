"""`cleaner run IN OUT`: the batch. A directory is cleaned, grouped and reported on, and every input is accounted for."""

import gzip
import json
import shutil

import pytest

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
LAST = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."
DIRTY = f"{FIRST}\n\nAdvertisement\n\n{LAST}\n"
CLEAN = f"{FIRST}\n\n{LAST}\n"


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def contents(folder):
    """Every file below a folder, by its path there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def batch(run_cleaner, fixtures, tmp_path_factory):
    top = tmp_path_factory.mktemp("batch")
    shutil.copytree(fixtures, top / "in")
    return top, run_cleaner("run", "in", "out", "--workers", "2", cwd=top)


def test_it_ends_well_and_says_what_it_did(batch):
    _, ran = batch
    assert ran.code == 0
    assert "21" in ran.text
    assert "in/README.md: " in ran.err


def test_the_inputs_are_as_they_were(batch, fixtures):
    assert contents(batch[0] / "in") == contents(fixtures)


def test_the_articles_are_in_the_tree_of_the_input(batch, fixtures, run_cleaner):
    out = batch[0] / "out"
    named = {path.name for path in out.iterdir()}
    assert {"groups.jsonl", "manifest.jsonl"} <= named
    texts = {name: content.decode() for name, content in contents(out).items() if name.endswith(".txt")}
    assert len(texts) == 13
    (tribune,) = [text for name, text in texts.items() if name.endswith("harbour/ferry-tribune.txt")]
    assert tribune == run_cleaner("clean", fixtures / "harbour/ferry-tribune.txt").text


def test_groups_are_those_of_group_json(batch, run_cleaner):
    top, _ = batch
    found = rows(top / "out/groups.jsonl")
    alone = run_cleaner("group", "--json", "in", cwd=top).records
    assert [row["id"] for row in found] == [row["id"] for row in alone]
    assert [(row["story"], row["copy"]) for row in found] == [(row["story"], row["copy"]) for row in alone]


def test_copies_only_skips_stories(batch, run_cleaner, tmp_path):
    top, out = batch[0], tmp_path / "out"
    assert run_cleaner("run", "in", out, "--copies-only", cwd=top).code == 0
    found, whole = rows(out / "groups.jsonl"), rows(top / "out/groups.jsonl")
    assert [(row["id"], row["copy"]) for row in found] == [(row["id"], row["copy"]) for row in whole]
    assert all(row["story"] == row["copy"] for row in found)
    assert any(row["id"] != row["copy"] for row in found)
    assert (out / "stories.jsonl").read_bytes() == b""
    assert contents(out / "articles") == contents(top / "out/articles")
    again = run_cleaner("run", "in", out, cwd=top)
    assert "every article is summed up again" in again.err
    assert rows(out / "groups.jsonl") == whole
    assert contents(out / "articles") == contents(top / "out/articles")


def test_every_input_has_a_row(batch, fixtures):
    manifest = rows(batch[0] / "out/manifest.jsonl")
    files = {str(path.relative_to(fixtures)) for path in fixtures.rglob("*") if path.is_file()}
    assert {row["input"].partition("#")[0] for row in manifest} == files
    assert {row["input"]: row["status"] for row in manifest if row["status"] != "cleaned"} == {"README.md": "skipped"}
    cleaned = [row for row in manifest if row["status"] == "cleaned"]
    assert [row["id"] for row in cleaned] == [row["id"] for row in rows(batch[0] / "out/groups.jsonl")]
    assert all((batch[0] / "out" / row["output"]).is_file() for row in cleaned)


def test_what_came_out_stays_as_it_is_when_cleaned_again(batch, run_cleaner):
    ran = run_cleaner("clean", "--check", batch[0] / "out/articles")
    assert (ran.code, ran.out) == (0, b"")


def test_the_same_batch_again_gives_the_same_bytes(batch, run_cleaner):
    top, _ = batch
    assert run_cleaner("run", "in", "again", "--workers", "1", cwd=top, env={"PYTHONHASHSEED": "5"}).code == 0
    assert contents(top / "again") == contents(top / "out")


def test_broken_inputs_fail_and_the_others_are_done(run_cleaner, tree):
    where = tree(
        {
            "a.txt": DIRTY,
            "b.jsonl": json.dumps({"id": 1, "text": DIRTY}) + "\nbroken\n" + json.dumps({"id": 2, "text": "x"}) + "\n",
            "all-broken.jsonl": "broken\n",
            "binary": b"\x00\x01\x02" * 99,
            "binary.txt": b"\x00\x01\x02" * 99,
            "cut.txt.gz": gzip.compress(DIRTY.encode() * 9)[:60],
            "empty.jsonl": "",
            "empty.txt": "",
            "notes.md": "x",
            ".hidden.txt": DIRTY,
        }
    )
    ran = run_cleaner("run", "in", "out", cwd=where)
    assert ran.code == 2
    status = {}
    for row in rows(where / "out/manifest.jsonl"):
        assert row["input"] not in status
        status[row["input"]] = row["status"]
        assert row["status"] == "cleaned" or row["reason"]
    assert status == {
        "a.txt": "cleaned",
        "all-broken.jsonl#1": "failed",
        "b.jsonl#1": "cleaned",
        "b.jsonl#2": "failed",
        "b.jsonl#3": "cleaned",
        "binary": "skipped",
        "binary.txt": "skipped",
        "cut.txt.gz": "failed",
        "empty.jsonl": "skipped",
        "empty.txt": "skipped",
        "notes.md": "skipped",
    }
    assert list(status) == sorted(status)
    written = {name: content for name, content in contents(where / "out/articles").items() if content}
    assert written.keys() == {"a.txt", "b.jsonl"}
    assert written["a.txt"].decode() == CLEAN
    assert [json.loads(line)["text"] for line in written["b.jsonl"].splitlines()] == [CLEAN, "x"]


def test_repeated_ids_are_told_apart_and_warned_of(run_cleaner, tree, prose):
    lines = "".join(json.dumps({"id": "same", "text": prose(n)}) + "\n" for n in range(3))
    where = tree({"a.jsonl": lines})
    ran = run_cleaner("run", "in", "out", cwd=where)
    ids = ["same", "same~2", "same~3"]
    assert (ran.code, ran.err.count("same")) == (0, 1)
    assert [row["id"] for row in rows(where / "out/groups.jsonl")] == ids
    assert [row["id"] for row in rows(where / "out/manifest.jsonl")] == ids
    assert [row["id"] for row in rows(where / "out/articles/a.jsonl")] == ["same"] * 3


def test_what_repeats_within_the_site_is_learned_first_and_copies_are_no_repetition(run_cleaner, tree, prose):
    line = "The Lantern Weekly, the paper of the coast since 1902"
    pages = {f"site/{n}.txt": f"{prose(n)}\n{line}\n" for n in range(6)}
    copies = {f"copies/{n}.txt": f"{FIRST}\n" for n in range(5)}
    where = tree(pages | copies)
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    written = contents(where / "out/articles")
    assert [name for name in pages if line.encode() in written[name]] == []
    assert {written[name].decode() for name in copies} == {f"{FIRST}\n"}


@pytest.mark.parametrize(
    "args", [("in", "in"), ("in", "in/out"), ("in", "."), ("missing", "out"), ("in", "in/a.txt"), ("in/a.txt", "in")]
)
def test_what_would_overlap_or_is_not_there_is_refused(run_cleaner, tree, args):
    where = tree({"a.txt": DIRTY})
    ran = run_cleaner("run", *args, cwd=where)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err
    assert contents(where) == {"in/a.txt": DIRTY.encode()}
