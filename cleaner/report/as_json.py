"""Differences as JSON values."""

from __future__ import annotations

from dataclasses import asdict

from cleaner.diff import Comparison, Story


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
        "disagreements": [asdict(odd) for odd in compared.disagreements],
        "passages": compared.passages,
        "sentences": [
            {"kind": s.kind, "first": s.first, "second": s.second, **({"words": s.words} if s.words else {})}
            for s in compared.sentences
        ],
    }


def tellings(story: Story) -> dict[str, object]:
    """The tellings of a story against its representative, what all share, and what each alone says."""
    alone = [story.only(number) for number in range(len(story.articles))]
    return {
        "story": story.representative.id,
        "shared": _shared(story),
        "alone": alone[0],
        "tellings": [
            {"id": telling.article.id, "alone": only, **comparison(telling.comparison)}
            for telling, only in zip(story.tellings, alone[1:], strict=True)
        ],
    }


def _shared(story: Story) -> dict[str, object]:
    kinds = ("dates", "figures", "names", "quotes", "passages")
    return {kind: getattr(story, kind) for kind in kinds}


def _of_two(compared: Comparison, story: Story) -> dict[str, object]:
    """What both articles state, and what the story was found by."""
    found = compared.shared
    names = tuple(dict.fromkeys((*story.names, *found.names)))
    return {**_shared(story), "names": names, "numbers": found.numbers, "phrases": found.phrases}
