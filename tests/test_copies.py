"""Near-verbatim copies: what is found, what stays apart, and what is only shared."""

import json
import random
from collections import Counter, defaultdict
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Article, fingerprint, group, spool
from cleaner.fingerprint import shingles
from cleaner.group.collection import Collection, summarise
from cleaner.group.copies import clusters, signatures, store
from cleaner.group.copies.pairs import components, in_buckets, jaccards
from cleaner.options import StoryOptions

WORDS = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in ("nd", "rt", "l", "x", "st")]


def made(seed, size=200):
    """A text of invented words that shares nothing with that of another seed."""
    pick = random.Random(seed)
    return " ".join(pick.choice(WORDS) for _ in range(size))


def edited(text, share, seed=0):
    pick = random.Random(seed)
    words = text.split()
    for i in pick.sample(range(len(words)), max(1, int(share * len(words)))):
        words[i] = pick.choice(WORDS) + "o"
    return " ".join(words)


def copies(texts, **options):
    return group(texts, clean=False, copies_only=True, **options)


def representatives(texts):
    return [member.copy for member in copies(texts).members]


def test_edits_cuts_additions_and_reorderings_are_copies():
    text = made(1)
    words = text.split()
    texts = [
        text,
        edited(text, 0.03),
        " ".join(words[:150]),
        f"{text} {made(2, 40)}",
        " ".join(words[100:] + words[:100]),
        text.upper().replace(" ", ", "),
        made(3),
    ]
    found = copies([Article(text=t, id=str(n), date="2024-01-01" if n == 0 else None) for n, t in enumerate(texts)]).members
    assert [member.copy for member in found] == ["0"] * 6 + ["6"]
    for member, other in zip(found, texts, strict=True):
        expected = shingles.jaccard(shingles.of_text(text), shingles.of_text(other))
        assert member.similarity == pytest.approx(1 if member.id == "6" else expected, abs=1e-4)


def test_the_representative_is_the_earliest_then_the_longest_then_the_smallest_id():
    text = made(1)
    articles = [
        Article(text=text + " more words", id="a"),
        Article(text=text, id="b", date="2024-03-02"),
        Article(text=text, id="c", date="2024-03-02T07:00:00Z"),
        Article(text=text + " one", id="e", date="2024-03-01"),
        Article(text=text + " two", id="d", date="2024-03-01"),
    ]
    for order in (articles, articles[::-1]):
        assert {member.copy for member in copies(order).members} == {"d"}
    assert {member.copy for member in copies(articles[:1] + articles[1:2]).members} == {"b"}


def test_of_short_articles_the_same_are_copies_and_empty_ones_stay_alone():
    assert representatives(["", "", "one two three four", "one two three four", "a b c d e", "a b c d e"]) == list("123355")
    assert representatives(["Fog", "fog.", "frost", "...", "...", "Fog again"]) == list("223456")
    assert copies([]).members == ()


@pytest.mark.parametrize(("keep", "kept"), [("earliest", "b"), ("latest", "c"), ("longest", "a")])
def test_which_of_some_copies_is_kept(keep, kept):
    text = made(5, 80)
    articles = [
        Article(text=f"{text} indeed", id="a", date="2026-02-03"),
        Article(text=text, id="b", date="2026-02-02T07:30:00Z"),
        Article(text=text, id="c", date="2026-02-04"),
        Article(text=text, id="d"),
        Article(text=text, id="e", date="2026-02-02T09:00:00+01:00"),
    ]
    collection = Collection()
    collection.add(summarise(articles, stories=False))
    groups = collection.groups(True, StoryOptions())
    assert [name for name, own in zip("abcde", collection.kept(groups.copy, keep), strict=True) if own] == [kept]
    assert {groups.ids[i] for i in groups.copy} == {"b"}


def test_the_earliest_by_time_of_day_represents():
    text = made(6, 80)
    times = ("2026-02-02T10:00:00Z", "2026-02-02T09:00:00Z", "2026-02-02T10:30:00+02:00")
    found = group([Article(text=text, id=str(n), date=time) for n, time in enumerate(times)], clean=False)
    assert {member.copy for member in found.members} == {"2"}


