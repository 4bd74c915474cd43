"""The summary of one article as plain values and bytes, to be kept in a file, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from cleaner.group.collection import Summary
from cleaner.group.copies.signatures import SignatureBatch

_SIGNATURES = [field.name for field in fields(SignatureBatch)]


def pack(summary: Summary) -> tuple[list[Any], list[bytes]]:
    """The values, fit for JSON, and the bytes of the summary of one article."""
    features = summary.features or []
    values = [summary.ids[0], summary.dates[0], summary.lengths[0], len(features)]
    return values, [*(getattr(summary.signatures, name) for name in _SIGNATURES), *features]


def unpack(values: Sequence[Any], blobs: Iterator[bytes]) -> Summary:
    """The summary again; of the bytes its own are taken."""
    name, when, length, told = values
    signatures = SignatureBatch(*(next(blobs) for _ in _SIGNATURES))
    return Summary([name], [when], [length], signatures, [next(blobs)] if told else None)
