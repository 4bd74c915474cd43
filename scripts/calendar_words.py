"""Make cleaner/data/calendar.txt: the names of months and weekdays in many languages, from CLDR (by way of Babel).

    python scripts/calendar_words.py

A line a language: its code, then twelve months and seven weekdays from Monday, tabs between; of one that has several
forms these stand with commas between. Words that mean another month or day in another language, and common nouns, are left
out. Needs Babel, which nothing else here does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from babel import Locale

LANGUAGES = (
    "en de fr es it pt nl sv da nb nn fi is et lv lt pl cs sk sl hr sr bs mk bg ru uk be ro hu el tr az kk ca "
    "gl eu ga cy sq hy ka ar fa he ur hi bn mr ta te id ms vi th ko ja zh sw af eo"
)
OUT = Path(__file__).parent.parent / "cleaner" / "data" / "calendar.txt"

# Cases that CLDR does not have and news has on every page: "in среду", "w środę", "maanantaina".
INFLECTED = {
    "ru": {3: "среду", 5: "пятницу", 6: "субботу"},
    "uk": {3: "середу", 5: "п’ятницю", 6: "суботу", 7: "неділю"},
    "be": {3: "сераду", 5: "пятніцу", 6: "суботу", 7: "нядзелю"},
    "pl": {3: "środę", 6: "sobotę", 7: "niedzielę"},
    "cs": {3: "středu", 6: "sobotu", 7: "neděli"},
    "sk": {3: "stredu", 6: "sobotu", 7: "nedeľu"},
    "sl": {3: "sredo", 6: "soboto", 7: "nedeljo"},
    "hr": {3: "srijedu", 6: "subotu", 7: "nedjelju"},
    "fi": dict(
        enumerate("maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina".split(), 1)  # noqa: SIM905
    ),
    "hu": dict(enumerate("hétfőn kedden szerdán csütörtökön pénteken szombaton vasárnap".split(), 1)),  # noqa: SIM905
    "pt": dict(enumerate("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira".split(), 1)),  # noqa: SIM905
    "ar": dict(enumerate("الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد".split(), 1)),  # noqa: SIM905
    "ja": dict(enumerate("月曜 火曜 水曜 木曜 金曜 土曜 日曜".split(), 1)),  # noqa: SIM905 (as pairs of characters: see tokens)
    "zh": dict(enumerate("周一 周二 周三 周四 周五 周六 周日".split(), 1)),  # noqa: SIM905
}
NOUNS = {"pazar", "salı", "minggu", "ahad"}  # a market, a week, and names


def forms(names: set[str]) -> set[str]:
    words = set()
    for name in names:
        word = name.lower().strip().rstrip(".")
        if len(word) > 1 and re.fullmatch(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", word):
            words.add(word)
    return words


def main() -> None:
    table: dict[str, list[set[str]]] = {}
    meanings: dict[tuple[str, str], set[int]] = defaultdict(set)
    for language in LANGUAGES.split():
        locale = Locale(language)
        rows: list[set[str]] = []
        for number in range(1, 13):
            found = {
                locale.months[context][width][number]
                for context in ("format", "stand-alone")
                for width in ("wide", "abbreviated")
            }
            rows.append(forms(found))
        for number in range(7):
            found = {locale.days[context]["wide"][number] for context in ("format", "stand-alone")}
            extra = INFLECTED.get(language, {}).get(number + 1)
            rows.append((forms(found) | ({extra} if extra else set())) - NOUNS)
        for place, words in enumerate(rows):
            for word in words:
                meanings["month" if place < 12 else "day", word].add(place)
        table[language] = rows
    lines = []
    for language, rows in table.items():
        cells = [
            ",".join(sorted(word for word in words if len(meanings["month" if place < 12 else "day", word]) == 1))
            for place, words in enumerate(rows)
        ]
        lines.append("\t".join([language, *cells]))
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    odd = sorted(word for (_, word), places in meanings.items() if len(places) > 1)
    print(f"{len(lines)} languages, {OUT.stat().st_size:,} bytes; left out: {' '.join(odd)}")


if __name__ == "__main__":
    main()
