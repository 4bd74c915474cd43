"""Differences as JSON values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from cleaner.diff import Comparison, Disagreement, Story
from cleaner.diff.disagreements import Contested
from cleaner.model import Article

# What a difference is called where there are several of its kind.
_LISTS = {
    "disagreement": "disagreements",
    "development": "developments",
    "spelling": "spellings",
    "unsure": "unsure",
}


def comparison(compared: Comparison, story: Story | None = None) -> dict[str, object]:
    """How two articles differ, and what speaks for one story and against it; with the story of just the two, everything
    that both state."""
    return {
        "similarity": compared.similarity,
        "jaccard": compared.jaccard,
        "same_story": compared.same_story,
        "same_copy": compared.same_copy,
        "shared": _of_two(compared, story) if story else asdict(compared.shared),
        "apart": [{"what": what, "first": first, "second": second} for what, first, second in compared.apart],
        **_differences(compared.differences),
        "passages": compared.passages,
        "sentences": [
            {"kind": s.kind, "first": s.first, "second": s.second, **({"words": s.words} if s.words else {})}
            for s in compared.sentences
        ],
    }


def _differences(found: Iterable[Disagreement]) -> dict[str, list[dict[str, object]]]:
    lists: dict[str, list[dict[str, object]]] = {name: [] for name in _LISTS.values()}
    for one in found:
        lists[_LISTS[one.how]].append({key: value for key, value in asdict(one).items() if key != "how"})
    return lists


def tellings(story: Story) -> dict[str, object]:
    """The tellings of a story, who says what, where any two differ, and what each alone says."""
    alone = [story.only(number) for number in range(len(story.articles))]
    first, *others = story.articles
    return {
        "story": first.id,
        **({"headline": story.headline} if story.headline else {}),
        **named(first),
        "shared": _shared(story),
        "claims": [
            {
                "kind": one.kind,
                "text": one.text,
                **({"role": one.role} if one.role else {}),
                "stated": [story.articles[i].id for i in one.tellers],
                "differs": [{"text": said, "stated": [story.articles[i].id for i in who]} for said, who in one.others],
            }
            for one in story.stated
        ],
        **_contested(story),
        "alone": alone[0],
        "tellings": [
            {"id": article.id, **named(article), "alone": only, **comparison(story.comparison(number))}
            for number, (article, only) in enumerate(zip(others, alone[1:], strict=True), 1)
        ],
    }


def named(article: Article) -> dict[str, str]:
    """What people know an article by, as far as it is known."""
    known = {"title": article.title, "site": article.site, "date": article.date, "url": article.url}
    return {key: value for key, value in known.items() if value}


def _contested(story: Story) -> dict[str, list[dict[str, object]]]:
    """Where any two of the tellings differ."""
    lists: dict[str, list[dict[str, object]]] = {name: [] for name in _LISTS.values()}
    for one in story.contested:
        lists[_LISTS[one.how]].append({"kind": one.first.claim.kind, **_ends(one, story)})
    return lists


def _ends(one: Contested, story: Story) -> dict[str, object]:
    ends = (("first", one.first), ("second", one.second))
    return {
        **{name: mention.claim.text for name, mention in ends},
        **{f"{name}_sentence": mention.sentence for name, mention in ends},
        **{f"{name}_id": story.articles[mention.text_number].id for name, mention in ends},
    }


def _shared(story: Story) -> dict[str, object]:
    kinds = ("dates", "figures", "names", "quotes", "passages")
    return {kind: getattr(story, kind) for kind in kinds}


def _of_two(compared: Comparison, story: Story) -> dict[str, object]:
    """What both articles state, and what the story was found by."""
    found = compared.shared
    names = tuple(dict.fromkeys((*story.names, *found.names)))
    return {**_shared(story), "names": names, "numbers": found.numbers, "phrases": found.phrases}
