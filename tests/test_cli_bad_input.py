"""Inputs that are broken, or not what they seem: each is named, the others are done, and nothing ends in a traceback."""

import gzip
import json
import lzma
import os
import random

import pytest
import zstandard
from samples import FIRST

pytestmark = pytest.mark.slow

GOOD = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge.\n"
BINARY = random.Random(1).randbytes(4000)
PACKED = gzip.compress(GOOD.encode() * 50)


def by_id(ran):
    return {record["id"]: record["text"] for record in ran.records}


@pytest.fixture(scope="module")
def mess(tmp_path_factory):
    """A directory in which everything can be read or passed over: good articles among what is no article."""
    top = tmp_path_factory.mktemp("mess")
    folder = top / "in"
    (folder / "deep").mkdir(parents=True)
    files = {
        "a.txt": GOOD,
        "deep/b.txt": GOOD,
        "z.txt": GOOD,
        "binary": BINARY,
        "binary.txt": BINARY,
        "image.html": b"\x89PNG\r\n\x1a\n" + BINARY,
        "nul.txt": GOOD[:50].encode() + b"\x00\x00" + GOOD.encode(),
        "packed.gz": gzip.compress(BINARY),
        "paper.pdf": b"%PDF-1.7\n" + BINARY,
        "notes.md": GOOD,
        ".hidden.txt": GOOD,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / ".hidden").mkdir()
    (folder / ".hidden/c.txt").write_text(GOOD)
    (folder / "linked.txt").symlink_to("a.txt")
    (folder / "loop").symlink_to("../in")
    os.mkfifo(folder / "fifo.txt")
    return top


@pytest.fixture(scope="module")
def messy(mess, run_cleaner):
    return run_cleaner("clean", "--json", "in", cwd=mess)


def test_a_directory_gives_its_articles_in_sorted_order(messy):
    assert [record["id"] for record in messy.records] == ["in/a.txt", "in/deep/b.txt", "in/linked.txt", "in/z.txt"]
    assert {record["text"] for record in messy.records} == {GOOD}


@pytest.mark.parametrize(
    "name", ["binary", "binary.txt", "image.html", "nul.txt", "packed.gz", "paper.pdf", "notes.md", "fifo.txt"]
)
def test_what_is_no_article_is_skipped_with_a_note(messy, name):
    assert len([line for line in messy.err.split("\n") if f"in/{name}: " in line]) == 1


def test_skipping_is_no_failure(messy):
    assert messy.code == 0


def test_hidden_names_and_linked_folders_are_passed_over(messy):
    assert "hidden" not in messy.err
    assert "loop" not in messy.err


def test_a_dangling_link_in_a_directory_is_named(run_cleaner, tree):
    where = tree({"a.txt": GOOD})
    (where / "in/gone.txt").symlink_to("nowhere")
    ran = run_cleaner("clean", "--json", "in", cwd=where)
    assert by_id(ran) == {"in/a.txt": GOOD}
    assert "in/gone.txt: " in ran.err


