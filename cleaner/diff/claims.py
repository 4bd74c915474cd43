"""What a text states that can be checked: dates, times, figures, names; and what it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cleaner import text as texts
from cleaner.dates import MONTHS_OF_SEVEN_LANGUAGES
from cleaner.diff.tokens import small_words
from cleaner.diff.vocabulary import FILLERS, FOREIGN_NUMBERS, HEDGES, NUMBER_WORDS, ONES, OPENERS, SCALES, TEENS, TENS, UNITS

ClaimKind = Literal["date", "time", "money", "percent", "number", "score", "year", "name"]

_MONTH = "|".join(sorted(MONTHS_OF_SEVEN_LANGUAGES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_ALONE = "|".join(sorted(("one", *ONES), key=len, reverse=True))
_WORDS = "|".join((*(f"(?:{ten})(?:-(?:{_ALONE}))?" for ten in TENS), *TEENS, *ONES, *FOREIGN_NUMBERS, "dozen", "hundred"))
_SCALE = "|".join(sorted((word for word in SCALES if len(word) > 1), key=len, reverse=True))
_YEAR = r"(?:1[5-9]|2[01])\d\d"
_CURRENCY = r"dollars?|euros?|pounds?|yen|francs?|rupees?|yuan|reais|dólares|Dollar|USD|đồng"
_BEYOND = r"(?![^\W_])"  # "20th" and "F-18A" are no figures
_UNIT = r"(?=(?:km|kg|cm|mm|mph|m)\b)"
_STATED = re.compile(
    rf"""
    \b(?P<iso>{_YEAR}-\d\d-\d\d)\b
  | \bngày\s(?P<day3>[0-3]?\d)(?:[/.-]|\stháng\s)(?P<month3>1[0-2]|0?[1-9])(?!\d)(?:[/.-](?P<year3>{_YEAR})\b)?
  | \b(?P<month>{_MONTH})\b\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s(?P<year>{_YEAR})\b)?
  | \b(?P<day2>[0-3]?\d)(?:\.|st|nd|rd|th)?(?:\sde)?\s(?P<month2>{_MONTH})\b\.?
    (?:,?(?:\sde)?\s(?P<year2>{_YEAR})\b)?
  | \b(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d)(?![:\d])|(?:[.:](?P<minute2>[0-5]\d))?(?=\s?[ap]\.?m\b))
    (?:\s?(?P<half>[ap])\.?m\b\.?)?
  | (?P<coin>[$£€¥])\s?(?P<amount>{_NUMBER})(?:\s?(?P<scale>{_SCALE}|m)\b)?
  | (?<![\w.,/:-])(?P<score>\d{{1,3}}\s?[-–]\s?\d{{1,3}})(?![\w/:–-]|[.,]\d)
  | (?<![\w./:–-])(?<!\d,)(?<!\d,\s)(?P<number>(?:{_NUMBER})(?:{_BEYOND}|{_UNIT})|(?:{_WORDS})\b)(?![-–/:]\d|[.,]\s?\d)
    (?:\s?(?P<scale2>{_SCALE})\b)?
    (?P<of>\s?%|\s?percent\b|\sper\scent\b|\sProzent\b|\spour\scent\b|\spor\sciento\b|\s(?:d[eo]\s)?(?:{_CURRENCY})\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COUNTED = re.compile(r"[\s-]{0,2}((?:[^\W\d_]+(?:[-'’][^\W\d_]+)*\s?){1,3})")
_IRREGULAR = frozenset(
    "people men women children dead injured wounded missing others crew troops police percent feet".split()  # noqa: SIM905
)
_RATE = re.compile(
    r"(?:\s(?:of|in|de)\s\w+)?\s(?:per|a|an|each|every|por|pro|par|al|à)\s(second|minute|hour|day|night|week|month|year|capita|head|share|barrel|person)s?\b"
)
_HEDGED = re.compile(
    "|".join(rf"(?P<{name}>(?<!\w)(?:{words}))" for name, words in HEDGES.items()).join(("(?:", r")\s(?:the\s|a\s|an\s)?$")),
    re.IGNORECASE,
)
_RANGE_ENDS = re.compile(r"(?:\d|million|billion|\bbetween)\s?(?:to|bis|até|and|-|–)?\s?$", re.IGNORECASE)
_RANGE_BEGINS = re.compile(r"(?:\s(?:million|billion))?\s(?:to|bis|até|or|oder|ou)\s[$£€]?\d")
_CAPITALISED = r"(?:(?:St|Mr|Mrs|Ms|Dr|Sgt|Lt|Col|Gen|Capt)\.\s)?[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*"
_LINK = r"[ \u00a0](?:(?:of|de|van|von|der|al|bin|[A-Z]\.)[ \u00a0])?"
_NAME = re.compile(rf"(?<![\w'’]){_CAPITALISED}(?:{_LINK}{_CAPITALISED})*")
_OPENS = re.compile(r"(?:^|[.!?…:;\"'‘“«(\[\n•–—-])\s*$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A date, a time, an amount of money, a percentage, a number, a score or a name: `text` as it stands, with what is
    counted, `key` what wordings of the same have in common, `sentence` the number of its sentence, `start` where in it the
    claim stands. `hedge` is the key of HEDGES that says how exact it is, "" where it is; a `rate` is per something."""

    kind: ClaimKind
    key: str
    text: str
    sentence: int
    counted: str = ""
    start: int = 0
    hedge: str = ""
    rate: str = ""


def figures(sentences: Sequence[str]) -> tuple[Claim, ...]:
    """The dates, times and figures of a text, in order."""
    return tuple(claim for i, sentence in enumerate(sentences) for claim in _figures(sentence, i))


def _figures(sentence: str, place: int) -> Iterator[Claim]:
    if not any(char.isdigit() for char in sentence) and not _WORD_NUMBER.search(sentence):
        return
    for match in _STATED.finditer(sentence):
        yield _figure(match, place)
        if year := match["year"] or match["year2"] or match["year3"] or (match["iso"] or "")[:4]:
            yield Claim("year", _value(year, None), year, place, start=match.start())


def _figure(match: re.Match[str], place: int) -> Claim:
    """What a match of _STATED claims."""
    start = match.start()
    if match["iso"]:
        return Claim("date", match["iso"][5:], match.group(), place, start=start)
    month, day = match["month"] or match["month2"], match["day"] or match["day2"] or match["day3"]
    if month or match["month3"]:
        number = MONTHS_OF_SEVEN_LANGUAGES[month.lower()] if month else int(match["month3"])
        return Claim("date", f"{number:02}-{int(day):02}", match.group(), place, start=start)
    if match["hour"]:
        key = f"{int(match['hour']) % 12}:{match['minute'] or match['minute2'] or '00'}"
        return Claim("time", key, match.group(), place, start=start, hedge=_hedge(match))
    if match["score"]:
        return Claim("score", re.sub(r"\D+", "-", match["score"]), match.group(), place, start=start)
    if match["coin"]:
        after = _RATE.match(match.string, match.end())
        value = _value(match["amount"], match["scale"])
        return Claim("money", value, match.group(), place, match["coin"], start, _hedge(match), after[1] if after else "")
    return _number(match, place)


def _hedge(match: re.Match[str]) -> str:
    """How exact a figure is, by what stands before it."""
    before, after = match.string[max(0, match.start() - 24) : match.start()], match.string[match.end() : match.end() + 12]
    if _RANGE_ENDS.search(before) or _RANGE_BEGINS.match(after):
        return "vague"
    found = _HEDGED.search(before)
    return (found.lastgroup or "") if found else ""


def _number(match: re.Match[str], place: int) -> Claim:
    """A figure that is no date, no time and has no sign of a currency: told by what comes after it."""
    text, key, start, hedge = match.group(), _value(match["number"], match["scale2"]), match.start(), _hedge(match)
    if of := (match["of"] or "").strip().lower():
        kind: ClaimKind = "percent" if of in _PERCENT else "money"
        return Claim(kind, key, text, place, "" if kind == "percent" else of, start, hedge)
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", text):
        return Claim("year", key, text, place, start=start)
    after = _COUNTED.match(match.string, match.end())
    size, counted = _counted(after[1]) if after else (0, "")
    end = after.start(1) + size if after and counted else match.end()
    rate = _RATE.match(match.string, end)
    if match.string[end : end + 5] == "-plus" or match.string[end : end + 8] == " or more":
        hedge = "least"
    return Claim("number", key, match.string[start:end], place, counted, start, hedge, rate[1] if rate else "")


_PERCENT = ("%", "percent", "per cent", "prozent", "pour cent", "por ciento")


def _counted(after: str) -> tuple[int, str]:
    """Of the words after a number what is counted: the first that is a plural, or else the first; and where it ends."""
    first = (0, "")
    for match in re.finditer(r"\S+", after):
        word = match.group().lower()
        if word in FILLERS or (len(word) < 3 and word not in UNITS):
            break
        plural = word.endswith("s") and not word.endswith("ss")
        if plural or word.split("-")[0] in UNITS or word in _IRREGULAR:
            return match.end(), match.group()
        first = first if first[1] else (match.end(), match.group())
    return first


_WORD_NUMBER = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)


def _value(number: str, scale: str | None) -> str:
    """A number as two wordings of it have in common."""
    plain = number.lower()
    if plain[0].isdigit():
        grouped = re.fullmatch(r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+", plain)
        value = float(re.sub(r"\D", "", plain) if grouped else plain.replace(",", "."))
    else:
        ten, _, one = plain.partition("-")
        value = NUMBER_WORDS[ten] + (NUMBER_WORDS.get(one, 1) if one else 0)
    value *= SCALES.get((scale or "").lower(), 1)
    return f"{value:.0f}" if value == round(value) else f"{value:g}"


def names(sentences: Sequence[str]) -> tuple[Claim, ...]:
    """The names of a text: runs of capitalised words. One word alone counts where it stands capitalised within a sentence,
    and nowhere in small letters."""
    small = small_words(sentences)
    found = []
    for i, sentence in enumerate(sentences):
        for match in _NAME.finditer(sentence):
            if words := _name(match, small):
                text = re.sub(r"['’]s?$", "", " ".join(words))
                found.append(Claim("name", " ".join(texts.words(text)), text, i, start=match.end() - len(match.group())))
    return tuple(found)


def _name(match: re.Match[str], small: set[str]) -> list[str]:
    """The words of a run of capitals without one that has its capital for opening a sentence; none where none is left, or
    one that need not be a name."""
    words = match.group().split()
    opens = bool(_OPENS.search(match.string[max(0, match.start() - 3) : match.start()]))
    if opens and (words[0].lower() in small or words[0].lower() in OPENERS):
        words, opens = words[1:], False
    if len(words) == 1:
        alone = words[0].lower()
        return [] if opens or alone in small or alone in MONTHS_OF_SEVEN_LANGUAGES else words
    return words


def quotations(text: str) -> tuple[str, ...]:
    """What a text has in quotation marks, of three words or more, each once."""
    found = (match[1].strip(" ,.") for match in _QUOTED.finditer(text))
    return tuple(dict.fromkeys(quote for quote in found if len(texts.words(quote)) >= 3))


_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„\n]{5,600})[\"”»“]")
