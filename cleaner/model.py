"""The few types that travel between the parts. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Block:
    """A span of an article's text, and what the markup knew of it.

    `start` and `end` are code points of the text. In plain text every line that is not blank is a block of kind "line".
    """

    start: int
    end: int
    kind: str = "line"  # line, paragraph, headline, heading, item, quote, table, caption
    links: float = 0.0  # the share of its characters that stands in links, 0 to 1
    hints: tuple[str, ...] = ()  # what it stood in, by the classes of the page's elements; see extract/tables.py
    odds: float | None = None  # the log odds that it is the article's, where its page has been judged
    effects: tuple[float, ...] = ()  # what speaks against it, of clean.reasons.PAGE_GROUPS; where it may go


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about an input that people should know, and that is no failure: `kind` is what it is counted as (a plural),
    `what` says it of this one."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page is like, beside its text: its <title>, how many titles in it are links, how many of those have a
    teaser below them that was taken for text, and whether scripts make it."""

    title: str = ""
    titles: int = 0
    teasers: int = 0
    scripts: bool = False


class Article(msgspec.Struct, frozen=True):  # a dataclass took longer to make than to read
    """One article, as it was read or as it was extracted. `msgspec.structs.replace` makes another of it.

    `html` is set, and `text` empty, until a page has been extracted; `blocks` is empty for plain text. `record` is the
    record that the article came in, untouched.
    """

    text: str = ""
    id: str = ""
    title: str | None = None
    date: str | None = None  # ISO 8601
    url: str | None = None
    author: str | None = None
    site: str | None = None
    blocks: tuple[Block, ...] = ()
    html: str | None = None
    lang: str | None = None  # as its page states it, an ISO 639-1 tag
    facts: PageFacts | None = None  # of the page that it was extracted from
    folder: str = ""  # of the file it was read from
    text_field: str = ""  # of the record, that held its text, where that is not the one that was named
    remarks: tuple[Remark, ...] = ()  # on what could not be read of it
    record: Mapping[str, object] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        known = [f"{name}={value!r}" for name in ("id", "title", "date") if (value := getattr(self, name))]
        return f"Article({', '.join([*known, _short('text' if self.html is None else 'html', self.html or self.text)])})"


def _short(name: str, text: str) -> str:
    """A text in a repr: how it begins, and how long it is."""
    return f"{name}={text!r}" if len(text) <= _SHOWN else f"{name}={text[:_SHOWN]!r}... of {len(text):,}"


_SHOWN = 40  # code points


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read or done: `where` names it (a path, or path:line), `reason` is one line.

    `left_out` is what could be, but is no article, where only articles are wanted, or an input without one: people are
    told, and nothing failed. `lost` is what took too long or killed its process: another try may go better.
    """

    where: str
    reason: str
    source: str = ""  # the input, where every record of it may fail for this reason
    left_out: bool = False
    lost: bool = False


class IndexFault(Exception):
    """A file cannot be used as an index; the message says why, in one line, after its name."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A span that cleaning removed: `start` and `end` in code points of the source, the rule's id, and why."""

    start: int
    end: int
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class CleanResult:
    """What cleaning made of a text: `text` is `source` without the removed spans, to the character.

    `removed` is in order and without overlaps. `date` is a date (ISO 8601) that a removed span gave away, or None.
    `no_article` says why this is no article (a consent wall, an index of teasers, nothing left); "" where it is one.
    """

    source: str
    text: str
    removed: tuple[Removal, ...] = ()
    date: str | None = None
    no_article: str = ""

    def __repr__(self) -> str:
        none = f", no_article={self.no_article!r}" if self.no_article else ""
        return f"CleanResult({_short('text', self.text)}, {len(self.removed)} removed{none})"


@dataclass(frozen=True, slots=True)
class Passage:
    """A long passage that an article shares with another, `id`, without being its copy: its length in words."""

    id: str
    words: int


@dataclass(frozen=True, slots=True)
class Member:
    """Where one article was put: the ids of its story's and its copy group's representatives.

    `similarity` is the Jaccard index of its shingles with the representative's of its copy group, 0 to 1. `shares` are the
    longest passages that it has in common with representatives of other copy groups, if it is one itself. `form` is the id
    of its form's representative, where there are articles that share its wording and differ in their facts.
    """

    id: str
    story: str
    copy: str
    similarity: float = 1.0
    shares: tuple[Passage, ...] = ()
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What the members of a group have in common, in their own words, the commonest and rarest first."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.numbers or self.phrases)


@dataclass(frozen=True, slots=True)
class Group:
    """A story or a copy group: `id` is its representative's, `members` are the ids in it, the representative first.

    `shared` is what the independent tellings of a story have in common; of a single one, and of copies, nothing.
    """

    id: str
    members: tuple[str, ...]
    shared: Shared = Shared()

    def __repr__(self) -> str:
        return f"Group(id={self.id!r}, {len(self.members)} members)"


@dataclass(frozen=True, slots=True)
class Grouping:
    """One Member an article, in the order of the input; `stories` and `copies` are the same thing seen from the groups,
    the largest first."""

    members: tuple[Member, ...]
    stories: tuple[Group, ...]
    copies: tuple[Group, ...]

    def __repr__(self) -> str:
        return f"Grouping({len(self.members)} members, {len(self.stories)} stories, {len(self.copies)} copies)"


class Shown:
    """A comparison, to who shows it in notebooks: the module that compares is loaded when it is asked for."""

    __slots__ = ()
