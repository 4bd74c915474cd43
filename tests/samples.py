"""What several tests read: an article with one line of boilerplate, as text, page and records; and pairs of tellings."""

import json
import random

TOO_LONG = 900  # seconds: what takes longer hangs, however busy the machine

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
LAST = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."
DIRTY = f"{FIRST}\n\nAdvertisement\n\n{LAST}\n"
CLEAN = f"{FIRST}\n\n{LAST}\n"
PAGE = f"<!DOCTYPE html><html><head><title>Bridge</title></head><body><article><p>{FIRST}</p><p>{LAST}</p></article></body>"
RECORD = {
    "id": "r1",
    "title": "Bridge",
    "text": DIRTY,
    "date": "2024-03-01",
    "url": "https://a.example/1",
    "n": [1, {"x": None}],
}
LINES = json.dumps(RECORD) + "\n" + json.dumps({"text": "Short.", "id": 7}) + "\n"

SYLLABLES = [
    "bar",
    "den",
    "fol",
    "gri",
    "hos",
    "jul",
    "kem",
    "lor",
    "mas",
    "nev",
    "pol",
    "quin",
    "ras",
    "sib",
    "tol",
    "urd",
    "vel",
]
DETAILS = ["how", "where", "did", "count", "what", "who"]


def tellings(seed, alike):
    """Two articles in different words, each with six facts that no other article has, but for `alike` details of them."""
    pick = random.Random(seed)

    def word(syllables=2):
        return "".join(pick.choice(SYLLABLES) for _ in range(syllables))

    def fact():
        who, where, count = f"{word().title()} {word().title()}", word(3).title(), pick.randint(11, 9999)
        return {"who": who, "where": where, "what": word(), "did": word() + "ed", "count": count, "how": word(3)}

    first, second = ([fact() for _ in range(6)] for _ in range(2))
    for n in range(alike):
        second[n // 6][DETAILS[n % 6]] = first[n // 6][DETAILS[n % 6]]
    one = "{who} of {where} {did} {count} {what}s with a {how}, and nobody was surprised at that."
    other = "It took a {how} before the {what}s, {count} in all, were {did} in {where}, as {who} told the reporters."
    return " ".join(one.format(**f) for f in first), " ".join(other.format(**f) for f in second)


def groups_of(ids, stories):
    """The groups of articles, none a copy, that have the stories of the articles at some places."""
    import numpy as np

    from cleaner.group.collection import Groups

    alone, none = np.arange(len(ids)), np.full(len(ids), -1)
    return Groups(ids, np.array(stories), alone, np.ones(len(ids)), {}, {}, none)


def graded_tellings():
    """(id, text) of 30 pairs of articles, from hardly alike to clearly of one story."""
    for alike in range(4, 28, 4):
        for n in range(5):
            for side, text in zip("ab", tellings(100 * alike + n, alike), strict=True):
                yield f"{alike}{n}{side}", text
