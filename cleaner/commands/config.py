"""A project's own settings: `cleaner.toml`, or `[tool.cleaner]` in `pyproject.toml`.

rules   files of rules, by their paths from the configuration's own folder
rule    rules, as in such a file ([[rule]], or [[tool.cleaner.rule]]); they come after those of `rules`
lang    the language of the articles
caution "gentle", "normal" or "aggressive": how sure the model must be before it takes a line
include the parts of a page that stay: "headline", "standfirst", "author", "captions"
text-field, id-field, date-field, title-field, url-field, site-field
        the fields of records, and columns of tables, that play these parts
text-is "auto", "text" or "html": what the text field is taken for
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cleaner import toml
from cleaner.commands.messages import Messages, Usage
from cleaner.options import Caution, CleanOptions, Fields
from cleaner.rules import PARTS, Part, Rule, has_rules, in_force, languages, load, parse, shipped


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration says."""

    file: str = ""
    rules: tuple[Rule, ...] = ()
    lang: str | None = None
    caution: Caution = "normal"
    include: tuple[Part, ...] = ()
    fields: _FieldNames = field(default_factory=lambda: _FieldNames())


def find() -> Config:
    """The configuration in the current directory, or in the nearest one above it up to the repository's root.

    Raises Usage and RuleError where it cannot be used.
    """
    try:
        here = Path.cwd()
    except OSError:  # deleted
        return Config()
    for folder in (here, *here.parents):
        place = Path(os.path.relpath(folder, here))  # as messages should show it
        own, project = place / "cleaner.toml", place / "pyproject.toml"
        if os.path.isfile(own):
            return _config(own, toml.read(own))
        tool = toml.read(project).get("tool") if os.path.isfile(project) else None
        if isinstance(tool, dict) and "cleaner" in tool:
            if not isinstance(tool["cleaner"], dict):
                raise Usage(f"{project}: 'tool.cleaner' must be a table")
            return _config(project, tool["cleaner"])
        if os.path.exists(place / ".git"):
            break
    return Config()


@dataclass(frozen=True, slots=True)
class _FieldNames:
    """The names of fields, as the file says them."""

    text_field: str | None = None
    id_field: str | None = None
    date_field: str | None = None
    title_field: str | None = None
    url_field: str | None = None
    site_field: str | None = None
    text_is: Literal["auto", "text", "html"] | None = None


_FIELD_KEYS = frozenset(field.name for field in dataclasses.fields(_FieldNames))


def with_fields(fields: Fields, told: Collection[str]) -> Fields:
    """The fields as the configuration names them, where the command line has not `told` them (by its options' names)."""
    named = dataclasses.asdict(find().fields)
    known = {key.removesuffix("_field"): name for key, name in named.items() if name is not None and key not in told}
    return dataclasses.replace(fields, **known)


@dataclass(frozen=True, slots=True)
class _File:
    """What the file itself holds."""

    rules: list[str] = field(default_factory=list)
    rule: list[dict[str, Any]] = field(default_factory=list)
    lang: str | None = None
    caution: Caution = "normal"
    include: tuple[Part, ...] = ()


def _config(file: Path, settings: Mapping[str, Any]) -> Config:
    names = {key.replace("-", "_"): value for key, value in settings.items() if key.replace("-", "_") in _FIELD_KEYS}
    named = toml.converted(_FieldNames, names, str(file))
    rest = {key: value for key, value in settings.items() if key.replace("-", "_") not in names}
    found = toml.converted(_File, rest, str(file))
    rules = [rule for name in found.rules for rule in load(file.parent / name)]
    inline = parse({"rule": found.rule}, str(file))
    return Config(str(file), (*rules, *inline), found.lang, found.caution, found.include, named)


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says beside the configuration, and over it."""

    rules: Sequence[str] = ()
    lang: str | None = None
    gentle: bool = False
    aggressive: bool = False
    include: Sequence[str] = ()


def clean_options(flags: Flags, messages: Messages) -> CleanOptions:
    """How to clean: as the configuration says, and over that the command line.

    Raises Usage and RuleError.
    """
    if flags.gentle and flags.aggressive:
        raise Usage("--gentle and --aggressive do not go together")
    for part in flags.include:
        if part not in PARTS:
            raise Usage(f"--include {part}: it is one of {', '.join(PARTS)}")
    config = find()
    rules = (*config.rules, *(rule for file in flags.rules for rule in load(Path(file))))
    lang = _lang(flags, config, rules)
    if rules:
        in_force(rules).check(rule.lang for rule in rules)
        _note_vain(rules, messages)
    return CleanOptions(
        rules,
        lang,
        "gentle" if flags.gentle else "aggressive" if flags.aggressive else config.caution,
        frozenset((*config.include, *flags.include)),
    )


def _lang(flags: Flags, config: Config, rules: Sequence[Rule]) -> str | None:
    told, lang = ("--lang", flags.lang) if flags.lang is not None else (f"{config.file}: lang", config.lang)
    if lang is not None and not has_rules(lang, rules):
        known = ", ".join(sorted(languages(rules)))
        raise Usage(f"{told} {lang}: no rules for it; there are some for {known}")
    return lang


def _note_vain(rules: Sequence[Rule], messages: Messages) -> None:
    """Say which rules switch off what is not there."""
    known = {rule.id for rule in (*shipped(), *rules) if not rule.off}
    for rule in rules:
        if rule.off and rule.id not in known and not rule.id.startswith("site/"):  # those may be learned
            messages.note("rules", rule.id, "switched off, but there is no such rule")
