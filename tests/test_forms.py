"""Forms: articles that share their wording and differ in their facts are neither copies nor one story."""

import json

import numpy as np
import pytest

import cleaner
from cleaner.fingerprint.facts import facts, of_one_form, tally
from cleaner.fingerprint.words import CAPITAL, NUMBER, OPENS, read_words
from cleaner.model import Article

TIDES = (
    "High water at {harbour} will be at {first} on {day}, the harbour office of {harbour} said, with a height of "
    "{height} metres.\n\nBoats that draw more than {draught} metres should not pass the bar before {second}. The wind"
    " will come from the {way} at {wind} knots.\n\nSkippers are asked to keep clear of the buoys that mark the "
    "pipeline, to listen to the harbour radio before they cast off, and to have their papers ready when the launch "
    "comes alongside. The bridge is raised on demand for vessels with a mast; whoever wants to pass sounds the horn "
    "twice and waits behind the white line."
)
KRALLE = {"harbour": "Kralle", "first": "6:12", "day": "Monday", "height": "4.1", "draught": "3.2", "second": "7:45"} | {
    "way": "west", "wind": "18"
}  # fmt: skip
TORVIK = {"harbour": "Torvik", "first": "8:31", "day": "Thursday", "height": "2.7", "draught": "1.9", "second": "9:20"} | {
    "way": "north", "wind": "31"
}  # fmt: skip
KINDERBURG = (
    "Am {day} gegen {hour} Uhr stießen auf der {street} in {town} ein Lieferwagen und ein Fahrrad zusammen. Die "
    "{age}-jährige Radfahrerin wurde mit einem Rettungswagen in die Klinik gebracht, der Fahrer blieb unverletzt. Die "
    "Polizei bittet Zeugen, sich unter der Nummer {number} auf der Wache zu melden. Den Schaden schätzen die Beamten auf "
    "{damage} Kronen."
)


def tides(**facts):
    return TIDES.format(**facts)


def groups(*articles, **options):
    found = cleaner.group(articles, clean=False, **options).members
    return [member.story for member in found], [member.copy for member in found], [member.form for member in found]


def pair(a, b):
    return tally(facts(read_words([a])), facts(read_words([b])))


def formed(a, b):
    return bool(of_one_form(pair(a, b), np.array([min(len(a.split()), len(b.split()))]))[0])


def test_other_facts_in_one_wording_are_one_form():
    stories, copies, forms = groups(tides(**KRALLE), tides(**TORVIK))
    assert copies == ["1", "2"]
    assert stories == ["1", "2"]
    assert forms == ["2", "2"]  # the longer one


def test_an_update_of_a_figure_or_two_is_a_copy():
    stories, copies, forms = groups(tides(**KRALLE), tides(**KRALLE | {"wind": "22", "height": "4.3"}))
    assert copies == stories == ["1", "1"]
    assert forms == [None, None]


def test_nouns_with_capitals_do_not_hide_the_form():
    one = {
        "day": "Montag",
        "hour": "7",
        "street": "Hebelgasse",
        "town": "Lohr",
        "age": "41",
        "number": "5510",
        "damage": "900",
    }
    other = {
        "day": "Freitag",
        "hour": "16",
        "street": "Postallee",
        "town": "Wehle",
        "age": "19",
        "number": "8874",
        "damage": "2300",
    }
    assert formed(KINDERBURG.format(**one), KINDERBURG.format(**other))
    assert not formed(KINDERBURG.format(**one), KINDERBURG.format(**one | {"age": "42"}))


def test_copies_within_a_form_stay_together():
    kralle, torvik = tides(**KRALLE), tides(**TORVIK)
    edited = kralle.replace("ready when the launch", "at hand once the launch")
    _, copies, forms = groups(kralle, torvik, edited, torvik + "\n\nMore at six.")
    assert copies[0] == copies[2] != copies[1] == copies[3]
    assert len(set(forms)) == 1
    assert forms[0] in copies


def test_the_first_by_date_represents_a_form():
    dated = [
        Article(text=tides(**facts), id=name, date=day)
        for name, day, facts in (("a", "2026-03-05", KRALLE), ("b", "2026-03-02", TORVIK))
    ]
    assert [member.form for member in cleaner.group(dated).members] == ["b"] * 2


@pytest.mark.parametrize("stub", ["Route {} runs through Marl County.", "The library in Emmen closes at {} on weekdays."])
def test_stubs_that_differ_in_their_one_number_are_no_copies(stub):
    _, copies, _ = groups(stub.format(17), stub.format(19), copies_only=True)
    assert copies == ["1", "2"]


def test_a_moved_paragraph_contradicts_nothing():
    text = tides(**KRALLE)
    found = pair(text, "\n\n".join(reversed(text.split("\n\n"))))
    assert found.other_figures[0] + found.other_names[0] == 0
    assert found.same_figures[0] >= 4


def test_two_unrelated_texts_share_no_context():
    found = pair(tides(**KRALLE), "Ada Quill sold 14 pianos to the school in Brent, and 3 of them were out of tune by May.")
    assert sum(int(side[0]) for side in found) == 0


def test_a_batch_says_what_each_text_says():
    texts = [tides(**KRALLE), "", tides(**TORVIK), "Nothing", KINDERBURG]
    together = facts(read_words(texts))
    ends = np.cumsum(together.counts)
    for text, start, end in zip(texts, ends - together.counts, ends, strict=True):
        alone = facts(read_words([text]))
        assert np.array_equal(alone.keys, together.keys[start:end])
        assert np.array_equal(alone.values, together.values[start:end])


def test_what_a_word_is():
    kinds = read_words(["Zoë saw Élan 12 times. Then ٤٥ boats left; «Ágota stayed."]).kinds.tolist()
    assert [kind & CAPITAL for kind in kinds] == [1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0]
    assert [bool(kind & NUMBER) for kind in kinds] == [word in (3, 6) for word in range(11)]
    assert [word for word, kind in enumerate(kinds) if kind & OPENS] == [0, 5, 9]


def test_the_command_names_the_form(run_cleaner):
    rows = [{"id": name, "text": tides(**facts)} for name, facts in (("k", KRALLE), ("t", TORVIK))]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    assert [row["form"] for row in run_cleaner("group", "--json", input=lines).records] == ["t", "t"]
    assert "of one form" in run_cleaner("group", input=lines).text
    assert len(run_cleaner("group", "--unique", input=lines).records) == 2
