"""Tables in and out: dialects, encodings, and what of a table changes when its texts are cleaned."""

import csv
import io
import random

import pytest
from samples import CLEAN, DIRTY

from cleaner import records
from cleaner.records import Fields, Source

DIALECTS = {
    "comma": {},
    "semicolon": {"delimiter": ";", "lineterminator": "\r\n"},
    "tabs": {"delimiter": "\t"},
    "pipes": {"delimiter": "|", "quoting": csv.QUOTE_ALL},
    "escaped": {"escapechar": "\\", "doublequote": False, "quoting": csv.QUOTE_ALL},
    "all quoted": {"quoting": csv.QUOTE_ALL, "lineterminator": "\r\n"},
}
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
WORDS = ["bridge", '"quoted"', "council;", "river,", "|", "school", "'ferry'", "café", "—", "\\o/", '5"', "a,b;c|d"]


def invented(seed):
    """A table: its name, its columns and rows, its dialect and its encoding."""
    draw = random.Random(seed)
    name = list(DIALECTS)[seed % len(DIALECTS)]
    encoding = ENCODINGS[seed // len(DIALECTS) % len(ENCODINGS)]
    columns = ["id", "text", *draw.sample(["title", "date", "section", "notes", "url", "", "notes "], draw.randint(1, 5))]
    draw.shuffle(columns)

    def cell(column, number):
        if column == "id":
            return f"{seed}-{number}"
        if column == "text":
            return DIRTY if draw.random() < 0.5 else " ".join(draw.choices(WORDS, k=draw.randint(0, 60)))
        return "\n".join(" ".join(draw.choices(WORDS, k=draw.randint(0, 5))) for _ in range(draw.randint(1, 2)))

    rows = [[cell(column, number) for column in columns] for number in range(draw.randint(1, 12))]
    return f"{seed}.csv", columns, rows, DIALECTS[name], encoding


def written(columns, rows, dialect, encoding):
    out = io.StringIO()
    writer = csv.writer(out, **{"lineterminator": "\n", **dialect})
    writer.writerows([columns, *rows])
    return out.getvalue().encode(encoding, "replace")


def as_arrow_reads(data, dialect, encoding):
    """The rows of a table, by a parser that is not the one it was read with."""
    arrow = pytest.importorskip("pyarrow.csv")
    table = arrow.read_csv(
        io.BytesIO(data.decode(encoding).removeprefix("\ufeff").encode()),
        read_options=arrow.ReadOptions(autogenerate_column_names=True),
        parse_options=arrow.ParseOptions(
            delimiter=dialect.get("delimiter", ","),
            escape_char=dialect.get("escapechar", False),
            double_quote=dialect.get("doublequote", True),
            newlines_in_values=True,
            ignore_empty_lines=True,
        ),
        convert_options=arrow.ConvertOptions(
            column_types={f"f{i}": "string" for i in range(12)}, strings_can_be_null=False, quoted_strings_can_be_null=False
        ),
    )
    return [list(row.values()) for row in table.to_pylist()]


def test_a_round_trip_changes_the_text_column_alone(run_cleaner, tmp_path):
    tables = [invented(seed) for seed in range(200)]
    folder = tmp_path / "in"
    folder.mkdir()
    for name, *table in tables:
        (folder / name).write_bytes(written(*table))
    assert run_cleaner("clean", "in", "--to", "csv", "-o", "out", "-j", "1", cwd=tmp_path).code == 0
    changed = 0
    for name, columns, _, dialect, encoding in tables:
        before = as_arrow_reads((folder / name).read_bytes(), dialect, encoding)
        after = as_arrow_reads((tmp_path / "out" / name).read_bytes(), dialect, encoding)
        at = columns.index("text")
        assert len(before) == len(after), name
        for was, now in zip(before, after, strict=True):
            changed += was[at] != now[at]
            was[at] = now[at] = ""
            assert was == now, name
    assert changed > 100


def read(path, fields=None):
    format = path.suffix.removeprefix(".")
    return list(records.read(Source(path.name, path.name, path, format), fields or Fields()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encoding_is_found_out(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("id;text\n1;Das Café in Öhringen schließt.\n2;Später mehr.\n".encode(encoding))
    assert [article.text for article in read(path)] == ["Das Café in Öhringen schließt.", "Später mehr."]


def test_what_is_not_ascii_late_in_a_table_is_read_too(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\n" + b"1,plain words\n" * 9000 + "2,Café zum Löwen öffnet früher\n".encode("cp1252"))
    assert read(path)[-1].text == "Café zum Löwen öffnet früher"


def test_line_ends_within_cells_and_odd_rows_are_kept(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b'id,text,note\r\n1,"one\r\ntwo\nthree",x\r\n\r\n2,short\r\n3,long,y,z,\r\n')
    first, short, long = read(path)
    assert first.text == "one\r\ntwo\nthree"
    assert dict(short.record) == {"id": "2", "text": "short"}
    assert dict(long.record) == {"id": "3", "text": "long", "note": "y", "column 4": "z", "column 5": ""}
    assert [a.id for a in (first, short, long)] == ["1", "2", "3"]


def test_columns_of_one_name_are_all_kept(run_cleaner, tree):
    where = tree({"a.csv": "id,x,x,text\n1,a,b,c\n"})
    assert run_cleaner("clean", "in/a.csv", cwd=where).records == [{"id": "1", "x": "a", "x~2": "b", "text": "c"}]
    assert run_cleaner("clean", "--to", "csv", "in/a.csv", cwd=where).text == "id,x,x,text\n1,a,b,c\n"


def test_a_file_that_ends_within_quotes_is_a_failure(run_cleaner, tree):
    ran = run_cleaner("clean", tree({"a.csv": 'id,text\n1,one\n2,"two\n3,three\n'}) / "in/a.csv")
    assert (ran.code, len(ran.records)) == (2, 1)
    assert "in/a.csv:3: the file ends within a quoted cell" in ran.err


@pytest.mark.parametrize("head", ["id;text\r\n", "id,text", "\ufeffid;text;more\n"])
def test_a_table_without_rows_keeps_its_columns(run_cleaner, tree, head):
    where = tree({"a.csv": head, "b.csv": "id,text\n1,One.\n"})
    whole = head if head.endswith("\n") else head + "\n"
    ran = run_cleaner("clean", "--to", "csv", "in/a.csv", cwd=where)
    assert (ran.code, ran.text, ran.err) == (0, whole, "cleaner: in/a.csv: no records in it\n")
    assert run_cleaner("clean", "--to", "csv", "--from", "csv", cwd=where, input=head).text == whole
    assert run_cleaner("clean", "--to", "csv", "in", "-o", "out", cwd=where).code == 0
    assert (where / "out/a.csv").read_bytes().decode() == whole
    assert run_cleaner("clean", "in/a.csv", cwd=where).text == ""


def test_parquet_without_rows_keeps_its_columns(run_cleaner, tree):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    where = tree({})
    table = arrow.table({"text": arrow.array([], arrow.string()), "n": arrow.array([], arrow.int32())})
    parquet.write_table(table, where / "a.parquet")
    assert run_cleaner("clean", "a.parquet", "--to", "parquet", "-o", "out", cwd=where).code == 0
    assert parquet.read_table(where / "out/a.parquet").schema.equals(table.schema)
    assert run_cleaner("clean", "a.parquet", "--to", "csv", cwd=where).text == "text,n\n"


@pytest.mark.parametrize("others", [["b.csv"], ["c.jsonl"], ["same.csv", "b.csv"]])
@pytest.mark.parametrize("command", [["clean"], ["group", "--unique"]])
def test_what_goes_into_no_one_table_is_told_before_anything_is_written(run_cleaner, tree, command, others):
    where = tree(
        {
            "a.csv": "id,text\n1,One.\n",
            "same.csv": "id;text\n2;Two.\n",
            "b.csv": "id,text,more\n3,Three.,x\n",
            "c.jsonl": '{"id": "4", "text": "Four."}\n',
            "empty.csv": "",
        }
    )
    ran = run_cleaner(*command, "--to", "csv", "a.csv", *others, cwd=where / "in")
    assert (ran.code, ran.text) == (2, "")
    assert ran.err == f"cleaner: a.csv and {others[-1]} do not go into one table, since their columns differ: say -o DIR\n"
    ran = run_cleaner(*command, "--to", "csv", "a.csv", "empty.csv", "same.csv", cwd=where / "in")
    assert (ran.code, ran.text) == (0, "id,text\n1,One.\n2,Two.\n")


def test_tabs_become_commas_where_csv_is_asked_for(run_cleaner, tree):
    where = tree({"a.tsv": "id\ttext\n1\tOne, two.\n"})
    assert run_cleaner("clean", "--to", "csv", "in", "-o", "out", cwd=where).code == 0
    assert (where / "out/a.tsv.csv").read_text() == 'id,text\n1,"One, two."\n'


def test_an_html_column_is_cleaned_in_place(run_cleaner, tree):
    page = (
        "<html><body><article>"
        + "".join(f"<p>{line}</p>" for line in CLEAN.split("\n") if line)
        + "</article></body></html>"
    )
    where = tree({"a.csv": written(["id", "html"], [["1", page]], {}, "utf-8")})
    rows = list(csv.reader(io.StringIO(run_cleaner("clean", "--to", "csv", "in/a.csv", cwd=where).text)))
    assert rows[0] == ["id", "html"]
    assert "<p>" not in rows[1][1]
    assert CLEAN.split("\n")[0] in rows[1][1]


def test_parquet_keeps_what_it_does_not_clean(run_cleaner, tree, tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    times = arrow.array([1, 2, None], arrow.timestamp("ns"))
    data = {"n": [1, None, 3], "text": [DIRTY, None, "Short."], "at": times, "tags": [["a"], [], None]}
    table = arrow.table(data)
    where = tree({})
    parquet.write_table(table, where / "a.parquet", row_group_size=2)
    assert run_cleaner("clean", "a.parquet", "--to", "parquet", "-o", "out", cwd=where).code == 0
    found = parquet.read_table(where / "out/a.parquet")
    assert found.schema.equals(table.schema)
    assert found.drop_columns("text").equals(table.drop_columns("text"))
    assert found["text"].to_pylist() == [CLEAN, None, "Short."]


def test_records_of_another_kind_become_a_table(run_cleaner):
    lines = '{"id": 1, "text": "One."}\n{"id": 2, "text": "Two, three.", "tags": ["a"]}\n'
    ran = run_cleaner("clean", "--from", "jsonl", "--to", "csv", input=lines)
    assert ran.text == 'id,text,tags\n1,One.,\n2,"Two, three.","[""a""]"\n'
    assert run_cleaner("clean", "--from", "jsonl", "--to", "text", input=lines).text == "One.\fTwo, three.\f"


def test_groups_as_a_table(run_cleaner, tree):
    story = (
        "The council met on Tuesday to discuss the bridge at Lower Tennick, which the floods of the spring had shut. " * 3
    )
    where = tree({"a.csv": f"id,date,url,text\n1,2026-03-01,https://a.example/1,{story!r}\n2,2026-03-02,,{story!r}\n"})
    ran = run_cleaner("group", "--to", "csv", "in/a.csv", cwd=where)
    rows = list(csv.DictReader(io.StringIO(ran.text)))
    assert [row["copy of"] for row in rows] == ["", "1"]
    assert rows[0] == {
        "story": "1", "id": "1", "outlet": "a.example", "date": "2026-03-01", "link": "https://a.example/1", "copy of": ""
    }  # fmt: skip
