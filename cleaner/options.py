"""What cleaning, stories and display can be told: frozen, checked when made, in the words that people use."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from cleaner.rules import PARTS, Rule, has_rules, languages
from cleaner.text import did_you_mean

Caution = Literal["gentle", "normal", "aggressive"]
Strictness = Literal["strict", "normal", "loose"]
Keep = Literal["earliest", "latest", "longest"]
Color = Literal["auto", "always", "never"]

WINDOW = 5  # days between two dated articles of one story


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """How articles are cleaned. Raises ValueError, or TypeError, where it cannot be.

    `rules` are the user's own, over the shipped ones (see rules.merge). `lang` is the articles' language (ISO 639-1), which
    is found out where it is not told. `caution` says how sure the model must be before it takes a line. `include` names
    what stays although it is not the article's text: any of rules.PARTS.
    """

    rules: tuple[Rule, ...] = ()
    lang: str | None = None
    caution: Caution = "normal"
    include: Collection[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", _several_rules(self.rules))
        one_of("caution", self.caution, get_args(Caution))
        if isinstance(self.include, str):
            raise ValueError(f"include is several parts, and a string is one: [{self.include!r}]")
        object.__setattr__(self, "include", frozenset(self.include))
        for part in sorted(self.include, key=repr):
            one_of("include", part, PARTS)
        if self.lang is not None and not (isinstance(self.lang, str) and has_rules(self.lang, self.rules)):
            one_of("lang", self.lang, sorted(languages(self.rules)))


def _several_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    if isinstance(rules, str | Rule):
        raise TypeError("rules are several cleaner.Rule, as cleaner.load_rules returns them")
    found = tuple(rules)
    for rule in found:
        if not isinstance(rule, Rule):
            raise TypeError(f"rules are cleaner.Rule, as cleaner.load_rules returns them, not {type(rule).__name__}")
    return found


@dataclass(frozen=True, slots=True)
class StoryOptions:
    """How stories are found: `strict` makes fewer false pairs, `loose` misses fewer; `window` is how many days two dated
    articles of one story may be apart. Raises ValueError where one cannot be used."""

    strictness: Strictness = "normal"
    window: int = WINDOW

    def __post_init__(self) -> None:
        one_of("strictness", self.strictness, get_args(Strictness))
        if not isinstance(self.window, int) or self.window < 0:
            raise ValueError(f"window is a number of days, not {self.window!r}")


@dataclass(frozen=True, slots=True)
class Display:
    """How reports look: `width`, in columns, is that of the terminal unless given."""

    color: Color = "auto"
    width: int | None = None
    pager: bool = True


USUAL_TEXT = "text"  # another name is a user's own, and no other than that is looked for


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the record fields that play a part, and what the text's is taken for: "auto" looks whether it is HTML."""

    text: str = USUAL_TEXT
    id: str = "id"
    date: str = "date"
    title: str = "title"
    url: str = "url"
    site: str = "site"
    text_is: Literal["auto", "text", "html"] = "auto"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which inputs beside those that were named, and which of their articles: `files_from` is a file of more paths, a line
    each, or each ended by NUL (`nul`); `only_articles` leaves out what is no article."""

    files_from: str | None = None
    nul: bool = False
    only_articles: bool = False


def one_of(name: str, value: object, known: Collection[str]) -> None:
    """Raise ValueError where an option's value is none of those that are known, with what was probably meant."""
    if value not in known:
        meant = did_you_mean(value, known) if isinstance(value, str) else ""
        raise ValueError(f"{name} is one of {', '.join(known)}, not {value!r}{meant}")
