"""The two dials of the story tier: how alike tellings of one event must be, and how far apart in time they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Strictness = Literal["strict", "normal", "loose"]
# Above this mean likelihood two groups of articles are one story. In the middle of a plateau: from .1 to .3 ECB+ stays
# within .02 of its best BCubed F1 (.933), and NewsWCL50 from .15 to .35 at 1; among unlabelled news the higher end makes
# fewer false pairs.
THRESHOLD = 0.25
STRICT, LOOSE = 0.4, 0.1
WINDOW = 5  # days between two dated articles of one story


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
        return {"strict": STRICT, "normal": THRESHOLD, "loose": LOOSE}[self.strictness]