BROKEN = {
    "binary.txt": BINARY,
    "binary": BINARY,
    "nul.txt": b"some text\x00\x00" + GOOD.encode(),
    "image.html": b"\x89PNG\r\n\x1a\n" + BINARY,
    "cut.txt.gz": PACKED[: len(PACKED) // 2],
    "cut.txt.xz": lzma.compress(BINARY)[:2000],
    "cut.txt.zst": zstandard.ZstdCompressor().compress(BINARY)[:2000],
    "damaged.txt.gz": PACKED[:20] + b"\xff\x00\xff" + PACKED[23:],
    "no-records.json": b"{broken",
    "scalar.json": b"7",
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "odd.jsonl": b"\xff\xfe\xfd\n",
}


def test_what_is_named_and_cannot_be_read_fails_and_the_others_are_done(run_cleaner, tree):
    where = tree({**BROKEN, "good.txt": GOOD})
    (where / "in/empty").mkdir()
    (where / "in/only-notes").mkdir()
    (where / "in/only-notes/a.md").write_text(GOOD)
    (where / "in/gone.txt").symlink_to("nowhere")
    bad = [f"in/{name}" for name in (*BROKEN, "missing.txt", "empty", "only-notes", "gone.txt")]
    ran = run_cleaner("clean", "--json", *bad, "in/good.txt", cwd=where)
    assert ran.code == 2
    assert by_id(ran) == {"in/good.txt": GOOD}
    assert [name for name in bad if f"cleaner: {name}" not in ran.err] == []


def test_records_that_cannot_be_read_are_named_by_their_line(run_cleaner, tree):
    lines = [
        json.dumps({"id": "one", "text": GOOD}),
        "{broken",
        '{"text": 7}',
        '{"id": "no text"}',
        '["an array"]',
        "[" * 50_000,
        '{"html": {}}',
        json.dumps({"id": "last", "text": GOOD}),
    ]
    where = tree({"a.jsonl": "\n".join(lines).encode() + b'\n{"text": "\xff"}'})
    for command in ("clean", "group"):
        ran = run_cleaner(command, *(["--json"] if command == "group" else []), "in/a.jsonl", cwd=where)
        assert ran.code == 2
        assert [record["id"] for record in ran.records] == ["one", "last"]
        assert [n for n in (2, 3, 4, 5, 6, 7, 9) if f"in/a.jsonl:{n}: " not in ran.err] == []


@pytest.mark.parametrize("depth", [100, 700])
def test_a_deep_record_among_many_costs_no_other_record(run_cleaner, depth):
    plain = [json.dumps({"id": str(n), "text": f"Line {n} of the harbour log."}) for n in range(200)]
    deep = '{"id": "deep", "text": "Deep.", "m": ' + "[" * depth + "]" * depth + "}"
    ran = run_cleaner("clean", "--workers", "2", input="\n".join([*plain[:100], deep, *plain[100:]]))
    assert [record["id"] for record in ran.records if record["id"] != "deep"] == [str(n) for n in range(200)]
    assert ("deep" in {record["id"] for record in ran.records}) == (ran.code == 0)


def test_json_stays_json_whatever_the_numbers(run_cleaner):
    ran = run_cleaner(
        "clean", input='{"id": "a", "text": "x", "n": 1e400}\n{"id": "b", "text": "x", "n": NaN}\n{"text": "y"}\n'
    )
    assert ran.records[-1] == {"id": "-#3", "text": "y"}


@pytest.mark.parametrize(("tag", "depth"), [("div", 256), ("div", 3000), ("span", 3000), ("div", 100_000), ("b", 9000)])
def test_deeply_nested_pages_keep_what_stands_at_their_end(run_cleaner, tag, depth):
    page = f"<html><body>{f'<{tag}>' * depth}<p>{FIRST}</p>{f'</{tag}>' * depth}<p>{GOOD * 3}</p></body></html>"
    ran = run_cleaner("clean", "--from", "html", input=page)
    assert ran.code == 0
    assert FIRST in ran.text
    assert GOOD.strip() in ran.text


def test_a_page_that_closes_nothing_keeps_what_stands_at_its_end(run_cleaner):
    ran = run_cleaner("clean", "--from", "html", input=f"<html><body>{'<div>' * 3000}<p>{FIRST}</p><p>{GOOD * 3}</p>")
    assert ran.code == 0
    assert GOOD.strip() in ran.text


def test_permission_denied_is_named(run_cleaner, tree):
    where = tree({"a.txt": GOOD, "locked.txt": GOOD, "shut/b.txt": GOOD})
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (where / "in/locked.txt").chmod(0)
    (where / "in/shut").chmod(0)
    try:
        ran = run_cleaner("clean", "--json", "in", cwd=where)
    finally:
        (where / "in/shut").chmod(0o700)
    assert (ran.code, by_id(ran)) == (2, {"in/a.txt": GOOD})
    assert "in/locked.txt: " in ran.err
    assert "in/shut: " in ran.err


@pytest.mark.parametrize("content", [BINARY, PACKED[: len(PACKED) // 2]], ids=["binary", "cut"])
def test_standard_input_that_cannot_be_read(run_cleaner, tree, content):
    where = tree({"a.txt": GOOD})
    ran = run_cleaner("clean", "--json", "-", "in/a.txt", cwd=where, input=content)
    assert (ran.code, by_id(ran)) == (2, {"in/a.txt": GOOD})
    assert ran.err.startswith("cleaner: -: ")


# --- hostile strings --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(data):
    """The table, and what is too long to be in it."""
    return [text for texts in data("hostile.json").values() for text in texts] + ["x" * 100_000, "word " * 10_000]


@pytest.fixture(scope="module")
def hostile_file(hostile, tmp_path_factory, prose):
    """A file of records, each with a hostile string as its title, its site, its id, and in and around its text."""
    path = tmp_path_factory.mktemp("hostile") / "in.jsonl"
    texts = [text if n % 3 == 0 else f"{prose(n, 1)}\n{text}\n\nRelated Posts\n\n{text}\n" for n, text in enumerate(hostile)]
    records = [
        {"id": f"{n} {given[:99]}", "title": given, "url": given, "site": given, "text": text, "date": given[:9]}
        for n, (given, text) in enumerate(zip(hostile, texts, strict=True))
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path, records


def test_hostile_records_come_out_as_they_went_in_but_for_what_was_removed(run_cleaner, hostile_file):
    path, records = hostile_file
    ran = run_cleaner("clean", "--json", path)
    assert (ran.code, len(ran.records)) == (0, len(records))
    for given, got in zip(records, ran.records, strict=True):
        kept, at = "", 0
        for span in got["removed"]:
            kept += given["text"][at : span["start"]]
            at = span["end"]
        assert got["text"] == kept + given["text"][at:]
        assert {key: got[key] for key in given if key != "text"} == {key: given[key] for key in given if key != "text"}


def test_reports_of_hostile_records_show_what_is_in_them(run_cleaner, hostile_file, raw):
    path, _ = hostile_file
    reports = [
        run_cleaner("clean", "--diff", path),
        run_cleaner("group", path),
    ]
    for ran in reports:
        assert ran.code == 0
        assert raw(ran.text) == set()
    assert "[/b]" in reports[0].text
    assert "<U+001B>" in reports[0].text


def test_comparing_hostile_articles(run_cleaner, hostile, tmp_path, raw, prose):
    for name, n in (("a.json", 1), ("b.json", 2)):
        text = "\n".join(f"{line} {prose(n)}" for line in hostile[n::2] if len(line) < 1000)
        (tmp_path / name).write_text(json.dumps({"title": hostile[n], "text": text}))
    ran = run_cleaner("diff", tmp_path / "a.json", tmp_path / "b.json")
    assert ran.code == 0
    assert raw(ran.text) == set()


def test_hostile_file_names(run_cleaner, hostile, tmp_path, raw):
    folder = tmp_path / "in"
    folder.mkdir()
    names = {
        name.encode(errors="surrogateescape" if "\udc80" in name else "replace")[:80] for name in hostile if name.strip()
    }
    names = {name for name in names if b"/" not in name and b"\0" not in name and not name.startswith(b".")}
    for name in [*names, b"bytes \xff\x9b31m"]:
        for suffix, text in ((b".txt", GOOD + "\nAdvertisement\n"), (b".md", "x"), (b".jsonl", "broken\n")):
            with open(os.fsencode(folder) + b"/" + name + suffix, "w") as file:
                file.write(text)
    ran = run_cleaner("clean", "--diff", "in", cwd=tmp_path)
    assert ran.code == 2
    assert raw(ran.text) == set()
    ran = run_cleaner("run", "in", "out", cwd=tmp_path)
    assert raw(ran.text) == set()
    rows = [json.loads(line) for line in (tmp_path / "out/manifest.jsonl").read_text().split("\n")[:-1]]
    assert len(rows) == 3 * len(names) + 3
    assert [os.path.exists(tmp_path / "out" / row["output"]) for row in rows if "output" in row] == [True] * (len(names) + 1)
