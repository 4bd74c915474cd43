"""Odd ways to call the command, and what must not come of them."""

import json
import subprocess
import sys

import pytest

import cleaner

pytestmark = pytest.mark.slow

BODY = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge.\n"
TAIL = "\nRelated Posts\n\nTen best diners in the whole town\n"


@pytest.mark.parametrize(("closed", "code"), [("<&-", 0), (">&-", 2), ("2>&-", 0)])
def test_a_closed_stream_is_no_fault(tmp_path, closed, code):
    (tmp_path / "a.txt").write_text(BODY)
    command = f'"{sys.executable}" -m cleaner clean a.txt {closed}'
    ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == code
    assert "fault" not in ran.stderr
    assert ran.stdout == ("" if code else BODY)


def test_learned_rules_do_not_overwrite_an_input(run_cleaner, tree):
    where = tree({"a.txt": BODY})
    assert run_cleaner("rules", "learn", "in", "-o", "in/a.txt", cwd=where).code == 2
    assert (where / "in/a.txt").read_text() == BODY


@pytest.mark.parametrize("arguments", [["clean", "--in-place", ""], ["clean", "-o", "", "in/a.txt"], ["run", "", "out"]])
def test_an_empty_path_names_nothing(run_cleaner, tree, arguments):
    where = tree({"a.txt": BODY + TAIL})
    ran = run_cleaner(*arguments, cwd=where)
    assert (ran.code, ran.out) == (2, b"")
    assert "empty path" in ran.err
    assert (where / "in/a.txt").read_text() == BODY + TAIL


def test_a_second_run_leaves_nothing_of_an_input_that_is_gone(run_cleaner, tree):
    where = tree({"a.txt": BODY, "b.txt": BODY + TAIL})
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    (where / "in/a.txt").unlink()
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    assert [path.name for path in (where / "out/articles").iterdir()] == ["b.txt"]


def test_a_run_writes_into_no_directory_of_something_else(run_cleaner, tree):
    where = tree({"a.txt": BODY})
    (where / "out").mkdir()
    (where / "out/thesis.tex").write_text("mine")
    ran = run_cleaner("run", "in", "out", cwd=where)
    assert ran.code == 2
    assert [path.name for path in (where / "out").iterdir()] == ["thesis.tex"]


def test_ids_are_the_same_in_all_that_a_run_writes(run_cleaner, tree):
    lines = [json.dumps({"id": n, "text": f"{BODY}Day {n}."}) for n in (7, 8)]
    where = tree({"a.jsonl": "\n".join(lines)})
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    rows = [
        [json.loads(line)["id"] for line in (where / "out" / name).open()] for name in ("manifest.jsonl", "groups.jsonl")
    ]
    assert rows == [[7, 8], [7, 8]]
    assert run_cleaner("diff", "--story", "8", "out", cwd=where).code == 0


def test_a_year_in_the_prose_is_no_date_of_the_page(run_cleaner):
    page = f"<html><body><article>{f'<p>{BODY} She has led the town since 2015.</p>' * 4}</article></body></html>"
    assert "date" not in run_cleaner("clean", "--json", "--from", "html", input=page).records[0]


def test_utf_16_is_known_on_standard_input_too(run_cleaner):
    page = f"<html><body>{f'<p>{BODY}</p>' * 3}</body></html>".encode("utf-16")
    assert "<p>" not in run_cleaner("clean", input=page).text
    ran = run_cleaner("clean", input=json.dumps({"text": BODY}).encode("utf-16"))
    assert (ran.code, ran.out) == (2, b"")


def test_a_language_without_rules_is_named(run_cleaner):
    ran = run_cleaner("clean", "--lang", "tlh", input=BODY)
    assert (ran.code, ran.out) == (2, b"")
    assert "tlh" in ran.err


def test_what_is_no_article_is_a_type_error():
    for wrong in (None, b"bytes", {"text": BODY}):
        with pytest.raises(TypeError):
            cleaner.clean(wrong)
        with pytest.raises(TypeError):
            cleaner.diff(BODY, wrong)
    for several in (cleaner.group, lambda text: list(cleaner.clean_many(text))):
        with pytest.raises(TypeError):
            several(BODY)


def test_the_library_extracts_pages_and_reads_dates_as_the_command_does():
    page = cleaner.Article(html=f"<html><body><article>{f'<p>{BODY}</p>' * 4}</article></body></html>")
    assert BODY.strip() in cleaner.clean(page).text
    for date in ("garbage", "2024-01-02T10:00:00Z"):
        article = cleaner.Article(text=BODY, date=date)
        assert cleaner.diff(BODY, article).same_copy
        assert [member.id for member in cleaner.group([article, BODY]).members] == ["1", "2"]
