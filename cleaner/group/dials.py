"""The two dials of the story tier: how alike tellings of one event must be, and how far apart in time they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Strictness = Literal["strict", "normal", "loose"]
WINDOW = 5  # as stories.WINDOW, which whoever only asks for help should not have to wait for


@dataclass(frozen=True, slots=True)
class Dials:
    """How stories are found: `strictness`, and the days that two dated articles of one story may be apart, `window`.

    Raises ValueError where one cannot be used.
    """

    strictness: Strictness = "normal"
    window: int = WINDOW

    def __post_init__(self) -> None:
        if self.strictness not in get_args(Strictness):
            raise ValueError(f"strictness is one of {', '.join(get_args(Strictness))}, not {self.strictness!r}")
        if self.window < 0:
            raise ValueError(f"window is a number of days, not {self.window}")

    @property
    def threshold(self) -> float:
        """The mean likelihood above which two groups of articles are one story."""
        from cleaner.group import stories  # numpy: only grouping pays for it

        return {"strict": stories.STRICT, "normal": stories.THRESHOLD, "loose": stories.LOOSE}[self.strictness]
