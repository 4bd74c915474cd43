"""`--patch`: what cleaning removes from plain-text files, as git apply takes it and takes it back, byte for byte."""

import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import FIRST, LAST

from cleaner.report.patch import patch

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not shutil.which("git"), reason="no git")]

GONE = "Advertisement\n\n"
TEXT = f"{FIRST}\n\n{GONE}{LAST}\n"


def git_apply(folder, data, *options):
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", *options, "-"], cwd=folder, input=data, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode() + repr(data)


def there_and_back(run_cleaner, folder, *args):
    """The patch of some inputs, applied: the files are as --in-place makes them; reversed: as they were."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    before = {path: path.read_bytes() for path in paths}
    ran = run_cleaner("clean", "--patch", *args, cwd=folder)
    assert ran.code == 0
    git_apply(folder, ran.out)
    applied = {path: path.read_bytes() for path in paths}
    git_apply(folder, ran.out, "-R")
    assert {path: path.read_bytes() for path in paths} == before
    assert run_cleaner("clean", "--in-place", *args, cwd=folder).code == 0
    assert {path: path.read_bytes() for path in paths} == applied
    assert run_cleaner("clean", "--patch", *args, cwd=folder).out == b""
    return before, applied, ran.out


def test_every_fixture(run_cleaner, fixtures, tmp_path):
    shutil.copytree(fixtures, tmp_path / "fixtures")
    before, applied, _ = there_and_back(run_cleaner, tmp_path, "fixtures")
    assert sum(before[path] != applied[path] for path in before) == 8


FILES = {
    "crlf.txt": TEXT.replace("\n", "\r\n").encode(),
    "no-end.txt": f"{FIRST}\n\nAdvertisement".encode(),
    "no-end-kept.txt": f"{FIRST}\n\n{GONE}{LAST}".encode(),
    "all.txt": b"Advertisement\n",
    "all-without-an-end.txt": b"Advertisement",
    "start.txt": f" date 2020-10-15 {TEXT}".encode(),
    "mark.txt": b"\xef\xbb\xbf" + TEXT.encode(),
    "latin.txt": TEXT.replace("old", "vieux café").encode("cp1252"),
    "utf-16.txt": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "utf-16-be.txt": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "with a space.txt": TEXT.encode(),
    " led by one.txt": TEXT.encode(),
    'a "quoted" one.txt': TEXT.encode(),
    "back\\slash.txt": TEXT.encode(),
    "tab\tand\nline.txt": TEXT.encode(),
    "café 記事 😂.txt": TEXT.encode(),
    "a/b/deep.txt": TEXT.encode(),
    "escape\x1b[31m.txt": TEXT.encode(),
    "form-feed.txt": f"{FIRST}\x0c\u2028and\x85more\n\n{GONE}{LAST}\n".encode(),
    "looks-like-a-patch.txt": f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n\n{TEXT}".encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_odd_files_and_names(run_cleaner, tree, name):
    folder = tree({name: FILES[name]}) / "in"
    before, applied, _ = there_and_back(run_cleaner, folder, ".")
    assert before != applied


def test_a_name_that_is_no_unicode(run_cleaner, tmp_path):
    with open(os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt"), "wb") as file:
        file.write(TEXT.encode())
    there_and_back(run_cleaner, tmp_path, ".")


def test_many_at_once_and_named_twice(run_cleaner, tree):
    folder = tree({f"{n}.txt": f"{n} {TEXT}" * 3 for n in range(5)}) / "in"
    there_and_back(run_cleaner, folder, ".", "0.txt", "./1.txt")


@pytest.mark.parametrize("below", ["", "texts"])
def test_within_a_repository_and_in_a_folder_of_it(run_cleaner, tree, below):
    folder = tree({"texts/a.txt": TEXT, "a.txt": TEXT}) / "in"
    subprocess.run(["git", "init", "--quiet", "."], cwd=folder, check=True)
    there_and_back(run_cleaner, folder / below, "a.txt")


def test_a_file_elsewhere_is_named_from_the_root(run_cleaner, tree, tmp_path):
    where = tree({"a.txt": TEXT})
    (where / "elsewhere").mkdir()
    ran = run_cleaner("diff", "--patch", where / "in/a.txt", cwd=where / "elsewhere")
    assert f"--- a{os.path.realpath(where)}/in/a.txt\n" in ran.text
    assert run_cleaner("diff", "--patch", "../in/a.txt", cwd=where / "elsewhere").out == ran.out


def test_the_encoding_of_the_terminal_does_not_matter(run_cleaner, tree):
    folder = tree({"café.txt": TEXT}) / "in"
    plain = run_cleaner("diff", "--patch", "café.txt", cwd=folder)
    odd = run_cleaner("diff", "--patch", "café.txt", "--color", "always", cwd=folder, env={"PYTHONIOENCODING": "ascii"})
    assert plain.out == odd.out
    assert b"\x1b" not in plain.out


REFUSED = [
    ("museum/theft-courier.html",),
    ("wire.jsonl",),
    ("harbour/ferry-gazette.txt", "harbour/ferry-tribune.txt"),
    ("--story", "x", "."),
    ("--json", "harbour/ferry-gazette.txt"),
    ("-",),
]


@pytest.mark.parametrize("args", REFUSED)
def test_what_has_no_patch_is_one_line_and_exit_2(run_cleaner, fixtures, args):
    ran = run_cleaner("diff", "--patch", *args, cwd=fixtures, input=TEXT)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.count("\n") == 1


def test_in_a_folder_what_has_no_patch_is_a_note(run_cleaner, fixtures):
    ran = run_cleaner("clean", "--patch", "museum", cwd=fixtures)
    assert ran.code == 0
    assert "theft-courier.html: skipped: only plain-text files are patched" in ran.err
    assert ran.out.count(b"\n+++ b/museum/") == 2


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=6)


@given(st.lists(st.sampled_from([b"a", b"bb", b"\n", b"\r\n", b"\n\n", b"c d"]), max_size=25).map(b"".join), spans)
def test_any_spans_of_bytes(tmp_path_factory, data, wanted):
    removed, place = [], 0
    for gap, size in wanted:
        start = place + gap % 9
        end = min(len(data), start + size)
        if start >= end:
            break
        removed.append((start, end))
        place = end + 1
    edges = [0, *(edge for span in removed for edge in span), len(data)]
    kept = b"".join(data[low:high] for low, high in zip(edges[::2], edges[1::2], strict=True))
    found = patch("x.txt", data, removed)
    assert bool(found) == (kept != data)
    if found:
        assert _applied(data, found) == kept


def _applied(data, found):
    """A patch of one file, applied by what its lines say."""
    lines = data.split(b"\n")
    lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    out, place = [], 0
    body = found.split(b"\n")[2:]
    while body and body[0]:
        head = body.pop(0)
        assert head.startswith(b"@@ -")
        start, count = (int(n) for n in head.split()[1][1:].split(b","))
        at = start - 1 if count else start
        out += lines[place:at]
        place = at
        while body and body[0][:1] in b" -+" and body[0]:
            line = body.pop(0)
            text = line[1:] + b"\n"
            if body and body[0].startswith(b"\\"):
                body.pop(0)
                text = line[1:]
            if line[:1] in b" -":
                assert lines[place] == text
                place += 1
            if line[:1] in b" +":
                out.append(text)
    return b"".join(out + lines[place:])
