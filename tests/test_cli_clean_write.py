"""`cleaner clean -o DIR` and `--in-place`: what is written where, and what is refused."""

import gzip
import json
import os
import stat

import pytest

pytestmark = pytest.mark.slow

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
LAST = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."
DIRTY = f"{FIRST}\n\nAdvertisement\n\n{LAST}\n"
CLEAN = f"{FIRST}\n\n{LAST}\n"
LINE = json.dumps({"id": 1, "text": DIRTY}) + "\n"
PAGE = f"<html><body><p>{FIRST}</p><p>{LAST}</p></body></html>"

TREE = {
    "a.txt": DIRTY,
    "b/a.html": PAGE,
    "b/a.txt.gz": gzip.compress(DIRTY.encode()),
    "b/c/a.json": json.dumps([{"id": 1, "text": DIRTY}]),
    "b/c/a.jsonl": LINE,
    "b/c/a.jsonl.gz": gzip.compress(LINE.encode()),
    "noext": DIRTY,
    "notes.md": DIRTY,
    "e.jsonl": "",
}
WRITTEN = {"a.txt", "b/a.html.txt", "b/a.txt.gz.txt", "b/c/a.json.jsonl", "b/c/a.jsonl", "b/c/a.jsonl.gz.jsonl", "noext.txt"}


