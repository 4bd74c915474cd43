"""How long it takes to compare the tellings of a story: ten of 1,000 words, in all the ways that a report needs.

    python benchmarks/tellings.py [--tellings 10] [--words 1000]

The tellings are invented: each shares some sentences with the first word for word, some in other words, and has some of its
own. The seconds are the machine's, so the time of a plain comparison of every pair of tellings, word by word with the
standard library's difflib, is printed beside them: the ratio is what can be compared between machines.
"""

import argparse
import random
import time
from difflib import SequenceMatcher
from importlib import import_module

from cleaner import Article

NAMES = ["Agnes", "Tobin", "Greta", "Idris", "Perpetua", "Emeka", "Juno", "Halvard", "Piet", "Dolores", "Femke"]
WORDS = [
    f"{a}{b}" for a in ("har", "brid", "can", "lib", "gla", "or", "tram", "bak") for b in ("bour", "ge", "al", "er", "ing")
]


def sentence(pick: random.Random) -> str:
    words = [pick.choice(WORDS) for _ in range(17)]
    return f"{pick.choice(NAMES)} {' '.join(words)} {pick.randint(2, 400)} {pick.choice(WORDS)}s."


def telling(base: list[str], number: int) -> Article:
    """The first telling, or another of it: a third as it was, a third in other words, a third new."""
    pick = random.Random(number)
    told = []
    for place, said in enumerate(base):
        if number and place % 3 == 1:
            words = said.split()
            words[pick.randrange(1, len(words) - 1)] = pick.choice(WORDS)
            said = " ".join(words)
        elif number and place % 3 == 2:
            said = sentence(pick)
        told.append(said)
    return Article(text="\n\n".join(" ".join(told[i : i + 3]) for i in range(0, len(told), 3)), id=str(number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tellings", type=int, default=10)
    parser.add_argument("--words", type=int, default=1000)
    options = parser.parse_args()
    pick = random.Random(0)
    base = [sentence(pick) for _ in range(options.words // 20)]
    articles = [telling(base, number) for number in range(options.tellings)]
    story = import_module("cleaner.diff").story
    story(articles[:2])  # loads what it needs
    start = time.perf_counter()
    found = story(articles)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    for other in articles[1:]:
        SequenceMatcher(None, articles[0].text.split(), other.text.split(), autojunk=False).get_opcodes()
    plain = time.perf_counter() - start
    print(f"{options.tellings} tellings of {options.words} words: {len(found.points)} points")
    print(f"compared in {ours:.3f} s; word by word against the first by difflib {plain:.3f} s; ratio {ours / plain:.2f}")


if __name__ == "__main__":
    main()