def test_drifting_articles_make_no_group_whose_ends_share_nothing():
    texts = [made(1, 300)]
    for step in range(60):
        texts.append(edited(texts[-1], 0.02, step))
    found = copies(texts).members
    groups = Counter(member.copy for member in found)
    assert 2 <= len(groups) <= 12
    for member in found:
        representative = texts[int(member.copy) - 1]
        alike = shingles.jaccard(shingles.of_text(texts[int(member.id) - 1]), shingles.of_text(representative))
        assert alike >= 0.25
        assert member.similarity == pytest.approx(alike, abs=1e-4)


def test_what_many_articles_share_makes_no_copies():
    """Short articles in a long frame that longer ones have too: their shingles alone say that they are copies."""
    frame, tail = made(1, 130), made(2, 40)
    short = [f"{frame} {made(n, 60)} {tail}" for n in range(10, 16)]
    others = [f"{frame} {made(n, 180)} {tail}" for n in range(20, 45)]
    assert shingles.jaccard(*(shingles.of_text(text) for text in short[:2])) > 0.5
    assert len(set(representatives([*short, *others]))) == len(short) + len(others)
    found = representatives([*short, *others, edited(short[0], 0.03)])
    assert found[-1] == found[0]
    assert len(set(found)) == len(found) - 1
    assert len(set(representatives(short))) == 1  # of so few it cannot be told


def test_a_shared_passage_is_told_and_joins_nothing():
    statement = made(1, 80)
    texts = [f"{made(2, 300)} {statement} {made(3, 200)}", f"{made(4, 250)} {edited(statement, 0.01)}", made(5, 400)]
    first, second, third = copies(texts).members
    assert {first.copy, second.copy, third.copy} == {"1", "2", "3"}
    assert [(passage.id, 74 <= passage.words <= 82) for passage in first.shares] == [("2", True)]
    assert [passage.id for passage in second.shares] == ["1"]
    assert first.shares[0].words == second.shares[0].words
    assert third.shares == ()


def test_short_passages_and_boilerplate_are_not_told():
    quote, tail = made(1, 45), made(2, 80)
    assert all(not member.shares for member in copies([f"{made(n, 300)} {quote}" for n in (3, 4)]).members)
    assert all(not member.shares for member in copies([f"{made(n, 300)} {tail}" for n in range(10, 40)]).members)
    assert all(member.shares for member in copies([f"{made(n, 300)} {tail}" for n in range(10, 20)]).members)


def test_scripts_without_spaces():
    signs = [chr(0x4E00 + n) for n in range(400)]
    pick = random.Random(3)
    one, other = ("".join(pick.choice(signs) for _ in range(300)) for _ in range(2))
    assert representatives([one, one[:120] + "港" + one[121:], other]) == ["1", "1", "3"]
    passage = "".join(pick.choice(signs) for _ in range(90))
    first, second = copies([one + passage, passage + other]).members
    assert first.copy != second.copy
    assert first.shares[0].words == second.shares[0].words == 90


def test_the_order_makes_no_difference(prose):
    texts = {}
    for n in range(30):
        base = prose(n % 12, 3)
        texts[f"t{n:02}"] = base if n < 12 else edited(base, 0.02 * (n % 4), n)
    found = []
    for seed in range(3):
        names = sorted(texts)
        random.Random(seed).shuffle(names)
        grouping = copies([Article(text=texts[name], id=name) for name in names])
        found.append(({member.id: member for member in grouping.members}, grouping.stories, grouping.copies))
    assert found[0] == found[1] == found[2]


def test_no_group_rests_on_an_unverified_pair():
    """All pairs by hand: members reach their representative, and whatever is linked directly to it is in its group."""
    texts = [edited(made(n % 25), 0.01 * (n % 7), n) for n in range(200)]
    sets = [set(shingles.of_text(text).tolist()) for text in texts]
    found = copies(texts).members
    for member in found:
        i, head = int(member.id) - 1, int(member.copy) - 1
        alike = len(sets[i] & sets[head]) / len(sets[i] | sets[head])
        assert alike >= 0.25
        assert member.similarity == pytest.approx(alike, abs=1e-4)
    assert Counter(member.copy for member in found).keys() == {member.copy for member in found if member.copy == member.id}
    for i, j in combinations(range(200), 2):
        if len(sets[i] & sets[j]) / len(sets[i] | sets[j]) > 0.7:
            assert found[i].copy == found[j].copy


