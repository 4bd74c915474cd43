"""The English words that claims need: numbers and their scales, units, and small words that are no topic and no name."""

from __future__ import annotations

TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
ONES = "two three four five six seven eight nine".split()  # noqa: SIM905
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
NUMBER_WORDS = {
    **{word: 2 + i for i, word in enumerate(ONES)},
    **{word: 10 + i for i, word in enumerate(TEENS)},
    **{word: 20 + 10 * i for i, word in enumerate(TENS)},
    "dozen": 12,
    "hundred": 100,
}
SCALES = {"thousand": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}

# Small words that open sentences.
OPENERS = frozenset(
    "a an and as at after all but by for from he her his how i if in it its my no not of on one or our she so some that "  # noqa: SIM905
    "the their then there these they this those to two we what when where while who why with you".split()
)

# Words that follow a number, or what is counted, without being either.
FILLERS = OPENERS | frozenset(
    "are before had has have into is later more other others over than under was were will would".split()  # noqa: SIM905
)

# What is counted in one of these is compared with nothing but the same.
UNITS = frozenset(
    "second minute hour day week month year decade century mile kilometre kilometer metre meter centimetre foot feet "  # noqa: SIM905
    "inch yard acre hectare tonne ton kilogram pound litre liter gallon knot degree km kg cm mph".split()
)
