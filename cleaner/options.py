"""What cleaning, stories and display can be told: frozen, checked when made, in the words that people use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cleaner.rules import PARTS, Rule

Caution = Literal["gentle", "normal", "aggressive"]
Strictness = Literal["strict", "normal", "loose"]
Keep = Literal["earliest", "latest", "longest"]
Color = Literal["auto", "always", "never"]

WINDOW = 5  # days between two dated articles of one story


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """How articles are cleaned. Raises ValueError where it cannot be.

    `rules` are the user's own, over the shipped ones (see rules.merge). `lang` is the articles' language (ISO 639-1), which
    is found out where it is not told. `caution` says how sure the model must be before it takes a line. `include` names
    what stays although it is not the article's text: any of rules.PARTS.
    """

    rules: tuple[Rule, ...] = ()
    lang: str | None = None
    caution: Caution = "normal"
    include: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _one_of("caution", self.caution, get_args(Caution))
        for part in self.include:
            _one_of("include", part, PARTS)


@dataclass(frozen=True, slots=True)
class StoryOptions:
    """How stories are found: `strict` makes fewer false pairs, `loose` misses fewer; `window` is how many days two dated
    articles of one story may be apart. Raises ValueError where one cannot be used."""

    strictness: Strictness = "normal"
    window: int = WINDOW

    def __post_init__(self) -> None:
        _one_of("strictness", self.strictness, get_args(Strictness))
        if self.window < 0:
            raise ValueError(f"window is a number of days, not {self.window}")


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


def _one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} is one of {', '.join(known)}, not {value!r}")
