"""What a shell is told may stand behind an option."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

_MOST = 200  # stories that are offered


def languages(begun: str) -> list[str]:
    """The languages that rules are shipped for."""
    from cleaner.rules import shipped

    return sorted({rule.lang for rule in shipped() if rule.lang and rule.lang.startswith(begun)})


def parts(begun: str) -> list[str]:
    """What --include keeps."""
    from cleaner.rules import PARTS

    return [part for part in PARTS if part.startswith(begun)]


def rule_ids(begun: str) -> list[str]:
    """The rules in force here."""
    from cleaner.commands.rules import chosen

    return [rule.id for rule in chosen(None) if rule.id.startswith(begun)]


def formats(begun: str) -> list[str]:
    """The formats that are read."""
    from cleaner.records import FORMATS

    return [name for name in FORMATS if name.startswith(begun)]


def outputs(begun: str) -> list[str]:
    """The formats that are written."""
    from cleaner.records import OUTPUTS

    return [name for name in OUTPUTS if name and name.startswith(begun)]


def stories(begun: str) -> list[tuple[str, str]]:
    """The stories of a run whose directory is on the line already, with their headlines."""
    found = []
    for name, headline in _kept():
        if name.startswith(begun):
            found.append((name, headline))
        if len(found) == _MOST:
            break
    return found


def indexed_stories(begun: str) -> list[tuple[str, str]]:
    """The latest stories of an index that is on the line already, with their headlines."""
    from cleaner.index.contents import headlines
    from cleaner.index.file import IndexFile
    from cleaner.model import IndexFault

    for word in filter(os.path.isfile, _words()):
        with suppress(IndexFault), closing(IndexFile(word)) as file:
            return headlines(file, begun, _MOST)
    return []


def _words() -> list[str]:
    """The line so far."""
    return os.environ.get("_TYPER_COMPLETE_ARGS", os.environ.get("COMP_WORDS", "")).split()


def _kept() -> Iterator[tuple[str, str]]:
    for word in _words():
        path = Path(word) / "stories.jsonl"
        if path.is_file():
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                row = json.loads(line)
                yield str(row["story"]), str(row["headline"])