def contents(folder):
    """Every file below a folder, by its path there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_tree_is_kept_by_the_full_input_name(run_cleaner, tree):
    where = tree(TREE)
    before = contents(where / "in")
    ran = run_cleaner("clean", "in", "-o", "out", cwd=where)
    assert (ran.code, ran.out) == (0, b"")
    found = contents(where / "out")
    assert found.keys() == WRITTEN | {"e.jsonl"}
    assert {name for name, content in found.items() if content.decode() == CLEAN} == {"a.txt", "b/a.txt.gz.txt", "noext.txt"}
    record = json.dumps({"id": 1, "text": CLEAN}) + "\n"
    assert {name for name, content in found.items() if content.decode() == record} == {n for n in WRITTEN if "json" in n}
    assert found["b/a.html.txt"].decode() == f"{FIRST}\n{LAST}\n"
    assert contents(where / "in") == before
    assert run_cleaner("clean", "in", "-o", "out", cwd=where).code == 0
    assert contents(where / "out") == found


def test_with_json_every_output_is_of_records(run_cleaner, tree):
    where = tree({"a.txt": DIRTY, "b.jsonl": LINE})
    assert run_cleaner("clean", "in", "--json", "-o", "out", cwd=where).code == 0
    found = contents(where / "out")
    assert found.keys() == {"a.txt.jsonl", "b.jsonl"}
    assert [json.loads(content)["removed"][0]["text"].strip() for content in found.values()] == ["Advertisement"] * 2


@pytest.mark.parametrize(
    ("files", "args"),
    [
        ({"x/a.txt": DIRTY, "y/a.txt": DIRTY}, ("in/x", "in/y", "-o", "out")),
        ({"x/a.txt": DIRTY, "y/a.txt": DIRTY}, ("in/x/a.txt", "in/y/a.txt", "-o", "out")),
        ({"a.html": PAGE, "a.html.txt": DIRTY}, ("in", "-o", "out")),
        ({"a.txt": DIRTY}, ("in/a.txt", "-o", "in")),
        ({"a.txt": DIRTY}, ("in", "-o", "in")),
        ({"a.txt": DIRTY}, ("in", "-o", "in/out")),
        ({"a.txt": DIRTY}, ("in/../in", "-o", "in/deep/out")),
        ({"a.txt": DIRTY}, ("in/a.txt", "-o", "out", "--in-place")),
        ({"a.txt": DIRTY}, ("in/a.txt", "--json", "--check")),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(run_cleaner, tree, files, args):
    where = tree(files)
    before = contents(where)
    ran = run_cleaner("clean", *args, cwd=where)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err
    assert contents(where) == before


def test_a_failure_leaves_the_others_done_and_no_output_of_its_own(run_cleaner, tree):
    where = tree({"a.txt": DIRTY, "bad.txt.gz": gzip.compress(DIRTY.encode() * 9)[:60], "c.txt": DIRTY})
    ran = run_cleaner("clean", "in", "missing.txt", "-o", "out", cwd=where)
    assert ran.code == 2
    assert "in/bad.txt.gz: " in ran.err
    assert "missing.txt: " in ran.err
    assert contents(where / "out") == {"a.txt": CLEAN.encode(), "c.txt": CLEAN.encode()}


ACCENTS = f"{FIRST} Née – “naïve” café.\n\nAdvertisement\n\n{LAST}\n"
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252")
CYRILLIC = (
    "Паром сел на мель в понедельник утром, сообщили власти порта, и никто из пассажиров не пострадал.\n\n"
    "Advertisement\n\nЭкипаж спал до полудня, сказал капитан, и больше ничего не добавил к этому.\n"
)


def test_in_place_keeps_encoding_and_line_ends(run_cleaner, tree):
    texts = {"lf": ACCENTS, "crlf": ACCENTS.replace("\n", "\r\n"), "no-end": ACCENTS.rstrip("\n")}
    cases = {f"{name}-{encoding}.txt": (text, encoding) for name, text in texts.items() for encoding in ENCODINGS}
    where = tree({name: text.encode(encoding) for name, (text, encoding) in cases.items()})
    ran = run_cleaner("clean", "--in-place", where / "in")
    assert (ran.code, ran.out, ran.err) == (0, b"", "")
    for name, (text, encoding) in cases.items():
        end = "\r\n" if "\r" in text else "\n"
        assert (where / "in" / name).read_bytes() == text.replace(f"Advertisement{end}{end}", "").encode(encoding)
    assert len(list((where / "in").iterdir())) == len(cases)


@pytest.mark.parametrize(
    ("mark", "encoding", "text"),
    [
        (b"\xff\xfe", "utf-16-le", ACCENTS),
        (b"\xfe\xff", "utf-16-be", ACCENTS),
        (b"", "cp1251", CYRILLIC),
        (b"", "latin-1", ACCENTS.translate(str.maketrans("–“”", '-""'))),
    ],
)
def test_in_place_keeps_rarer_encodings(run_cleaner, tree, mark, encoding, text):
    where = tree({"a.txt": mark + text.encode(encoding)})
    assert run_cleaner("clean", "--in-place", where / "in/a.txt").code == 0
    assert (where / "in/a.txt").read_bytes() == mark + text.replace("Advertisement\n\n", "").encode(encoding)


def test_in_place_keeps_mode_and_leaves_clean_files_alone(run_cleaner, tree):
    where = tree({"a.txt": DIRTY, "b.txt": CLEAN})
    (where / "in/a.txt").chmod(0o640)
    untouched = (where / "in/b.txt").stat()
    ran = run_cleaner("clean", "--in-place", where / "in")
    assert (ran.code, ran.out) == (0, b"")
    assert contents(where) == {"in/a.txt": CLEAN.encode(), "in/b.txt": CLEAN.encode()}
    assert stat.S_IMODE((where / "in/a.txt").stat().st_mode) == 0o640
    after = (where / "in/b.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (untouched.st_ino, untouched.st_mtime_ns)


def test_in_place_goes_through_a_link(run_cleaner, tree):
    where = tree({"real/a.txt": DIRTY})
    (where / "link.txt").symlink_to("in/real/a.txt")
    assert run_cleaner("clean", "--in-place", "link.txt", cwd=where).code == 0
    assert os.readlink(where / "link.txt") == "in/real/a.txt"
    assert (where / "in/real/a.txt").read_text() == CLEAN
    assert run_cleaner("clean", "--check", "link.txt", cwd=where).code == 0


def test_in_place_does_a_file_and_a_link_to_it_once(run_cleaner, tree):
    where = tree({"a.txt": DIRTY})
    (where / "in/b.txt").symlink_to("a.txt")
    ran = run_cleaner("clean", "--in-place", where / "in")
    assert (ran.code, (where / "in/a.txt").read_text()) == (0, CLEAN)
    assert (where / "in/b.txt").is_symlink()


NOT_OURS = {"a.html": PAGE, "b.jsonl": LINE, "c.json": LINE, "d.txt.gz": gzip.compress(DIRTY.encode())}


def test_in_place_passes_over_what_is_no_plain_text_in_a_directory(run_cleaner, tree):
    where = tree({**NOT_OURS, "z.txt": DIRTY, "e.md": DIRTY})
    ran = run_cleaner("clean", "--in-place", where / "in")
    assert ran.code == 0
    assert all(f"in/{name}: " in ran.err for name in (*NOT_OURS, "e.md"))
    assert (where / "in/z.txt").read_text() == CLEAN
    assert {name: content for name, content in contents(where / "in").items() if name in NOT_OURS} == {
        name: content if isinstance(content, bytes) else content.encode() for name, content in NOT_OURS.items()
    }


def test_in_place_fails_for_what_is_no_plain_text_and_named(run_cleaner, tree):
    where = tree({**NOT_OURS, "z.txt": DIRTY})
    before = contents(where)
    ran = run_cleaner("clean", "--in-place", *(f"in/{name}" for name in NOT_OURS), "-", "in/z.txt", cwd=where, input=DIRTY)
    assert (ran.code, ran.out) == (2, b"")
    assert all(f"in/{name}: " in ran.err for name in NOT_OURS)
    assert contents(where) == {**before, "in/z.txt": CLEAN.encode()}
