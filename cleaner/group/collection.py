"""A collection of articles as grouping sees it: known bytes an article, and no texts."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cleaner.dates import instant_of
from cleaner.fingerprint.words import Indexes
from cleaner.group.copies.clusters import find_copies
from cleaner.group.copies.forms import share_wording
from cleaner.group.copies.pairs import Pairs, components
from cleaner.group.copies.signatures import SignatureBatch, sign
from cleaner.group.copies.store import SignatureStore
from cleaner.group.stories.features import story_features
from cleaner.group.stories.store import FeatureStore, Picked, packed
from cleaner.model import Article, Group, Grouping, Member, Passage, Shared
from cleaner.options import Keep, StoryOptions

_UNDATED = math.inf
_SHARED = 5  # passages that are told of one article, the longest
_EXPLAINED = 50  # tellings that a story is explained by, the first by rank: what many have in common, these have


@dataclass(frozen=True, slots=True)
class Summary:
    """What grouping needs of some articles: their ids, dates (seconds, see dates.instant_of, or None), lengths in code
    points and signatures; and where stories are wanted, what these are found by, packed (see stories.store)."""

    ids: list[str]
    dates: list[float | None]
    lengths: list[int]
    signatures: SignatureBatch
    features: list[bytes] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def each(self) -> list[Summary]:
        """The same article by article."""
        return [
            Summary([name], [when], [length], one, None if self.features is None else [self.features[i]])
            for i, (name, when, length, one) in enumerate(
                zip(self.ids, self.dates, self.lengths, self.signatures.each(), strict=True)
            )
        ]


def summarise(articles: Sequence[Article], stories: bool) -> Summary:
    """The summary of a batch of articles, which have been extracted and, if so wanted, cleaned."""
    texts = [article.text for article in articles]
    return Summary(
        [article.id for article in articles],
        [instant_of(article.date) for article in articles],
        list(map(len, texts)),
        sign(texts),
        list(map(packed, story_features(articles))) if stories else None,
    )


@dataclass(frozen=True)
class Groups:
    """Where the articles were put: `ids` as given, for each the place of its story's and of its copy group's
    representative, its Jaccard index with the latter, and the passages that it shares: (place of the other, words).
    `shared` is what the independent tellings of a story have in common, by the place of its representative. `form` is the
    place of the representative of each article's form, -1 for an article that has none. `kinship` says of the tellings of
    a story how alike each is to the one that is most like it, and to the others in the mean, by the weights of the run."""

    ids: Sequence[str]
    story: Indexes
    copy: Indexes
    similarity: NDArray[np.float64]
    shares: dict[int, list[tuple[int, int]]]
    shared: dict[int, Shared]
    form: Indexes
    kinship: dict[int, tuple[float, float]] = field(default_factory=dict)

    def is_representative(self) -> list[bool]:
        """Whether each article is the representative of its copy group."""
        return [bool(own) for own in self.copy == np.arange(len(self.copy))]

    def members(self) -> Iterator[Member]:
        """One an article, in the order of the input."""
        ids = self.ids
        rows = zip(ids, self.story.tolist(), self.copy.tolist(), self.similarity.round(4).tolist(), strict=True)
        for i, (name, story, copy, similarity) in enumerate(rows):
            shared = tuple(Passage(ids[other], words) for other, words in self.shares.get(i, ()))
            form = ids[self.form[i]] if self.form[i] >= 0 else None
            yield Member(name, ids[story], ids[copy], similarity, shared, form)

    def grouping(self) -> Grouping:
        """The same as the library gives it."""
        return Grouping(tuple(self.members()), self._gathered(self.story, self.shared), self._gathered(self.copy, {}))

    def _gathered(self, representatives: Indexes, shared: dict[int, Shared]) -> tuple[Group, ...]:
        gathered = defaultdict(list)
        for name, representative in zip(self.ids, representatives.tolist(), strict=True):
            gathered[representative].append(name)
        groups = [
            Group(self.ids[i], (self.ids[i], *sorted(set(names) - {self.ids[i]})), shared.get(i, Shared()))
            for i, names in gathered.items()
        ]
        return tuple(sorted(groups, key=lambda found: (-len(found.members), found.id)))


class Collection:
    """Articles are added, some at a time, and then grouped, together."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.features = FeatureStore()  # only of those that were summarised for stories
        self._signatures = SignatureStore()
        self._lengths, self._dates = array("q"), array("d")

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, summary: Summary) -> None:
        """Take some more articles."""
        self.ids += summary.ids
        self._signatures.add(summary.signatures)
        self._lengths.extend(summary.lengths)
        self._dates.extend(_UNDATED if when is None else when for when in summary.dates)
        self.features.extend(summary.features or ())

    def too_short(self) -> int:
        """How many articles that say something are too short to tell an event, where stories were asked for."""
        lengths = np.frombuffer(self._lengths, dtype=np.int64)[: len(self.features)]
        return int(np.count_nonzero(~self.features.long_enough() & (lengths > 0)))

    def make_unique(self) -> list[str]:
        """Give repeated ids "~2", "~3"; those that were repeated, each once."""
        if len(set(self.ids)) == len(self.ids):
            return []
        taken = set(self.ids)
        seen: dict[str, int] = {}
        repeated = []
        for i, name in enumerate(self.ids):
            count = seen[name] = seen.get(name, 0) + 1
            if count == 1:
                continue
            if count == 2:
                repeated.append(name)
            while (new := f"{name}~{count}") in taken:
                count += 1
            seen[name] = count
            taken.add(new)
            self.ids[i] = new
        return repeated

    def groups(self, copies_only: bool, options: StoryOptions) -> Groups:
        """The groups, whose ids must be unique by now."""
        order = self._order()
        found = find_copies(self._signatures, order)
        copy = found.representative
        representatives = order[copy[order] == order]
        shares = self._shares(found.passages)
        if copies_only:
            return Groups(self.ids, copy, copy, found.similarity, shares, {}, _forms(order, copy, found.forms))
        story, forms, kinship = self._stories(representatives, options)
        shared = self._explained(representatives, story)
        both = np.concatenate((found.forms[0], forms[0])), np.concatenate((found.forms[1], forms[1]))
        return Groups(self.ids, story[copy], copy, found.similarity, shares, shared, _forms(order, copy, both), kinship)

    def _order(self) -> Indexes:
        """The articles by rank: the earliest dated, to the second, then the longest, then the one with the smallest id."""
        ids = self.ids
        by_id = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
        dates, lengths = np.frombuffer(self._dates), np.frombuffer(self._lengths, dtype=np.int64)
        return by_id[np.lexsort((-lengths[by_id], dates[by_id]))] if ids else by_id

    def kept(self, copy: Indexes, keep: Keep) -> list[bool]:
        """Whether each article is the one to keep of its copy group: its representative ("earliest"), the latest dated one,
        or the longest; of several the first by rank."""
        order = self._order()
        if keep != "earliest":
            dates, lengths = np.frombuffer(self._dates), np.frombuffer(self._lengths, dtype=np.int64)
            by = -lengths if keep == "longest" else np.where(np.isinf(dates), math.inf, -dates)
            order = order[np.argsort(by[order], kind="stable")]
        _, first = np.unique(copy[order], return_index=True)
        own = np.zeros(len(order), dtype=np.bool_)
        own[order[first]] = True
        return [bool(one) for one in own]

    def _stories(
        self, representatives: Indexes, options: StoryOptions
    ) -> tuple[Indexes, Pairs, dict[int, tuple[float, float]]]:
        """For each representative of a copy group that of its story, any other article being its own; the pairs that would
        tell one story if they were not of one form; and the kinship of the tellings, see Groups."""
        from cleaner.group.stories.clusters import find_stories  # scipy: only stories pay for it

        # By their days, and by what they say: ids may decide nothing but who represents.
        days = self.features.published()[representatives]
        place = representatives[np.lexsort((*self._signatures.digests[representatives].T, days))]
        found, forms, alike = find_stories(
            Picked(self.features, place), options, lambda a, b: share_wording(self._signatures, place[a], place[b])
        )
        label = np.array(found, dtype=np.int64)
        rank = np.empty(len(self), dtype=np.int64)
        rank[representatives] = np.arange(len(representatives))
        best = np.full(len(representatives), len(representatives))
        np.minimum.at(best, label, rank[place])
        story = np.arange(len(self))
        story[place] = representatives[best[label]]
        return story, (place[forms[0]], place[forms[1]]), _kinship(place[alike[0]], place[alike[1]], alike[2])

    def _explained(self, representatives: Indexes, story: Indexes) -> dict[int, Shared]:
        """What the tellings of each story that has several share, by the place of its representative."""
        from cleaner.group.stories.explain import explain

        tellings: dict[int, list[int]] = defaultdict(list)
        for representative, of in zip(representatives.tolist(), story[representatives].tolist(), strict=True):
            tellings[of].append(representative)
        return {of: explain([self.features[i] for i in told[:_EXPLAINED]]) for of, told in tellings.items() if len(told) > 1}

    def _shares(self, passages: tuple[Indexes, Indexes, Indexes]) -> dict[int, list[tuple[int, int]]]:
        shares: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for a, b, length in zip(*(side.tolist() for side in passages), strict=True):
            shares[a].append((b, length))
            shares[b].append((a, length))
        return {i: sorted(found, key=lambda one: (-one[1], self.ids[one[0]]))[:_SHARED] for i, found in shares.items()}


def _kinship(a: Indexes, b: Indexes, alike: NDArray[np.float64]) -> dict[int, tuple[float, float]]:
    """Of each telling that is compared how alike it is to the telling of its story that is most like it, and in the mean."""
    articles, place = np.unique(np.concatenate((a, b)), return_inverse=True)
    both = np.concatenate((alike, alike))
    most = np.zeros(len(articles))
    np.maximum.at(most, place, both)
    mean = np.bincount(place, weights=both) / np.bincount(place) if len(place) else most
    rows = zip(articles.tolist(), most.round(4).tolist(), mean.round(4).tolist(), strict=True)
    return {i: (nearest, usual) for i, nearest, usual in rows}


def _forms(order: Indexes, copy: Indexes, pairs: Pairs) -> Indexes:
    """For each article the representative of its form, the first by rank, or -1, given the pairs of representatives of copy
    groups that are of one form."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    a, b = (rank[side] for side in pairs)
    label = components(len(order), (a, b))
    form = np.full(len(order), -1)
    some = np.unique(np.concatenate((a, b)))
    form[order[some]] = order[label[some]]
    return form[copy]
