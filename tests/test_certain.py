"""What goes, and what stays, without the model's word: sentences in lines, wrapped and repeated texts, comments, code."""

from textwrap import wrap

import pytest

from cleaner import Article, clean, load_rules
from cleaner.commands.rules import problems
from cleaner.learn import learn
from cleaner.rules import Rule, RuleSet

A = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
B = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."
C = "Two of the three pumps that lift water to the east side tripped at noon, and 1,900 homes had no pressure."
D = "Der Rat von Wessel kam am Montagabend zusammen, um zu hören, was die Ingenieure unter der Brücke gefunden hatten."

INSIDE = {
    "a prompt between sentences": (f"{A} Click here to subscribe. {B}", f"{A} {B}"),
    "a prompt first": (f"Sign up for our newsletter: the bay in your inbox. {A} {B}", f"{A} {B}"),
    "a prompt last": (f"{A} {B} Follow us on Facebook and Twitter @skerry", f"{A} {B}"),
    "a label and a headline": (f"{A} READ MORE: Tram to the docks is late again {B}", f"{A} {B}"),
    "in German": (
        f"{D} Abonnieren Sie unseren Newsletter. {D.replace('Rat', 'Kreistag')}",
        f"{D} {D.replace('Rat', 'Kreistag')}",
    ),
    "said by somebody": (f'{A} "Look here. Click here to subscribe. It is free," she read. {B}', None),
    "a headline whose end nobody can tell": (
        f"{A} READ MORE: Mayor Brill tells Lenz Tram to Go The boat Oxney left. {B}",
        None,
    ),
    "a sentence of its own": (f"{A} Sign up for the choir, the clerk told them. {B}", None),
}


@pytest.mark.parametrize("name", INSIDE)
def test_inside_a_line(name):
    source, left = INSIDE[name]
    assert clean(source).text == (source if left is None else left)


def test_a_prompt_that_is_wrapped_goes_with_all_its_lines():
    prompt = (
        "Sign up for our newsletter to get the most important stories of the bay delivered to your inbox, free of charge."
    )
    wrapped = ["\n".join(wrap(paragraph, 62)) for paragraph in (A, B, prompt, C, f"{A} {B}")]
    assert clean("\n\n".join(wrapped)).text == "\n\n".join([*wrapped[:2], *wrapped[3:]])


@pytest.mark.parametrize("times", [2, 3])
def test_a_text_that_stands_again_goes(times):
    assert clean("\n\n".join([A, B, C] * times)).text == "\n\n".join([A, B, C])
    assert clean(" ".join([A, B, C] * times)).text == " ".join([A, B, C])


def test_a_refrain_stays():
    song = "\n\n".join([A, C, B, C, D, C])
    assert clean(song).text == song


STAYS = {
    "code": "```\nfor name in share(print):\n    follow(name)\n```",
    "a prompt of an interpreter": ">>> share(this)",
    "a table": "| Year | Cost |\n| --- | --- |\n| 2019 | 14 m |",
    "a break": "* * *",
    "no width": "\u200b",
    "a noise": "(SOUNDBITE OF BELLS)",
}


@pytest.mark.parametrize("name", STAYS)
def test_what_is_the_articles(name):
    source = f"{A}\n\n{STAYS[name]}\n\n{B}"
    assert clean(source).text == source


def test_comments_go_from_their_head_on():
    said = "Nobody asks the gulls, and they were here before the bridge and the council."
    comments = f"March 3, 2014 at 5:12 pm\nGull Keeper says:\n\n{said}"
    assert clean(f"{A}\n\n{B}\n\n{comments}").text == f"{A}\n\n{B}"


def test_the_subheading_below_one_related_article_stays():
    left = f"How the arch sank\n\n{C}\n\n{A}"
    assert clean(f"{B}\n\nRelated article\n\nWhy Marla Quist left the show\n\n{left}").text == f"{B}\n\n{left}"


def test_a_rule_of_ones_own_reaches_a_paragraph_unless_it_says_otherwise():
    rule = Rule("my/box", "the office's box", patterns=("the harbour office wants .+",))
    box = "The harbour office wants everybody to know that the boats are late" + ", and later still" * 80 + "."
    assert clean(f"{A}\n\n{box}\n\n{B}", rules=load_rules(rule)).text == f"{A}\n\n{B}"
    short = Rule("my/box", "the office's box", patterns=rule.patterns, longest=200, removes=(box,))
    assert clean(f"{A}\n\n{box}\n\n{B}", rules=load_rules(short)).removed == ()
    assert "at most (longest)" in problems([short], RuleSet([short]))[0].reason


def test_what_recurs_on_few_pages_is_suspected_and_what_tellings_share_is_not():
    def page(n, *lines):
        words = [f"w{n}x{i}" for i in range(40)]
        return Article(text="\n".join([" ".join(words) + ".", *lines]), url=f"https://skerry.example/{n}")

    told = "The last lamplighter of the bay will hang up his pole at the end of March, the town said."
    pages = [page(n, *["CLICK HERE FOR LAMPS"] * (n % 20 == 0)) for n in range(100)]
    tellings = [page(n, "Lamplighter leaves", told) for n in range(100, 104)]
    (rule,) = learn([*pages, *tellings])
    assert (rule.lines, rule.sure) == (("click here for lamps",), False)
