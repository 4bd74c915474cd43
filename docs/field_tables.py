"""The tables of docs/records.md, made of the schemas.

    python docs/field_tables.py     # writes them anew

A test compares them. In the document each stands between `<!-- fields: NAME -->` and `<!-- end -->`.
"""

import json
import re
from pathlib import Path

HERE = Path(__file__).parent
_TABLE = re.compile(r"<!-- fields: (\S+) -->\n.*?<!-- end -->", re.DOTALL)


def table(name: str) -> str:
    """What a record is for, its fields and theirs, as Markdown."""
    schema = json.loads((HERE / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    rows = "".join(f"| `{field}` | {kind} | {what} |\n" for field, kind, what in _rows(schema, ""))
    return f"{schema['description']}\n\n| field | | what it says |\n| --- | --- | --- |\n{rows}"


def _rows(schema, prefix):
    for name, of in schema.get("properties", {}).items():
        needed = "" if name in schema["required"] else "?"
        yield f"{prefix}{name}", _kind(of) + needed, of["description"]
        inner = of.get("items", of)
        yield from _rows(inner, f"{prefix}{name}{'[]' if inner is not of else ''}.")


def _kind(schema):
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return "word"
    kinds = schema.get("type", "any")
    return " or ".join([kinds] if isinstance(kinds, str) else kinds)


def written(text: str) -> str:
    """The document with today's tables."""
    return _TABLE.sub(lambda found: f"<!-- fields: {found[1]} -->\n\n{table(found[1])}\n<!-- end -->", text)


if __name__ == "__main__":
    path = HERE / "records.md"
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")
