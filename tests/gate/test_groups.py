"""Stories and copies on invented articles: what is measured may not fall below floors.json.

`python tests/gate/test_groups.py` prints the tables, and with `--pin` raises the floors to what it has measured.
"""

import sys
from collections import Counter, defaultdict
from functools import cache

import floors
import pytest
from msgspec.structs import replace
from stories_data import articles, edited, event, made, picked, table, undated

import cleaner


def cleaned(some):
    """Articles as `group` and `diff` see them, at the speed of a batch."""
    results = cleaner.clean_many(some)
    return [replace(a, text=r.text, date=a.date or r.date) for a, r in zip(some, results, strict=True)]


@cache
def ready():
    """Every article by its id, cleaned."""
    return {one.id: one for one in cleaned(list(articles().values()))}


def grouped(some, of="stories", **options):
    """The groups of some articles, which have been cleaned, as sets of ids."""
    found = getattr(cleaner.group(some, clean=False, **options), of)
    return {frozenset(group.members) for group in found}


def bcubed(found, key_of):
    """BCubed precision, recall and F1 of groups, given what each member's true group is; the mean over all but the crowd."""
    group_of = {name: group for group in found for name in group}
    truly = defaultdict(set)
    for name in group_of:
        truly[key_of(name)].add(name)
    both = {name: len(group & truly[key_of(name)]) for name, group in group_of.items()}
    counted = [name for name in group_of if not name.startswith("crowd")]
    precision = sum(both[name] / len(group_of[name]) for name in counted) / len(counted)
    recall = sum(both[name] / len(truly[key_of(name)]) for name in counted) / len(counted)
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": rounded(precision), "recall": rounded(recall), "F1": rounded(f1)}


def rounded(figure):
    """A figure without the dust of a sum in another order."""
    return round(figure, 6)


def judged(verdicts):
    """Accuracy, precision and recall of (found, true) verdicts."""
    count = Counter(verdicts)
    hits = count[True, True]
    return {
        "accuracy": rounded((hits + count[False, False]) / count.total()),
        "precision": rounded(hits / max(1, hits + count[True, False])),
        "recall": rounded(hits / max(1, hits + count[False, True])),
    }


def collection(of):
    """The articles of a collection, cleaned, its crowd with them."""
    some = [ready()[one.id] for one in picked(of["articles"])] + list(made(1, of.get("crowd", 0)))
    return undated(some) if of.get("undated") else some


@cache
def story_pairs():
    """(kind, one id, the other, how `diff` compares the two) for each pair."""
    pairs = [(kind, *pair.split()) for kind, named in table("stories_pairs.toml").items() for pair in named]
    return [(kind, a, b, cleaner.diff(ready()[a], ready()[b], clean=False)) for kind, a, b in pairs]


@cache
def copy_pairs():
    """(name, first, second, how `diff` compares them, whether they are copies) for each pair, cleaned."""
    pairs = [(name, of, truth) for truth, named in table("copies_pairs.toml").items() for name, of in named.items()]
    seconds = cleaned([edited(of) for _, of, _ in pairs])
    return [
        (name, ready()[of["a"]], second, cleaner.diff(ready()[of["a"]], second, clean=False), truth == "copy")
        for (name, of, truth), second in zip(pairs, seconds, strict=True)
    ]


@cache
def stories():
    """What is measured of stories."""
    verdicts = [(kind, compared.same_story, event(a) == event(b)) for kind, a, b, compared in story_pairs()]
    kinds = defaultdict(list)
    for kind, found, true in verdicts:
        kinds[kind].append(found == true)
    return {
        "pairs": judged([verdict[1:] for verdict in verdicts]),
        "pairs decided rightly": {kind: rounded(sum(right) / len(right)) for kind, right in kinds.items()},
        "collections": {
            name: bcubed(grouped(collection(of)), event) for name, of in table("stories_collections.toml").items()
        },
        "dials": {
            strictness: bcubed(grouped(collection({"articles": "*"}), strictness=strictness), event)
            for strictness in ("strict", "loose")
        },
    }


@cache
def copies():
    """What is measured of copies: pairs, and all of them as one collection."""
    pairs = copy_pairs()
    whole = {a.id: a for _, a, *_ in pairs}
    key = {name: name for name in whole}
    for name, a, b, _, same in pairs:
        if b.id not in whole:
            whole[name] = replace(b, id=name)
            key[name] = a.id if same else name
    return {
        "pairs": judged([(compared.same_copy, same) for _, _, _, compared, same in pairs]),
        "collection": bcubed(grouped(list(whole.values()), "copies", copies_only=True), key.__getitem__),
    }


def rows(figures, indent=""):
    """A table of figures, a line each."""
    for name, value in figures.items():
        if not isinstance(value, dict):
            yield f"{indent}{name:<32}{value:8.4f}"
        elif any(isinstance(below, dict) for below in value.values()):
            yield f"{indent}{name}"
            yield from rows(value, indent + "  ")
        else:
            yield f"{indent}{name:<32}" + "  ".join(f"{key} {one:.4f}" for key, one in value.items())


@pytest.mark.parametrize("measure", [stories, copies], ids=lambda measure: measure.__name__)
def test_nothing_measured_falls_below_its_floor(measure):
    print("\n".join(["", *rows({measure.__name__: measure()})]))
    assert floors.misses(measure(), measure.__name__) == []


def failing(name, section):
    """The cases of a section of a file of known failures, each expected to fail until it is mended."""
    wrong = pytest.mark.xfail(strict=True, raises=AssertionError, reason="known to fail")
    return [pytest.param(of, id=case, marks=wrong) for case, of in table(name)[section].items()]


@pytest.mark.parametrize("of", failing("stories_fails.toml", "groups"))
def test_collections_that_are_not_grouped_rightly(of):
    some = collection(of)
    truth = {frozenset(one.id for one in some if event(one.id) == told) for told in {event(one.id) for one in some}}
    assert grouped(some) == truth


@pytest.mark.parametrize("of", failing("stories_fails.toml", "unexplained"))
def test_words_that_explain_nothing(of):
    (story,) = cleaner.group(collection(of), clean=False).stories
    assert of["words"] not in (*story.shared.names, *story.shared.numbers)


@pytest.mark.parametrize("of", table("stories_agree.toml")["agree"].values(), ids=str)
def test_figures_that_are_taken_to_disagree(of):
    odd = cleaner.diff(*collection(of), clean=False).disagreements
    assert not any([one.first.split()[0].split("-")[0], one.second.split()[0].split("-")[0]] == of["figures"] for one in odd)


@pytest.mark.parametrize("of", failing("copies_fails.toml", "pairs"))
def test_pairs_that_are_wrongly_copies_or_not(of):
    pair = [ready()[of["a"]], *cleaned([edited(of)])]
    assert cleaner.diff(*pair, clean=False).same_copy == of["copy"]


if __name__ == "__main__":
    for figures in (stories, copies):
        print("\n".join(rows({figures.__name__: figures()})))
        if "--pin" in sys.argv:
            floors.raise_floors(figures(), figures.__name__)
