"""Differences as JSON values."""

from __future__ import annotations

from dataclasses import asdict

from cleaner.diff import Comparison, Story


def comparison(compared: Comparison, story: Story | None = None) -> dict[str, object]:
    """How two articles differ; with the story that both tell, what they share as well."""
    return {
        "similarity": compared.similarity,
        "jaccard": compared.jaccard,
        "same_story": compared.same_story,
        "same_copy": compared.same_copy,
        "disagreements": [asdict(odd) for odd in compared.disagreements],
        **(_shared(story) if story else {}),
        "passages": compared.passages,
        "sentences": [
            {"kind": s.kind, "first": s.first, "second": s.second, **({"words": s.words} if s.words else {})}
            for s in compared.sentences
        ],
    }


def tellings(story: Story) -> dict[str, object]:
    """The tellings of a story against its representative, what all share, and what each alone says."""
    alone = [[p.text for p in story.points if p.tellers == (number,)] for number in range(len(story.articles))]
    return {
        "story": story.head.id,
        **_shared(story),
        "alone": alone[0],
        "tellings": [
            {"id": telling.article.id, "alone": only, **comparison(telling.comparison)}
            for telling, only in zip(story.tellings, alone[1:], strict=True)
        ],
    }


def _shared(story: Story) -> dict[str, object]:
    kinds = ("dates", "figures", "names", "quotes", "passages")
    return {"shared": {kind: getattr(story, kind) for kind in kinds}}
