"""What a text states that can be checked: dates, times, figures, names; and what it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner import text as texts
from cleaner.dates import MONTHS_OF_SEVEN_LANGUAGES

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_ONES = "two three four five six seven eight nine".split()  # noqa: SIM905
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
SAID = {
    **{word: 2 + i for i, word in enumerate(_ONES)},
    **{word: 10 + i for i, word in enumerate(_TEENS)},
    **{word: 20 + 10 * i for i, word in enumerate(_TENS)},
    "dozen": 12,
    "hundred": 100,
}
_SCALES = {"thousand": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}

_MONTH = "|".join(sorted(MONTHS_OF_SEVEN_LANGUAGES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_WORDS = "|".join(
    (*(f"(?:{ten})(?:-(?:{'|'.join(('one', *_ONES))}))?" for ten in _TENS), *_ONES, *_TEENS, "dozen", "hundred")
)
_YEAR = r"(?:1[5-9]|2[01])\d\d"
_CURRENCY = r"dollars?|euros?|pounds?|yen|francs?|rupees?|yuan"
_STATED = re.compile(
    rf"""
    \b(?P<iso>{_YEAR}-\d\d-\d\d)\b
  | \b(?P<month>{_MONTH})\b\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s(?P<year>{_YEAR})\b)?
  | \b(?P<day2>[0-3]?\d)(?:\.|st|nd|rd|th)?(?:\sde)?\s(?P<month2>{_MONTH})\b\.?
    (?:,?(?:\sde)?\s(?P<year2>{_YEAR})\b)?
  | \b(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d)|(?:[.:](?P<minute2>[0-5]\d))?(?=\s?[ap]\.?m\b))
    (?:\s?[ap]\.?m\b\.?)?
  | (?P<coin>[$£€¥])\s?(?P<amount>{_NUMBER})(?:\s?(?P<scale>million|billion|trillion|thousand|bn|mn|m)\b)?
  | \b(?P<number>{_NUMBER}|(?:{_WORDS})\b)(?:\s?(?P<scale2>million|billion|trillion|thousand|bn)\b)?
    (?P<of>\s?%|\s?percent\b|\sper\scent\b|\sProzent\b|\spour\scent\b|\spor\sciento\b|\s(?:{_CURRENCY})\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COUNTED = re.compile(r"[\s-]{1,2}([^\W\d_]{2,}(?:[\s-][^\W\d_]{2,})?)")
_CAPITALISED = r"(?:(?:St|Mr|Mrs|Ms|Dr|Sgt|Lt|Col|Gen|Capt)\.\s)?[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*"
_LINK = r"[ \u00a0](?:(?:of|de|van|von|der|al|bin|[A-Z]\.)[ \u00a0])?"
_NAME = re.compile(rf"(?<![\w'’]){_CAPITALISED}(?:{_LINK}{_CAPITALISED})*")
_OPENS = re.compile(r"(?:^|[.!?…:;\"'‘“«(\[\n•–—-])\s*$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A date, a time, an amount of money, a percentage, a number or a name: `text` as it stands, with what is counted,
    `key` what wordings of the same have in common, `sentence` the number of its sentence."""

    kind: str
    key: str
    text: str
    sentence: int
    counted: str = ""


def figures(sentences: Sequence[str]) -> tuple[Claim, ...]:
    """The dates, times and figures of a text, in order."""
    return tuple(claim for i, sentence in enumerate(sentences) for claim in _figures(sentence, i))


def _figures(sentence: str, place: int) -> Iterable[Claim]:
    if not any(char.isdigit() for char in sentence) and not _WORD_NUMBER.search(sentence):
        return
    for match in _STATED.finditer(sentence):
        found = match.groupdict()
        text, key, kind = match.group(), "", "number"
        counted = ""
        if found["iso"]:
            kind, key = "date", text[5:]
        elif month := found["month"] or found["month2"]:
            kind, key = "date", f"{MONTHS_OF_SEVEN_LANGUAGES[month.lower()]:02}-{int(found['day'] or found['day2']):02}"
        elif found["hour"]:
            kind, key = "time", f"{int(found['hour']) % 12}:{found['minute'] or found['minute2'] or '00'}"
        elif found["coin"]:
            kind, key = "money", _value(found["amount"], found["scale"])
        else:
            key = _value(found["number"], found["scale2"])
            of = (found["of"] or "").strip().lower()
            if of:
                kind = "percent" if of in ("%", "percent", "per cent", "prozent", "pour cent", "por ciento") else "money"
            elif re.fullmatch(r"(?:1[5-9]|20)\d\d", text):
                kind = "year"
            elif after := _COUNTED.match(sentence, match.end()):
                counted = _counted(after[1])
                text = sentence[match.start() : after.start(1) + len(counted)] if counted else text
        yield Claim(kind, key, text, place, counted)
        if year := found["year"] or found["year2"] or (found["iso"] or "")[:4]:
            yield Claim("year", _value(year, None), year, place)


def _counted(after: str) -> str:
    """Of the two words after a number what is counted: the first, with the second where the first only describes it."""
    one, _, two = after.partition(" ")
    if one.lower() in _FILLERS:
        return ""
    return one if not two or one.endswith("s") or two.lower() in _FILLERS else after


_WORD_NUMBER = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)


def _value(number: str, scale: str | None) -> str:
    """A number as two wordings of it have in common."""
    plain = number.lower()
    if plain[0].isdigit():
        grouped = re.fullmatch(r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+", plain)
        value = float(re.sub(r"\D", "", plain) if grouped else plain.replace(",", "."))
    else:
        ten, _, one = plain.partition("-")
        value = SAID[ten] + (SAID.get(one, 1) if one else 0)
    value *= _SCALES.get((scale or "").lower(), 1)
    return f"{value:.0f}" if value == round(value) else f"{value:g}"


def names(sentences: Sequence[str]) -> tuple[Claim, ...]:
    """The names of a text: runs of capitalised words. One word alone counts where it stands capitalised within a sentence,
    and nowhere in small letters."""
    small = {word for sentence in sentences for word in re.findall(r"\b[a-z]\w+", sentence)}
    found = []
    for i, sentence in enumerate(sentences):
        for match in _NAME.finditer(sentence):
            parts = match.group().split()
            opens = bool(_OPENS.search(sentence[max(0, match.start() - 3) : match.start()]))
            if opens and (parts[0].lower() in small or parts[0].lower() in OPENERS):
                parts = parts[1:]
                opens = False
            if not parts or (
                len(parts) == 1 and (opens or parts[0].lower() in small or parts[0].lower() in MONTHS_OF_SEVEN_LANGUAGES)
            ):
                continue
            text = re.sub(r"['’]s?$", "", " ".join(parts))
            found.append(Claim("name", " ".join(texts.words(text)), text, i))
    return tuple(found)


OPENERS = frozenset(
    texts.WORD.findall(
        "a an and as at after all but by for from he her his how i if in it its my no not of on one or our she so some that "
        "the their then there these they this those to two we what when where while who why with you"
    )
)

# Words that follow a number, or what is counted, without being either.
_FILLERS = OPENERS | frozenset(
    texts.WORD.findall("are before had has have into is later more other others over than under was were will would")
)


def quotations(text: str) -> tuple[str, ...]:
    """What a text has in quotation marks, of three words or more, each once."""
    found = (match[1].strip(" ,.") for match in _QUOTED.finditer(text))
    return tuple(dict.fromkeys(quote for quote in found if len(texts.words(quote)) >= 3))


_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„\n]{5,600})[\"”»“]")
