"""What fails and is known to (data/known_failures.toml): whoever mends one hears of it here, and says so there."""

import gzip
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DATA = tomllib.loads((Path(__file__).parent / "data/known_failures.toml").read_text(encoding="utf-8"))
FAILURES = [
    pytest.param(
        case, id=case["name"], marks=[] if case.get("mended") else pytest.mark.xfail(strict=True, raises=AssertionError)
    )
    for case in DATA["failure"]
]


def paragraphs(case):
    return DATA["stories"].get(case.get("story", "en"), [])


def filled(case):
    """The bytes of a case's input."""
    page = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(case))
    page = f"<html><head><title>Lamps</title></head><body><main><article>{page}</article></main></body></html>"
    text = case["text"].replace("{all}", "\n\n".join(paragraphs(case))).replace("{page}", page)
    for number, paragraph in enumerate(paragraphs(case)):
        text = text.replace(f"{{{number}}}", paragraph)
    if case["file"].endswith("jsonl"):
        text = text.replace("\n", "\\n")
    _, _, body = text.partition("\r\n\r\n")  # of an archive's record
    text = text.replace("{length}", str(len(body.removesuffix("\r\n\r\n").encode())))
    encoding = case.get("bytes", "utf-8")
    return gzip.compress(text.encode()) if encoding == "gzip" else text.encode(encoding)


def written(ran, case):
    """The texts of the records that a command wrote; of a record whose text is another thing, the record."""
    texts = (record.get("text", record.get("content", record.get("maintext"))) for record in ran.records)
    return "\n\n".join(text if isinstance(text, str) else ran.text for text in texts)


def alone(case):
    """Whether a case needs a command of its own: because of its options, or of what its one file may come to be."""
    return "args" in case or "records" in case or case["file"].endswith("jsonl")


@pytest.fixture(scope="module")
def together(run_cleaner, tmp_path_factory):
    """What one command makes of all others: a function from a case to its exit code, its text and what is said of it."""
    folder = tmp_path_factory.mktemp("together")
    names = {case["name"]: f"{n}-{case['file']}" for n, case in enumerate(DATA["failure"]) if not alone(case)}
    for case in DATA["failure"]:
        if not alone(case):
            (folder / names[case["name"]]).write_bytes(filled(case))
    ran = run_cleaner("clean", "--json", *names.values(), cwd=folder)
    texts = {record["id"]: record["text"] for record in ran.records}

    def of(case):
        name = names[case["name"]]
        said = "".join(line for line in ran.err.splitlines() if f" {name}: " in line)
        return 0 if name in texts else 2, texts.get(name, ""), said

    return of


@pytest.mark.parametrize("case", FAILURES)
def test_what_fails(run_cleaner, together, tmp_path, case):
    if alone(case):
        (tmp_path / case["file"]).write_bytes(filled(case))
        ran = run_cleaner(*case.get("args", ["clean"]), case["file"], cwd=tmp_path)
        code, said = ran.code, ran.err
        assert code == 0, said
        text = written(ran, case)
        assert len(ran.records) == case.get("records", len(ran.records))
    else:
        code, text, said = together(case)
        assert code in (0, 2 if "said" in case else 0), said
    assert [line for line in (*paragraphs(case), *case.get("kept", ())) if line not in text] == []
    assert [line for line in case.get("gone", ()) if line in text] == []
    assert [line for line in case.get("once", ()) if text.count(line) != 1] == []
    assert "said" not in case or any(word in said for word in case["said"])


def test_a_case_asks_for_something():
    names = [case["name"] for case in DATA["failure"]]
    assert len(set(names)) == len(names)
    for case in DATA["failure"]:
        assert set(case) <= {
            "name",
            "file",
            "story",
            "text",
            "args",
            "kept",
            "gone",
            "once",
            "records",
            "said",
            "bytes",
            "mended",
        }
        assert paragraphs(case) or {"kept", "gone", "said"} & case.keys(), case["name"]


def test_what_a_case_asks_for_is_in_its_input():
    """That a case fails proves nothing where its input says other than it means to."""
    for case in DATA["failure"]:
        data = filled(case)
        data = gzip.decompress(data) if case.get("bytes") == "gzip" else data
        text = data.decode(case.get("bytes", "utf-8").replace("gzip", "utf-8"))
        there = [*paragraphs(case), *case.get("kept", ()), *case.get("once", ()), *case.get("gone", ())]
        if case["name"] == "a menu in a table of an old page":
            there = there[:-2]  # what the output makes of its cells
        assert [line for line in there if line not in text and line.replace('"', '\\"') not in text] == [], case["name"]
