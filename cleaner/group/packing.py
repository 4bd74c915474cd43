"""The summary of one article as plain values and bytes, to be kept in a file, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from cleaner.group.collection import Summary
from cleaner.group.copies.signatures import SignatureBatch
from cleaner.group.stories.dates import EventDates
from cleaner.group.stories.features import StoryFeatures

_SIGNATURES = [field.name for field in fields(SignatureBatch)]
_ARRAYS = {
    "terms": np.uint32,
    "counts": np.uint8,
    "idfs": np.uint8,
    "char_ngrams": np.uint16,
    "char_ngram_counts": np.uint8,
    "signature": np.uint32,
    "label_terms": np.uint32,
}
BLOBS = len(_SIGNATURES) + len(_ARRAYS)


def pack(summary: Summary) -> tuple[list[Any], list[bytes]]:
    """The values, fit for JSON, and the BLOBS bytes of the summary of one article that was made for stories."""
    assert summary.features
    (features,) = summary.features
    arrays = [getattr(features, name) for name in _ARRAYS]
    assert [array.dtype for array in arrays] == list(_ARRAYS.values())
    when = features.dates
    values = [
        summary.ids[0],
        summary.dates[0],
        summary.lengths[0],
        [when.published, when.in_text, when.weekdays],
        features.label_words,
    ]
    signatures = [getattr(summary.signatures, name) for name in _SIGNATURES]
    return values, [*signatures, *(array.tobytes() for array in arrays)]


def unpack(values: Sequence[Any], blobs: Sequence[bytes]) -> Summary:
    """The summary again."""
    name, when, length, (published, in_text, weekdays), words = values
    arrays: dict[str, Any] = {
        key: np.frombuffer(blob, dtype=kind)
        for (key, kind), blob in zip(_ARRAYS.items(), blobs[len(_SIGNATURES) :], strict=True)
    }
    dates = EventDates(published, in_text, tuple(weekdays))
    features = StoryFeatures(**arrays, dates=dates, label_words=words)
    return Summary([name], [when], [length], SignatureBatch(*blobs[: len(_SIGNATURES)]), [features])
