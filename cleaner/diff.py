"""How articles differ, as data: two articles sentence by sentence, and the tellings of a story against one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from cleaner import text as texts
from cleaner.clean import article_of, clean_many
from cleaner.extract import extract
from cleaner.model import Article

# Two sentences say the same in other words where this share of their words is common to both.
ALIKE = 0.5
_OFTEN = 40  # sentences
_LONGEST = 1000  # tokens of a sentence whose words are told apart
PASSAGE = 6  # words: shorter runs are shared by articles about anything

_TOKEN = re.compile(r"\w+|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one article or of both: `first` and `second` are its wordings, None where an article lacks it.

    `words` is the word-level difference of the two wordings: ("=" | "-" | "+", text) pieces; empty unless they differ.
    """

    first: str | None
    second: str | None
    words: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """ "same", "changed", "first" (only the first article has it) or "second"."""
        if self.second is None:
            return "first"
        if self.first is None:
            return "second"
        return "changed" if self.words else "same"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two articles differ.

    `similarity` is that of the stories they tell, 0 to 1; `jaccard` that of their word 5-grams, 0 to 1. `sentences` are
    in the order of the first article, with those of the second alone where they stand in it. `passages` are the runs of
    PASSAGE words or more that both have, whatever sentences they stand in, as the first article has them: quotations, most
    of them.
    """

    similarity: float
    jaccard: float
    same_story: bool
    same_copy: bool
    sentences: tuple[Sentence, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """An article of a story, and how it differs from the story's representative."""

    article: Article
    comparison: Comparison


def diff(a: str | Article, b: str | Article, *, clean: bool = True) -> Comparison:
    """Compare two articles, cleaned first unless `clean` is false."""
    first, second = _ready((a, b), clean)
    return _compare(first, second)


def story(articles: Sequence[Article]) -> tuple[Telling, ...]:
    """The other tellings of a story against the first one, none of them cleaned again."""
    return tuple(Telling(article, _compare(articles[0], article)) for article in articles[1:])


def _ready(articles: Iterable[str | Article], clean: bool) -> list[Article]:
    given = [extract(article_of(a)) for a in articles]
    if not clean:
        return given
    results = clean_many(given)
    return [replace(a, text=r.text, blocks=(), date=a.date or r.date) for a, r in zip(given, results, strict=True)]


def _compare(a: Article, b: Article) -> Comparison:
    from cleaner.fingerprint import shingles  # numpy: only a comparison of articles pays for it
    from cleaner.group import copies, stories
    from cleaner.group.features import describe_all

    jaccard = shingles.jaccard(shingles.shingles(a.text), shingles.shingles(b.text))
    first, second = describe_all([a, b])
    verdict = stories.compare(first, second)
    same_copy = jaccard >= copies.LINK
    return Comparison(
        round(verdict.similarity, 4),
        round(jaccard, 4),
        verdict.same or same_copy,
        same_copy,
        align(a.text, b.text),
        passages(a.text, b.text),
    )


def passages(a: str, b: str) -> tuple[str, ...]:
    """The longest runs of at least PASSAGE words, capitals and punctuation apart, that two texts share, in the order of
    the first; each once."""
    first = [(match.group().lower(), match.start(), match.end()) for match in texts.WORD.finditer(a)]
    second = [match.group().lower() for match in texts.WORD.finditer(b)]
    starts: dict[tuple[str, ...], int] = {}
    for j in range(len(second) - PASSAGE + 1):
        starts.setdefault(tuple(second[j : j + PASSAGE]), j)
    words = [word for word, _, _ in first]
    found: dict[str, None] = {}
    i = 0
    while i <= len(words) - PASSAGE:
        at = starts.get(tuple(words[i : i + PASSAGE]))
        if at is None:
            i += 1
            continue
        size = PASSAGE
        while i + size < len(words) and at + size < len(second) and words[i + size] == second[at + size]:
            size += 1
        found[a[first[i][1] : first[i + size - 1][2]]] = None
        i += size
    return tuple(found)


def align(a: str, b: str) -> tuple[Sentence, ...]:
    """The sentences of two texts, each with the one that says the same in the other, if any."""
    first, second = texts.sentences(a), texts.sentences(b)
    partner = _partners(first, second)
    taken = {j: i for i, j in partner.items()}
    rows: list[Sentence] = []
    shown = 0
    for i, sentence in enumerate(first):
        if i not in partner:
            rows.append(Sentence(sentence, None))
            continue
        j = partner[i]
        rows += [Sentence(None, second[k]) for k in range(shown, j) if k not in taken]
        shown = max(shown, j + 1)
        rows.append(Sentence(sentence, second[j], _words(sentence, second[j])))
    rows += [Sentence(None, second[k]) for k in range(shown, len(second)) if k not in taken]
    return tuple(rows)


def _partners(first: Sequence[str], second: Sequence[str]) -> dict[int, int]:
    """For sentences of the first their partners in the second: equal ones, then the most alike."""
    partner: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for j in range(len(second) - 1, -1, -1):
        places.setdefault(texts.fold(second[j]), []).append(j)
    for i, sentence in enumerate(first):
        same = places.get(texts.fold(sentence))
        if same:
            partner[i] = same.pop()
    taken = set(partner.values())
    bags = [[frozenset(texts.words(sentence)) for sentence in side] for side in (first, second)]
    holders: dict[str, list[int]] = {}
    for j, bag in enumerate(bags[1]):
        for word in bag if j not in taken else ():
            holders.setdefault(word, []).append(j)
    scored = []
    for i, bag in enumerate(bags[0]):
        if i in partner:
            continue
        # A word that many sentences have finds too many of them, and no pair that a rarer word does not find.
        for j in {j for word in bag if len(holders.get(word, ())) <= _OFTEN for j in holders.get(word, ())}:
            shared = len(bag & bags[1][j])
            alike = shared / (len(bag) + len(bags[1][j]) - shared)
            if alike >= ALIKE:
                scored.append((-alike, abs(i - j), i, j))
    for _, _, i, j in sorted(scored):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return partner


def _words(a: str, b: str) -> tuple[tuple[str, str], ...]:
    """The word-level difference of two wordings; empty where they differ in nothing but white space and quotes."""
    if texts.fold(a) == texts.fold(b):
        return ()
    left, right = _TOKEN.findall(a), _TOKEN.findall(b)
    if max(len(left), len(right)) > _LONGEST:
        return (("-", a), ("+", b))
    matcher = SequenceMatcher(
        None, [texts.fold(t) or " " for t in left], [texts.fold(t) or " " for t in right], autojunk=False
    )
    pieces: list[tuple[str, str]] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("=", "".join(left[i:j])))
            continue
        if j > i:
            pieces.append(("-", "".join(left[i:j])))
        if m > k:
            pieces.append(("+", "".join(right[k:m])))
    return tuple(pieces)
