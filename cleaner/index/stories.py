"""Which stories new articles tell, new ones or earlier ones: by what `group` does, among the new articles and the stories
that any of them may continue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Indexes
from cleaner.group.copies.forms import share_wording
from cleaner.group.copies.store import SignatureStore
from cleaner.group.stories.candidates import candidates
from cleaner.group.stories.clusters import SOFT, THRESHOLDS, linked, lost_in_a_crowd, plausible
from cleaner.group.stories.features import KIND_SHIFT, NAMES, NUMBERS, StoryFeatures
from cleaner.group.stories.rows import Floats
from cleaner.group.stories.similarity import Partners, TfidfVectors, logistic, partners_among, told_often
from cleaner.index import blocks, rows
from cleaner.index.file import IndexFile
from cleaner.index.frequencies import Frequencies
from cleaner.index.rows import Given
from cleaner.model import Shared
from cleaner.options import StoryOptions

_ROWS = 64  # of an article's 128 MinHash values: by these earlier articles are found
_CANDIDATES = 16  # earlier articles that a new one is compared with, those with which it shares the most bands
_MEMBERS = 64  # tellings of an earlier story that new ones are compared with: half of them the first, half the last
_DOUBT = 0.2  # of the threshold that a pair must reach for its story to be looked at
# Log odds that a pair with a new article must have beyond what would do at once: what is told together stays together, and
# what is told apart may still become one. With 0 and .3 ECB+ and the Vietnamese stories lost more (benchmarks/index.py).
SURER = 0.6
_ADDED = 8  # names and numbers each that are told of what new tellings add


@dataclass
class Stories:
    """The clusters of new articles (by their places) and earlier stories (by their numbers), each with what the new ones
    add to the earlier; and what the index is to remember of them."""

    clusters: list[tuple[list[int], list[int]]] = field(default_factory=list)
    adds: list[Shared] = field(default_factory=list)
    frequencies: Frequencies | None = None
    partners: Partners = field(default_factory=Partners)


class _Near:
    """Some articles, earlier ones and new ones, as a small collection: new ones have the numbers from `first` on."""

    def __init__(
        self, file: IndexFile, earlier: Sequence[int], new: Sequence[Given], first: int, signed: bool = False
    ) -> None:
        self.numbers = [*earlier, *range(first, first + len(new))]
        self.features = [*rows.story_features(file, earlier, signed), *(one.features for one in new)]
        self.days = np.array([one.dates.published for one in self.features], dtype=np.int64)
        self._file, self._new, self._first = file, new, first

    def of_one_form(self, a: Indexes, b: Indexes) -> NDArray[np.bool_]:
        """Whether the articles of each pair are of one form; of earlier ones only those are read that are asked for."""
        places = np.unique(np.concatenate((a, b)))
        numbers = [self.numbers[i] for i in places.tolist()]
        earlier = [number for number in numbers if number < self._first]
        store = SignatureStore()
        if earlier:
            store.add(rows.signatures(self._file, earlier))
        for number in numbers[len(earlier) :]:
            store.add(self._new[number - self._first].summary.signatures)
        return share_wording(store, np.searchsorted(places, a), np.searchsorted(places, b))


def find(file: IndexFile, given: Sequence[Given], options: StoryOptions) -> Stories:
    """The stories of some new articles, each of which represents its copy group."""
    if not given:  # nothing is counted then, and what was stays as it was to the last bit
        return Stories()
    order = sorted(range(len(given)), key=lambda i: given[i].digest[::-1])  # by what they say, as `group` has them
    new = [given[i] for i in order]
    found = Stories(frequencies=(frequencies := Frequencies(file, [one.features for one in new], options.window)))
    threshold = THRESHOLDS[options.strictness]
    (first,) = file.one("SELECT ifnull(max(number), 0) + 1 FROM articles")
    signed = signatures(new)
    days = np.concatenate((blocks.days(file, "stories"), signed.days))
    met = blocks.strongest(blocks.meeting(file, "stories", signed, options.window), _CANDIDATES)
    earlier, place = np.unique(met.earlier, return_inverse=True)
    near = _Near(file, earlier.tolist(), new, first)
    a, b = candidates(near.features[len(earlier) :], near.days[len(earlier) :], options.window)
    pairs = np.concatenate((place, a + len(earlier))), np.concatenate((met.new + len(earlier), b + len(earlier)))
    vectors = TfidfVectors(near.features, frequencies.counts)
    lost = lost_in_a_crowd(near.days, days, options.window)
    (a, b, odds), _ = plausible(vectors, near.features, pairs, near.of_one_form, lost)
    before = frequencies.partners
    partners = partners_among(odds, sum(1 for one in new if len(one.features.terms)), before)
    found.partners = Partners(partners.likely - before.likely, partners.articles - before.articles)
    likely = logistic((odds + told_often(partners)) / SOFT)
    touched = sorted({near.numbers[i] for i in a[likely >= _DOUBT * threshold].tolist() if i < len(earlier)})
    members = _members(file, {one.story for one in rows.by_number(file, touched).values()})
    if members:
        near = _Near(file, [number for number, _ in members], new, first, signed=True)
        vectors = TfidfVectors(near.features, frequencies.counts)
        lost = lost_in_a_crowd(near.days, days, options.window)
        (a, b, odds), _ = plausible(
            vectors, near.features, candidates(near.features, near.days, options.window), near.of_one_form, lost
        )
    else:
        near = _Near(file, [], new, first)
        inside = a >= len(earlier)
        a, b, odds = a[inside] - len(earlier), b[inside] - len(earlier), odds[inside]
    _cluster(found, near, [story for _, story in members], (a, b, odds + told_often(partners)), threshold)
    for places, _ in found.clusters:
        places[:] = [order[i] for i in places]
    return found


def signatures(given: Sequence[Given]) -> blocks.Rows:
    """The story signatures of new articles that are long enough; their numbers are their places."""
    some = np.array([i for i, one in enumerate(given) if len(one.features.terms)], dtype=np.int64)
    days = np.array([given[i].features.dates.published for i in some.tolist()], dtype=np.int64)
    hashes = [given[i].features.signature[:_ROWS] for i in some.tolist()]
    return blocks.Rows(some, days, np.stack(hashes) if hashes else np.empty((0, _ROWS), dtype=np.uint32))


def _members(file: IndexFile, stories: set[int]) -> list[tuple[int, int]]:
    """The tellings of some stories that new ones are compared with, and their stories, by their numbers."""
    told: dict[int, list[int]] = defaultdict(list)
    for number, story in file.among(
        "SELECT number, story FROM articles WHERE story IN (?) AND copy = number ORDER BY number", sorted(stories)
    ):
        told[story].append(number)
    half = _MEMBERS // 2
    chosen = (
        (number, story)
        for story, numbers in told.items()
        for number in (numbers if len(numbers) <= _MEMBERS else numbers[:half] + numbers[-half:])
    )
    return sorted(chosen)


def _cluster(
    found: Stories, near: _Near, stories: Sequence[int], pairs: tuple[Indexes, Indexes, Floats], threshold: float
) -> None:
    """Link the articles anew, of which the first belong to earlier `stories`, and put up with what was told: an earlier
    story is where most of its members are, and new articles that go with the others tell one of their own."""
    a, b, odds = pairs
    just_told = (a >= len(stories)) | (b >= len(stories))
    label = linked(near.features, a, b, odds - SURER * just_told, threshold)
    where: dict[int, Counter[int]] = defaultdict(Counter)
    places: dict[int, list[int]] = defaultdict(list)
    for i, story in enumerate(stories):
        where[story][label[i]] += 1
        places[story].append(i)
    earlier: dict[int, list[int]] = defaultdict(list)
    for story, labels in sorted(where.items()):
        earlier[labels.most_common(1)[0][0]].append(story)
    new: dict[int, list[int]] = defaultdict(list)
    for i, of in enumerate(label[len(stories) :]):
        new[of].append(i)
    alike = _between(stories, a[~just_told], b[~just_told], logistic(odds[~just_told] / SOFT))
    for of in sorted({*new, *earlier}):
        together = _joined(earlier[of], places, alike, threshold)
        together.sort(key=lambda some: -sum(where[story][of] for story in some))
        # New articles go with those that have most members here.
        for place, some in enumerate(together or [[]]):
            told_by = [] if place else new[of]
            if told_by or len(some) > 1:
                before = [near.features[i] for story in some for i in places[story]]
                found.clusters.append((told_by, some))
                found.adds.append(_added(before, [near.features[len(stories) + i] for i in told_by]))


def _between(stories: Sequence[int], a: Indexes, b: Indexes, likely: Floats) -> Counter[tuple[int, int]]:
    """The likelihoods of the pairs of earlier articles that are of two stories, summed up by these, the older first."""
    found: Counter[tuple[int, int]] = Counter()
    for i, j, value in zip(a.tolist(), b.tolist(), likely.tolist(), strict=True):
        one, other = sorted((stories[i], stories[j]))
        if one != other:
            found[one, other] += value
    return found


def _joined(
    stories: Sequence[int], places: Mapping[int, Sequence[int]], alike: Counter[tuple[int, int]], threshold: float
) -> list[list[int]]:
    """Earlier stories that are linked, the oldest first, by which are one: where both have several tellings, these must be
    as likely as those of a story, since nothing parts them again."""
    found: list[list[int]] = []
    for story in stories:
        for some in found:
            few, many = sorted((len(places[story]), sum(len(places[other]) for other in some)))
            if few == 1 or sum(alike[other, story] for other in some) >= threshold * few * many:
                some.append(story)
                break
        else:
            found.append([story])
    return found


def _added(before: Sequence[StoryFeatures], new: Sequence[StoryFeatures]) -> Shared:
    """The names and numbers that new tellings of a story have among their heaviest, and no earlier telling has at all."""
    if not before:
        return Shared()
    terms = {term for one in before for term in one.terms.tolist()}
    said = "\n".join(one.label_words.lower() for one in before)
    found: dict[int, dict[str, None]] = {NAMES: {}, NUMBERS: {}}
    for one in new:
        for term, words in one.labels:
            kind = term >> KIND_SHIFT
            if kind in found and term not in terms and words.lower() not in said:
                found[kind][words] = None
    return Shared(*(tuple(found[kind])[:_ADDED] for kind in (NAMES, NUMBERS)))
