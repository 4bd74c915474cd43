"""docs/schemas says what the records are that commands print, and docs/records.md says what the schemas say."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from samples import FIRST, LAST, PAGE

DOCS = Path(__file__).parent.parent / "docs"
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(DOCS.glob("schemas/*.json"))}
_SPEC = importlib.util.spec_from_file_location("field_tables", DOCS / "field_tables.py")
field_tables = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(field_tables)

FORM = (
    "High water at {} will be at {} on {}, the harbour office of {} said, with a height of {} metres.\n\nBoats that draw "
    "more than {} metres should not pass the bar before {}. The wind will come from the {} at {} knots.\n\nSkippers are "
    "asked to keep clear of the buoys that mark the pipeline, and to listen to the harbour radio before they cast off. The "
    "bridge is raised on demand for vessels with a mast; whoever wants to pass sounds the horn "
    "twice and waits behind the white line, where the harbour master collects the dues."
)
KRALLE = ("Kralle", "6:12", "Monday", "Kralle", "4.1", "3.2", "7:45", "west", "18")
TORVIK = ("Torvik", "8:31", "Thursday", "Torvik", "2.7", "1.9", "9:20", "north", "31")
MADE = [
    {"id": 1, "text": f"{FIRST}\n\nAdvertisement\n\n{LAST}", "site": "a.example", "author": "Agnes Orrin"},
    {"id": "page", "html": PAGE, "date": "some day"},
    {"id": "gone", "text": None},
    *({"id": facts[0], "text": FORM.format(*facts)} for facts in (KRALLE, TORVIK)),
]


@pytest.fixture(scope="module")
def told(run_cleaner, fixtures, tmp_path_factory):
    """For each schema the records of that kind that the commands print of the fixtures and a few more."""
    folder = tmp_path_factory.mktemp("schemas")
    articles = folder / "in"
    shutil.copytree(fixtures, articles)
    (articles / "made.jsonl").write_text("".join(json.dumps(record) + "\n" for record in MADE))
    (articles / "bad.jsonl").write_text('{"text": 3}\n')

    def ran(*args):
        return run_cleaner(*args, cwd=folder)

    def lines(name):
        return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]

    given = [record for name in ("in/made.jsonl", "in/wire.jsonl") for record in lines(name)]
    events = ran("run", "in", "out", "--log-format", "json").err
    ran(
        "run",
        "in",
        "gentle",
        "--gentle",
        "--strict",
        "--lang",
        "de",
        "--to",
        "text",
        "--site-field",
        "outlet",
        "--only-articles",
    )
    shutil.copy(articles / "harbour/ferry-tribune.txt", articles / "again.txt")
    ran("run", "in/clean", "small")
    ran("index", "add", "first.index", "in/harbour/ferry-gazette.txt")
    harbour = [f"in/harbour/ferry-{name}.txt" for name in ("gazette", "tribune")]
    museum = [f"in/museum/theft-{name}.txt" for name in ("chronicle", "chronicle-update")]
    forms = ["--id", "Kralle", "--id", "Torvik", "in/made.jsonl"]
    added = ran("index", "add", "first.index", "in", "--json").records
    (articles / "again.txt").write_text(f"{FIRST} {LAST}")
    return {
        "record": given,
        "cleaned": ran("clean", "--json", "in").records + ran("diff", "--json", "in/museum/theft-courier.html").records,
        "group": ran("group", "--json", "in").records + lines("out/groups.jsonl"),
        "comparison": [json.loads(ran("diff", "--json", *pair).text) for pair in (harbour, museum, forms)],
        "tellings": [json.loads(ran("diff", "--story", name, "out", "--json").text) for name in ("ferry", "wire-0001")],
        "runs": [json.loads(ran("diff", "--json", *runs).text) for runs in (("out", "gentle"), ("out", "small"))],
        "manifest": lines("out/manifest.jsonl") + lines("gentle/manifest.jsonl"),
        "story": lines("out/stories.jsonl"),
        "summary": [json.loads((folder / "out/summary.json").read_text())],
        "event": [json.loads(line) for line in events.splitlines()],
        "news": added + ran("index", "query", "first.index", "in/again.txt", "--json").records,
        "index-story": ran("index", "stories", "first.index", "--json").records,
        "index-members": ran("index", "show", "first.index", "wire-0001", "--json").records,
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_printed_is_what_the_schema_says(name, told):
    Draft202012Validator.check_schema(SCHEMAS[name])
    validator = Draft202012Validator(SCHEMAS[name])
    assert told[name]
    faults = [f"{fault.json_path}: {fault.message:.200}" for record in told[name] for fault in validator.iter_errors(record)]
    assert faults == []


def fields(schema, at=""):
    """Every field of a schema, with what it says."""
    for name, of in schema.get("properties", {}).items():
        yield f"{at}.{name}", of
        yield from fields(of.get("items", of), f"{at}.{name}")


def found(value, at=""):
    """Every field of a value."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            for name, inner in one.items():
                yield f"{at}.{name}"
                yield from found(inner, f"{at}.{name}")


SELDOM = (
    "shares.",
    "developments.",
    "spellings.",
    "unsure.",
    "apart.",
    "disagreements.",
)  # mostly empty here
PROGRESS = {".doing", ".done", ".total", ".per_second", ".seconds_left", ".failed"}  # of events that only a longer run has


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_schema_has_a_field_that_nobody_prints(name, told):
    there = set(found(told[name]))
    missing = {field for field, _ in fields(SCHEMAS[name]) if field not in there} - (PROGRESS if name == "event" else set())
    assert [field for field in missing if not any(f".{part}" in field for part in SELDOM)] == []


def test_what_is_seldom_there_is_there_somewhere(told):
    there = {field for name in told for field in found(told[name])}
    assert {".apart.what", ".disagreements.first", ".tellings.apart"} <= there


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_described(name):
    assert [field for field, of in fields(SCHEMAS[name]) if not of.get("description")] == []


def test_the_tables_say_what_the_schemas_say():
    text = (DOCS / "records.md").read_text(encoding="utf-8")
    assert text == field_tables.written(text)
    assert [name for name in SCHEMAS if f"<!-- fields: {name} -->" not in text] == []