def test_many_identical_and_many_alike_make_few_candidates(monkeypatch):
    made_of, candidates = [], clusters.candidates
    monkeypatch.setattr(clusters, "candidates", lambda *args: (found := candidates(*args), made_of.append(len(found[0])))[0])
    text = made(1)
    assert set(representatives([text] * 3000)) == {"1"}
    assert made_of == [0]
    alike = [f"{text} {word}{end}" for word in WORDS for end in ("", "a", "e", "i", "o")]
    assert len(set(representatives(alike))) == 1
    assert made_of[1] < 30 * len(alike)


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=20))
def test_components(links):
    a, b = (np.array([pair[side] for pair in links], dtype=np.int64) for side in (0, 1))
    found = components(15, (a, b)).tolist()
    label = list(range(15))
    for _ in range(15):
        for one, other in links:
            label[one] = label[other] = min(label[one], label[other])
    assert found == label


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(2, 6))
def test_buckets(values, crowd):
    key = np.sort(np.array(values, dtype=np.uint64))
    found = sorted((int(i), int(j)) for a, b in in_buckets(key, crowd) for i, j in zip(a, b, strict=True))
    places = defaultdict(list)
    for i, value in enumerate(key.tolist()):
        places[value].append(i)
    expected = []
    for members in places.values():
        if len(members) <= crowd:
            expected += combinations(members, 2)
        else:
            expected += [(members[0], other) for other in members[2:]] + list(pairwise(members))
    assert found == sorted(expected)


def test_signatures_are_the_same_in_a_file_and_in_memory(monkeypatch):
    texts = [made(n, 30 + n) for n in range(40)]
    expected = copies([*texts, *texts, *(edited(text, 0.03) for text in texts)])
    monkeypatch.setattr(spool, "_IN_MEMORY", 0)
    monkeypatch.setattr(spool, "_AT_ONCE", 1000)
    monkeypatch.setattr(store.SignatureStore, "_BLOCK", 7)
    assert copies([*texts, *texts, *(edited(text, 0.03) for text in texts)]) == expected


def test_the_jaccard_index_of_pairs():
    texts = [made(1), edited(made(1), 0.05), made(2), "one two", ""]
    found = store.SignatureStore()
    for one in signatures.sign(texts).each():
        found.add(one)
    pairs = [(i, j) for i in range(5) for j in range(5)]
    index = jaccards(found, *(np.array(side) for side in zip(*pairs, strict=True)))
    sets = [shingles.of_text(text) for text in texts]
    assert index.tolist() == pytest.approx([shingles.jaccard(sets[i], sets[j]) for i, j in pairs])


def test_a_summary_is_that_of_its_articles_one_by_one():
    articles = [Article(text=made(n, 4 + 20 * n), id=str(n), date="2024-02-03T10:00" if n else "soon") for n in range(5)]
    whole = summarise(articles, stories=False)
    assert whole.each() == [summarise([article], stories=False) for article in articles]
    assert whole.dates == [None] + [1706954400.0] * 4
    together, apart = Collection(), Collection()
    together.add(whole)
    for one in whole.each():
        apart.add(one)
    assert together.ids == apart.ids


@pytest.mark.parametrize("order", [[0, 0, 1, 0, 1, 0], [2, 2], [0, 1, 2, 0]])
def test_repeated_texts_have_the_same_signatures(order):
    texts = [made(1, 40), made(2, 90), ""]
    found = list(signatures.sign([texts[i] for i in order]).each())
    assert found == [signatures.sign([texts[i]]) for i in order]


def test_signatures_agree_with_what_fingerprint_gives():
    text = made(4)
    assert bytes(fingerprint(text).hashvalues.astype(np.uint8)) == signatures.sign([text]).bits


def test_a_full_disk_names_the_place(monkeypatch):
    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "_IN_MEMORY", 0)
    monkeypatch.setattr(spool.tempfile, "TemporaryFile", lambda buffering: Full())
    with pytest.raises(OSError, match="No space") as caught:
        copies([made(1)])
    assert caught.value.filename == spool.tempfile.gettempdir()


def test_the_command_tells_shared_passages(run_cleaner):
    statement = made(1, 80)
    texts = [f"{made(2, 300)} {statement}", f"{statement} {made(4, 250)}"]
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts, 1))
    ran = run_cleaner("group", "--json", "--no-clean", input=lines)
    assert [(row["id"], row["copy"], row["shares"]) for row in ran.records] == [
        (1, 1, [{"id": 2, "words": 80}]),
        (2, 2, [{"id": 1, "words": 80}]),
    ]
