"""The laws, as properties: cleaning only deletes and does it at once; groups depend on the articles alone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Article, clean, clean_many, group, rules
from cleaner.engine import Processes, Serial
from cleaner.text import words

PROSE = [
    "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge.",
    "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help.",
    "“We felt a long scrape,” said Tobin Askew, a joiner from Pell Island who takes the boat to work every weekday.",
    "Two of the three pumps that lift water to the east side tripped at noon, and 1,900 homes had no pressure.",
    "渡船在周一早上搁浅，港口当局说，没有乘客受伤，船员一直睡到中午。",
    "Паром сел на мель в понедельник утром, сообщили власти порта, и никто из пассажиров не пострадал.",
    "She did not say.",
    "- All branches will open at 11 a.m. instead of 9 a.m. on weekdays.",
    "What comes next",
]
BOILERPLATE = sorted({line for rule in rules.shipped() for example in rule.removes for line in example.split("\n") if line})
TEASERS = [
    "Marla Quist BREAKS SILENCE on the show",
    "The presenter was seen leaving the studio late on Sunday, and nobody who saw her go could say a word about…",
    "Read more",
    "Related Posts",
    "(xt) There was no such thing as a quiet evening",
    "date 2024-03-18 The council of Wessel met",
    "date 2024-03-18 date 2024-03-19 ",
]
ODD = [
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\x0c",
    "\x1b[31m",
    "\u2028",
    "\ud800",
    "😂",
    "…",
    "|",
    "\x00",
    "[/b]",
    "\u202e",
    "x" * 900,
]

LINE = (
    st.sampled_from(PROSE)
    | st.sampled_from(BOILERPLATE)
    | st.sampled_from(TEASERS)
    | st.sampled_from(["", "", " ", "\t"])
    | st.sampled_from(ODD)
    | st.text(st.characters(blacklist_categories=[]), max_size=12)
    | st.builds(str.__add__, st.sampled_from(ODD), st.sampled_from(BOILERPLATE))
    | st.builds(str.__add__, st.sampled_from(PROSE), st.sampled_from(BOILERPLATE))
)
TEXT = st.builds(
    lambda lines, end, last: end.join(lines) + last,
    st.lists(LINE, max_size=14),
    st.sampled_from(["\n", "\r\n", "\n\n", "\r"]),
    st.sampled_from(["", "\n", "\r\n", " "]),
)


def cut(result):
    """The source without the recorded removals."""
    kept, at = "", 0
    for removal in result.removed:
        assert at <= removal.start < removal.end <= len(result.source)
        kept += result.source[at : removal.start]
        at = removal.end
    return kept + result.source[at:]


@settings(max_examples=400)
@given(TEXT)
def test_cleaning_only_deletes_and_twice_is_once(text):
    once = clean(text)
    assert once.source == text
    assert cut(once) == once.text
    assert all(removal.rule and removal.why for removal in once.removed)
    again = clean(once.text)
    assert again.removed == ()
    assert again.text == once.text


@settings(max_examples=100)
@given(st.permutations([*PROSE, *[""] * 4]), st.integers(1, 9), st.sampled_from(["\n", "\r\n", "\n\n", "\r"]))
def test_prose_alone_stays(lines, size, end):
    text = end.join(lines[:size])
    assert clean(text).text == text


@settings(max_examples=50)
@given(st.lists(TEXT, max_size=4))
def test_neighbours_make_no_difference(texts):
    assert [result.text for result in clean_many(texts)] == [clean(text).text for text in texts]
    assert [result.text for result in clean_many(iter(texts[::-1]))] == [clean(text).text for text in texts[::-1]]


@pytest.mark.parametrize("size", [300, 3000])
def test_a_long_list_of_anything_is_cleaned_to_the_end(size):
    """Every round takes something off: the bound on the rounds must not be met before the end."""
    text = PROSE[0] + "\n\n" + "date 2024-03-18 " * size + "\n" + "Advertisement\n" * size + PROSE[1]
    result = clean("date 2024-03-18 " * size + text)
    assert cut(result) == result.text
    assert clean(result.text).removed == ()


# --- groups -----------------------------------------------------------------------------------------------------------

VOCABULARY = [
    f"{a}{b}" for a in ("har", "fer", "lan", "bri", "gla", "tow", "mil") for b in ("bour", "ry", "tern", "dge", "cier", "er")
]


def shingles(text):
    tokens = words(text)
    return {tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)}


def jaccard(a, b):
    either = shingles(a) | shingles(b)
    return len(shingles(a) & shingles(b)) / len(either) if either else 0.0


@st.composite
def articles(draw):
    """A few articles, and variants of variants of them: copies, near-copies, and chains that drift away."""
    pick = random.Random(draw(st.integers(0, 10**6)))
    texts = [[pick.choice(VOCABULARY) for _ in range(pick.choice([3, 30, 60]))] for _ in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(0, 20))):
        text = list(pick.choice(texts[-3:]))
        for _ in range(pick.choice([0, 1, 2, 3, 4])):
            text[pick.randrange(len(text))] = pick.choice(VOCABULARY)
        texts.append(text)
    dates = [pick.choice([None, "2024-03-18", "2024-03-20", "2024-06-01"]) for _ in texts]
    return [Article(text=" ".join(t), id=f"a{n:02}", date=d) for n, (t, d) in enumerate(zip(texts, dates, strict=True))]


def found(grouping):
    return {member.id: (member.story, member.copy, member.similarity) for member in grouping.members}


@settings(max_examples=40)
@given(articles(), st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order(given_articles, pick):
    shuffled = list(given_articles)
    pick.shuffle(shuffled)
    assert found(group(given_articles)) == found(group(shuffled))


@settings(max_examples=40)
@given(articles())
def test_groups_are_well_formed_and_verified(given_articles):
    grouping = group(given_articles)
    texts = {article.id: article.text for article in given_articles}
    members = {member.id: member for member in grouping.members}
    assert [member.id for member in grouping.members] == [article.id for article in given_articles]
    for member in grouping.members:
        head = members[member.copy]
        assert head.copy == head.id
        assert head.story == member.story
        assert members[member.story].story == members[member.story].copy == member.story
        same = words(texts[member.id]) == words(texts[head.id]) != []  # of fewer than five words there are no shingles
        reached = 1.0 if same else jaccard(texts[member.id], texts[head.id])
        assert member.id == head.id or reached >= 0.25
        assert member.similarity == pytest.approx(1.0 if member.id == head.id else reached, abs=1e-3)
    for several in (grouping.copies, grouping.stories):
        assert sorted(i for one in several for i in one.members) == sorted(texts)
        assert all(one.members[0] == one.id for one in several)
    only = group(given_articles, copies_only=True)
    assert {m.id: (m.story, m.copy) for m in only.members} == {m.id: (m.copy, m.copy) for m in grouping.members}


@settings(max_examples=40)
@given(articles())
def test_equal_texts_are_copies_and_copies_hang_together(given_articles):
    members = {member.id: member for member in group(given_articles).members}
    first = {}
    for article in given_articles:
        if len(words(article.text)) >= 5:
            same = first.setdefault(article.text, article.id)
            assert members[article.id].copy == members[same].copy


def test_groups_do_not_depend_on_the_engine(prose):
    pick = random.Random(2)
    texts = [prose(n % 200, 2).split() for n in range(600)]
    for text in texts[200:]:
        text[pick.randrange(len(text))] = "otter"
    given_articles = [Article(text=" ".join(text), id=str(n)) for n, text in enumerate(texts)]
    serial = group(given_articles, clean=False, engine=Serial())
    assert serial == group(given_articles, clean=False, engine=Processes(3))
    assert len(serial.copies) == 200
