"""The invented articles of the gate, and what is made of them: pairs, collections, copies.

An article's id is "event.telling", and two articles tell one story where the event is one: so the data says the truth once.
"""

import random
import tomllib
import unicodedata
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from cleaner import Article

HERE = Path(__file__).parent


def table(name):
    """A data file, as it stands."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@cache
def articles():
    """Every article by its id: those of stories_*.txt and copies_*.txt, and a row of each form of stories_forms.toml."""
    found = [one for path in sorted(HERE.glob("*_*.txt")) for one in _told(path)]
    found += [one for form, of in table("stories_forms.toml").items() for one in _filled(form, of)]
    by_id = {one.id: one for one in found}
    assert len(by_id) == len(found), "an id stands twice"
    return by_id


@cache
def copied():
    """The ids of the articles that are there for copies alone."""
    return {one.id for path in HERE.glob("copies_*.txt") for one in _told(path)}


def _told(path):
    for block in ("\n" + path.read_text(encoding="utf-8")).split("\n@ ")[1:]:
        head, text = block.split("\n", 1)
        name, title = (side.strip() for side in head.split("|"))
        name, _, date = name.partition(" ")
        yield Article(text=text.strip() + "\n", id=name, title=title or None, date=date.strip() or None)


def _filled(form, of):
    for row in of["rows"]:
        slots = dict(zip(of["columns"], row, strict=True))
        yield Article(text=of["text"].format(**slots), id=f"{form}-{slots['id']}.a", date=slots["date"])


def event(name):
    """What an article tells, by its id."""
    return name.partition(".")[0]


def picked(patterns):
    """The articles whose ids match one of some patterns, in their order."""
    found = []
    for pattern in patterns.split():
        matching = [one for name, one in articles().items() if fnmatchcase(name, pattern) and name not in copied()]
        assert matching, f"no article is called {pattern}"
        found += [one for one in matching if one not in found]
    return found


def undated(some):
    """The same without their dates."""
    return [replace(one, date=None) for one in some]


def made(seed, count, day=None):
    """Articles about nothing in particular, each another event: a crowd for the ones that matter. The same for a seed."""
    slots = table("stories_crowd.toml")
    draw = random.Random(seed)
    for number in range(count):
        chosen = {name: draw.choice(of) for name, of in slots.items() if name != "sentences"}
        told = [line.format(**chosen, n=draw.randint(3, 9000), m=draw.randint(2, 95)) for line in slots["sentences"]]
        yield Article(text=" ".join(draw.sample(told, 6)) + "\n", id=f"crowd{seed}-{number}.a", date=day)


def edited(of):
    """The second article of a pair of copies_pairs.toml: `b`, an article or a text of its own, or the first (or that of
    `of`) with the edits that are named.

    `keep`, `drop` and `order` are of paragraphs, from 1; `quote` takes over one of another article, as "id number"; `swap`
    is pairs of wordings, the first of which must stand there; `printed` is one of PRINTED.
    """
    base = articles()[of.get("of", of["a"])]
    if "b" in of:
        other = of["b"]
        return articles().get(other) or Article(text=other.lstrip(), id=f"{base.id}*", date=base.date)
    paragraphs = base.text.strip().split("\n\n")
    paragraphs = paragraphs[: of.get("keep", len(paragraphs))]
    paragraphs = [one for place, one in enumerate(paragraphs, 1) if place not in of.get("drop", ())]
    if "order" in of:
        paragraphs = [paragraphs[place - 1] for place in of["order"]]
    if "quote" in of:
        name, _, place = of["quote"].partition(" ")
        paragraphs.append(articles()[name].text.strip().split("\n\n")[int(place) - 1])
    text = "\n\n".join([*of.get("before", ()), *paragraphs, *of.get("after", ())])
    for old, new in of.get("swap", ()):
        assert old in text, f"{base.id}: {old!r} does not stand there"
        text = text.replace(old, new)
    text = PRINTED[of["printed"]](text) if "printed" in of else text
    return Article(text=text + "\n", id=f"{base.id}*", title=of.get("title", base.title), date=of.get("date", base.date))


def _wrapped(text):
    lines = []
    for paragraph in text.split("\n\n"):
        lines.append("")
        for word in paragraph.split():
            if lines[-1] and len(lines[-1]) + len(word) > 60:
                lines.append("")
            lines[-1] += f" {word}" if lines[-1] else word
        lines.append("")
    return "\n".join(lines)


# Ways in which one text is printed.
PRINTED = {
    "capitals": str.upper,
    "wrapped": _wrapped,
    "one line": lambda text: " ".join(text.split()),
    "twice": lambda text: f"{text}\n\n{text}",
    "straight quotes": lambda text: text.translate(str.maketrans("“”‘’—–", "\"\"''--")),
    "curly quotes": lambda text: text.replace(' "', " “").replace('"', "”").replace("'", "’"),
    "soft hyphens": lambda text: text.replace("ing", "i\u00adng").replace("er", "e\u00adr"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "mojibake": lambda text: text.encode().decode("cp1252", "replace"),
}
