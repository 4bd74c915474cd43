"""What comes before a page is cleaned, where a slip would show in no mean: formats, encodings, languages, repetition."""

import json
import tomllib

import pytest
from samples import CLEAN, DIRTY, FIRST, LAST, RECORD

from cleaner import Article, clean

MORE = (
    "The ferry to Sandrey left at noon with a piano on its deck and nobody to play it, the harbour office said.",
    "It was meant for the school, whose own had been eaten from the inside by mice over two quiet winters.",
)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORD, indent=2),
        json.dumps(RECORD, indent=None, separators=(",\n", ": ")),
        "\ufeff" + json.dumps(RECORD, indent=2),
        json.dumps([RECORD], indent=2),
        json.dumps(RECORD) + "\n",
    ],
    ids=["indented", "a field a line", "with a byte order mark", "in a list", "one line"],
)
def test_one_record_is_one_however_its_lines_are_broken(run_cleaner, content):
    ran = run_cleaner("clean", input=content)
    assert (ran.code, ran.err) == (0, "")
    assert [record["text"] for record in (ran.records if ran.out.count(b"\n") == 1 else json.loads(ran.out))] == [CLEAN]


def test_a_second_record_makes_it_lines_of_records(run_cleaner):
    lines = json.dumps(RECORD) + "\n\n" + json.dumps({**RECORD, "id": "r2"}) + "\n"
    assert [(record["id"], record["text"]) for record in run_cleaner("clean", input=lines).records] == [
        ("r1", CLEAN),
        ("r2", CLEAN),
    ]


def test_tellings_of_one_story_teach_nothing_and_what_stands_beside_them_does(run_cleaner, tree, prose):
    """Four papers in one folder carry one agency's text, each with a line of its own; the others have stories of theirs."""
    line = "The Lantern Weekly, the paper of the coast since 1902"
    told = "\n".join((FIRST, LAST, *MORE))
    names = ("Ida", "Tobin", "Piet", "Juno")
    copies = {f"copy{n}.txt": f"{told}\nSeen by {name} of the Lantern.\n{line}\n" for n, name in enumerate(names)}
    others = {f"{n}.txt": f"{prose(n)}\n{line}\n" for n in range(4)}
    where = tree(copies | others)
    ran = run_cleaner("rules", "learn", where / "in")
    assert [rule["lines"] for rule in tomllib.loads(ran.text)["rule"]] == [[line.lower()]]


def test_copies_are_too_few_pages_to_learn_from(run_cleaner, tree, prose):
    line = "The Lantern Weekly, the paper of the coast since 1902"
    copies = {f"copy{n}.txt": f"{FIRST}\n{LAST}\nNumber {n} of our copies.\n{line}\n" for n in range(4)}
    where = tree(copies | {f"{n}.txt": f"{prose(n)}\n{line}\n" for n in range(2)})
    assert "rule" not in tomllib.loads(run_cleaner("rules", "learn", where / "in").text)


@pytest.mark.parametrize(("pages", "holders", "learned"), [(4, 2, []), (4, 3, [True]), (20, 3, [False]), (20, 4, [True])])
def test_a_line_must_stand_on_three_pages_and_on_a_fifth_to_be_sure(run_cleaner, tree, prose, pages, holders, learned):
    line = "The Lantern Weekly, the paper of the coast since 1902"
    where = tree({f"{n}.txt": prose(n) + (f"{line}\n" if n < holders else "") for n in range(pages)})
    rules = tomllib.loads(run_cleaner("rules", "learn", where / "in").text).get("rule", [])
    assert [(rule["lines"], rule.get("sure", True)) for rule in rules] == [([line.lower()], sure) for sure in learned]


def test_a_page_is_read_in_the_encoding_that_it_declares(run_cleaner, tree):
    """Its few accents could be Western ones as well."""
    said = ("Prom do Sandrey odpłynął w południe z pianinem na pokładzie.", *MORE)
    body = "".join(f"<p>{line}</p>" for line in said)
    page = f'<html><head><meta charset="iso-8859-2"></head><body><article>{body}</article></body></html>'
    where = tree({"a.html": page.encode("iso-8859-2")})
    assert run_cleaner("clean", where / "in/a.html").text.split("\n")[0] == said[0]


def test_a_record_without_text_is_its_page(run_cleaner):
    page = f"<html><body><article>{''.join(f'<p>{line}</p>' for line in (FIRST, LAST, *MORE))}</article></body></html>"
    ran = run_cleaner("clean", input=json.dumps({"text": None, "html": page}) + "\n")
    assert [record["text"] for record in ran.records] == ["\n".join((FIRST, LAST, *MORE))]


@pytest.mark.parametrize(("lang", "rule"), [("no", "da/"), ("nn", "da/"), ("da", "no/")])
def test_danish_and_norwegian_share_their_rules(lang, rule):
    line = {"da/": "Læs også: Færgen får ny kaptajn", "no/": "Les også: Ferja får ny kaptein"}[rule]
    (removal,) = clean(f"{FIRST}\n{line}\n{LAST}\n", lang=lang).removed
    assert removal.rule.startswith(rule)


def test_a_page_s_own_word_on_its_language_counts():
    line = "Przeczytaj też: Prom ma nowego kapitana"
    swedish = [
        "Färjan till Sandrey gick klockan tolv med ett piano på däck och ingen som kunde spela på det.",
        "Det var avsett för skolan, vars eget hade ätits upp av möss under två stilla vintrar.",
    ]
    text = f"{swedish[0]}\n{line}\n{swedish[1]}\n"
    for lang, gone in (("pl", ["pl/related-line"]), ("pl-PL", ["pl/related-line"]), ("sv", []), (None, [])):
        assert [removal.rule for removal in clean(Article(text=text, lang=lang)).removed] == gone, lang


def test_a_date_that_the_scraper_left_is_the_article_s():
    result = clean(f"date 2024-03-18 {DIRTY}")
    assert (result.text, result.date) == (CLEAN, "2024-03-18")
