"""`cleaner clean`: what goes in, by name and by bytes, and what comes out on standard output."""

import bz2
import gzip
import json
import lzma

import pytest
import zstandard
from samples import CLEAN, DIRTY, FIRST, LAST, LINES, PAGE, RECORD

PACK = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstandard.ZstdCompressor().compress}


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def cut(record, source):
    """The source without the spans that a record says were removed, after a look at the spans themselves."""
    at, kept = 0, []
    for span in record["removed"]:
        assert set(span) == {"start", "end", "rule", "why", "text"}
        assert at <= span["start"] < span["end"] <= len(source)
        assert source[span["start"] : span["end"]] == span["text"]
        assert span["why"]
        assert span["rule"]
        kept.append(source[at : span["start"]])
        at = span["end"]
    return "".join(kept) + source[at:]


def test_one_text_goes_to_standard_output_exactly(run_cleaner, tree):
    ran = run_cleaner("clean", tree({"a.txt": DIRTY}) / "in/a.txt")
    assert (ran.code, ran.text, ran.err) == (0, CLEAN, "")


def test_standard_input_is_read_where_it_is_named_and_where_nothing_is(run_cleaner):
    for args in ((), ("-",)):
        ran = run_cleaner("clean", *args, input=DIRTY)
        assert (ran.code, ran.text, ran.err) == (0, CLEAN, "")


def test_a_clean_article_comes_out_byte_for_byte(run_cleaner, fixtures):
    ran = run_cleaner("clean", fixtures / "clean/embassy-posts.txt")
    assert (ran.code, ran.out, ran.err) == (0, (fixtures / "clean/embassy-posts.txt").read_bytes(), "")


def test_white_space_and_line_ends_of_clean_text_stay(run_cleaner, tree):
    odd = [FIRST, f"{FIRST}\r\n\r\n{LAST}\r\n", FIRST + "\n\n\n", "\n \n\t" + FIRST, f"{FIRST}\x0c\u2028{LAST}\x85\n"]
    where = tree({f"{n}.txt": text for n, text in enumerate(odd)})
    assert [record["text"] for record in run_cleaner("clean", "--json", where / "in").records] == odd
    assert run_cleaner("clean", where / "in/4.txt").text == odd[4]


def test_html_gives_the_article(run_cleaner, tree):
    ran = run_cleaner("clean", tree({"a.html": PAGE}) / "in/a.html")
    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.text.split("\n") if line] == [FIRST, LAST]
    assert ran.text.endswith("\n")


def test_a_named_file_is_read_by_suffix_or_by_bytes(run_cleaner, tree):
    texts = dict.fromkeys(("a.text", "noext", "paper.md", "odd.xyz", "B.TXT"), DIRTY)
    others = {
        "a.ndjson": LINES,
        "b.JSONL": LINES,
        "c.htm": PAGE,
        "d.xyz": LINES,
        "e": PAGE,
        "f.dat": json.dumps([RECORD], indent=2),
    }
    where = tree({**texts, **others})
    ran = run_cleaner("clean", "--json", *(f"in/{name}" for name in (*texts, *others)), cwd=where)
    assert (ran.code, ran.err) == (0, "")
    assert [r["text"] for r in ran.records[:5]] == [CLEAN] * 5
    assert [r["text"].split("\n")[0] for r in ran.records[5:]] == [
        FIRST,
        "Short.",
        FIRST,
        "Short.",
        FIRST,
        FIRST,
        "Short.",
        FIRST,
        FIRST,
    ]


OBJECT = json.dumps(RECORD, indent=2)  # one record over several lines, whose first line is no JSON


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (DIRTY, "text"),
        (PAGE, "html"),
        (LINES, "jsonl"),
        (json.dumps([RECORD], indent=2), "json"),
        (OBJECT, "json"),
        (OBJECT.replace("\n ", "\n").replace("{\n", "{", 1), "json"),
        ("\ufeff" + OBJECT, "json"),
        ("\ufeff" + LINES, "jsonl"),
    ],
)
def test_the_bytes_tell_the_format_of_standard_input(run_cleaner, content, kind):
    ran = run_cleaner("clean", input=content)
    assert ran.code == 0
    if kind in ("text", "html"):
        assert ran.text.split("\n")[0] == FIRST
        assert "<" not in ran.text
    else:
        assert [r["text"] for r in ran.records] == [CLEAN, "Short."][: 1 + (kind == "jsonl")]


