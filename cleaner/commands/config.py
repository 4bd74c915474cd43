"""A project's own settings: `cleaner.toml`, or `[tool.cleaner]` in `pyproject.toml`.

rules   files of rules, by their paths from the configuration's own folder
rule    rules, as in such a file ([[rule]], or [[tool.cleaner.rule]]); they come after those of `rules`
lang    the language of the articles
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cleaner.commands.intake import Inputs, compiled
from cleaner.commands.ledger import Ledger, Usage
from cleaner.language import family
from cleaner.rules import Rule, load, parse, read_toml, shipped

_KEYS = {"rules", "rule", "lang"}


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration says."""

    file: str = ""
    rules: tuple[Rule, ...] = ()
    lang: str | None = None


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
            return _config(own, read_toml(own))
        tool = read_toml(project).get("tool") if os.path.isfile(project) else None
        if isinstance(tool, dict) and "cleaner" in tool:
            if not isinstance(tool["cleaner"], dict):
                raise Usage(f"{project}: 'tool.cleaner' must be a table")
            return _config(project, tool["cleaner"])
        if os.path.exists(place / ".git"):
            break
    return Config()


def _config(file: Path, settings: Mapping[str, Any]) -> Config:
    unknown = sorted(settings.keys() - _KEYS)
    if unknown:
        raise Usage(f"{file}: unknown key {unknown[0]!r}; the keys are {', '.join(sorted(_KEYS))}")
    names, lang = settings.get("rules", []), settings.get("lang")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Usage(f"{file}: 'rules' must be an array of paths")
    if not isinstance(lang, str | None):
        raise Usage(f"{file}: 'lang' must be a string")
    rules = [rule for name in names for rule in load(file.parent / name)]
    return Config(str(file), (*rules, *parse({"rule": settings.get("rule", [])}, str(file))), lang)


def configured(inputs: Inputs, files: Sequence[str] | None, ledger: Ledger) -> Inputs:
    """The inputs with the user's rules and settings: the configuration's, and over them what the command line says.

    `files` are those of --rules. Raises Usage and RuleError.
    """
    config = find()
    rules = (*config.rules, *(rule for file in files or () for rule in load(Path(file))))
    told, lang = ("--lang", inputs.lang) if inputs.lang is not None else (f"{config.file}: lang", config.lang)
    if lang is not None:
        known = {"en", *(family(rule.lang) for rule in (*shipped(), *rules) if rule.lang)}
        if family(lang) not in known:
            raise Usage(f"{told} {lang}: no rules for it; there are some for {', '.join(sorted(known))}")
    inputs = replace(inputs, rules=rules, lang=lang)
    if rules:
        compiled(inputs.in_force()).check(rule.lang for rule in rules)
        known = {rule.id for rule in (*shipped(), *rules) if not rule.off}
        for rule in rules:
            if rule.off and rule.id not in known and not rule.id.startswith("site/"):  # those may be learned
                ledger.note("rules", rule.id, "switched off, but there is no such rule")
    return inputs
