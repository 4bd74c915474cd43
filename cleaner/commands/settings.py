"""What a run was told, as fingerprints: whether what was done before still holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.commands.inputs import Inputs
from cleaner.options import CleanOptions
from cleaner.version import VERSION

if TYPE_CHECKING:
    from cleaner.commands.run import Wanted

_SAID = {
    "code": "cleaner is another version than before: everything is done again",
    "reading": "what is read of the inputs is other than before: everything is done again",
    "cleaning": "rules or options of cleaning are others than before: every article is cleaned again",
    "summary": "stories are looked for where they were not, or not any more: every article is summed up again",
    "output": "the outputs have another form than before: every article is written again",
    "grouping": "how stories are found is other than before: articles are grouped again, and not cleaned",
}


def of_run(inputs: Inputs, options: CleanOptions, wanted: Wanted) -> dict[str, str]:
    """A fingerprint of everything that a run is told."""
    return {
        "version": VERSION,
        "code": code(),
        "reading": fingerprint([asdict(inputs.fields), inputs.format, wanted.largest]),
        "cleaning": fingerprint([_cleaning(options), inputs.selection.only_articles, wanted.learn]),
        "summary": fingerprint(wanted.copies_only),
        "output": fingerprint([wanted.to, wanted.shards]),
        "grouping": fingerprint(asdict(wanted.stories)),
        "input": inputs.paths[0],
    }


def _cleaning(options: CleanOptions) -> dict[str, Any]:
    return {**asdict(options), "include": sorted(options.include)}


def described(inputs: Inputs, options: CleanOptions, wanted: Wanted) -> dict[str, object]:
    """The version and the options, for people."""
    told = {**_cleaning(options), "rules": [rule.id for rule in options.rules]}
    more = {"only_articles": inputs.selection.only_articles, "learn": wanted.learn, "to": wanted.to, "shards": wanted.shards}
    stories, fields = {"copies_only": wanted.copies_only, **asdict(wanted.stories)}, asdict(inputs.fields)
    reading = {"from": inputs.format, "max_size": wanted.largest, "fields": fields}
    return {"version": VERSION, "options": {**told, **more, **stories, **reading}}


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """What is told otherwise than the last time, and what follows."""
    for key, what in _SAID.items():
        if before and before.get(key) != now[key]:
            yield what


def joined(told: Mapping[str, str], *keys: str) -> str:
    """Some of the fingerprints as one."""
    return fingerprint([told[key] for key in keys])


def fingerprint(value: object) -> str:
    """A fingerprint of plain values."""
    return blake2b(repr(value).encode(errors="surrogatepass"), digest_size=12).hexdigest()


@cache
def code() -> str:
    """A fingerprint of the package itself, its rules and its model included."""
    top = Path(str(files("cleaner")))
    whole = blake2b(digest_size=12)
    for path in sorted(path for path in top.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".so")):
        whole.update(str(path.relative_to(top)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