def test_from_overrides_the_suffix(run_cleaner, tree):
    where = tree({"a.txt": LINES, "b.jsonl": DIRTY})
    assert run_cleaner("clean", "--from", "jsonl", where / "in/a.txt").records[0]["text"] == CLEAN
    assert run_cleaner("clean", "--from", "text", where / "in/b.jsonl").text == CLEAN


def test_compressed_files(run_cleaner, tree):
    files = {"a.jsonl": LINES, "b.txt": DIRTY, "noext": DIRTY}
    where = tree({name + suffix: pack(text.encode()) for suffix, pack in PACK.items() for name, text in files.items()})
    ran = run_cleaner("clean", "--json", where / "in")
    assert (ran.code, ran.err) == (0, "")
    assert [r["text"] for r in ran.records] == [CLEAN, "Short."] * 4 + [CLEAN] * 8


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_standard_input(run_cleaner, suffix):
    assert run_cleaner("clean", input=PACK[suffix](LINES.encode())).records[0] == {**RECORD, "text": CLEAN}


def test_offsets_are_code_points_of_the_input_text(run_cleaner):
    source = f"Published March 18, 2024\n\n{FIRST} 😂 — “née”\n\nAdvertisement\n\n{LAST}\n\n© 2024 Example Wire\n"
    (record,) = run_cleaner("clean", "--json", input=source).records
    assert len(record["removed"]) == 3
    assert cut(record, source) == record["text"] == f"{FIRST} 😂 — “née”\n\n{LAST}\n"
    assert "source" not in record
    (record,) = run_cleaner("clean", "--json", input=lines({"text": source, "k": 1})).records
    assert cut(record, source) == record["text"]
    assert record["k"] == 1


def test_offsets_of_a_page_are_of_its_extracted_text(run_cleaner, fixtures):
    (record,) = run_cleaner("clean", "--json", fixtures / "museum/theft-courier.html").records
    assert cut(record, record["source"]) == record["text"]
    assert record["removed"]
    assert (record["date"], record["author"]) == ("2024-04-08", "Lucan Ferreby")
    assert record["site"] == "The Velbridge Courier"
    assert record["title"] == "A key, a rope and seven minutes: how the Orrin Goblet vanished"


def test_json_tells_the_date_that_a_removed_span_gave_away(run_cleaner, fixtures):
    (record,) = run_cleaner("clean", "--json", "harbour/ferry-gazette.txt", cwd=fixtures).records
    assert (record["id"], record["date"]) == ("harbour/ferry-gazette.txt", "2024-03-18")


def test_check_writes_nothing_and_says_so_by_its_exit_code(run_cleaner, tree):
    where = tree({"dirty.txt": DIRTY, "clean.txt": CLEAN})
    before = {path: path.read_bytes() for path in where.rglob("*.txt")}
    assert run_cleaner("clean", "--check", where / "in/clean.txt").code == 0
    dirty = run_cleaner("clean", "--check", where / "in")
    assert (dirty.code, dirty.out) == (1, b"")
    assert run_cleaner("clean", "--check", where / "in", where / "missing").code == 2
    assert {path: path.read_bytes() for path in where.rglob("*.txt")} == before


def test_several_inputs_need_to_be_told_where_to_go(run_cleaner, tree):
    where = tree({"a.txt": DIRTY, "b.txt": DIRTY, "c.jsonl": LINES, "d.jsonl": LINES})
    ran = run_cleaner("clean", "in/a.txt", "in/c.jsonl", cwd=where)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert run_cleaner("clean", "in/c.jsonl", "in/d.jsonl", cwd=where).code == 0
    ran = run_cleaner("clean", "--json", "in", cwd=where)
    assert [record["id"] for record in ran.records] == ["in/a.txt", "in/b.txt", "r1", 7, "r1", 7]


@pytest.mark.parametrize("text", ["Advertisement\n", "<html><body></body></html>"])
def test_an_empty_article_is_a_note_and_no_failure(run_cleaner, text):
    ran = run_cleaner("clean", input=text)
    assert (ran.code, ran.text.strip()) == (0, "")
    assert ran.err.count("\n") == 1
