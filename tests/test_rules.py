"""The rules carry their own proof; a file of rules that cannot be used says why in one line."""

import re
import tomllib

import pytest
import re2

from cleaner import clean, rules
from cleaner.commands.rules import AFTER, BEFORE, problems
from cleaner.learn import as_toml, learn
from cleaner.model import Article

SHIPPED = rules.shipped()
PROSE = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.id)
def test_every_example_holds(rule):
    assert [failure.reason for failure in problems([rule], rules.in_force())] == []


def test_every_rule_is_complete():
    assert [rule.id for rule in SHIPPED if not rule.why] == []
    assert [rule.id for rule in SHIPPED if not rule.blocks and not (rule.removes and rule.keeps)] == []


def test_ids_are_unique():
    assert len({rule.id for rule in SHIPPED}) == len(SHIPPED)


def test_a_wrong_example_is_found():
    rule = rules.parse(
        {"rule": [{"id": "x", "why": "w", "patterns": ["weather"], "removes": ["sun"], "keeps": ["Weather"]}]}, "f"
    )
    assert [failure.where for failure in problems(rule, rules.RuleSet(rule))] == ["x", "x"]


MALFORMED = {
    "no toml": "rule = ",
    "not an array": "rule = 3",
    "not tables": "rule = [1, 2]",
    "no id": "[[rule]]\nwhy = 'w'\npatterns = ['a']",
    "id of a wrong type": "[[rule]]\nid = ['a']\nwhy = 'w'\npatterns = ['a']",
    "no why": "[[rule]]\nid = 'my/rule'\npatterns = ['a']",
    "nothing to match": "[[rule]]\nid = 'my/rule'\nwhy = 'w'",
    "unknown key": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npattern = ['a']",
    "unknown kind": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npatterns = ['a']\nkind = 'page'",
    "unknown place": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npatterns = ['a']\nwhere = 'middle'",
    "patterns no list": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npatterns = 'a'",
    "a pattern no text": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npatterns = ['a', 1]",
    "a bad pattern": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npatterns = ['(unclosed']",
    "a backtracking pattern": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npatterns = ['(a)\\1']",
    "longest no number": "[[rule]]\nid = 'my/rule'\nwhy = 'w'\npatterns = ['a']\nlongest = 'x'",
    "off no truth value": "[[rule]]\nid = 'my/rule'\noff = 1",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_names_file_and_rule_in_one_line(tmp_path, name):
    path = tmp_path / "mine.toml"
    path.write_text(MALFORMED[name])
    with pytest.raises(rules.RuleError) as caught:
        rules.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    if "my/rule" in MALFORMED[name]:
        assert "my/rule" in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    for path in (tmp_path / "missing.toml", tmp_path, tmp_path / "latin.toml"):
        with pytest.raises(rules.RuleError) as caught:
            rules.load(path)
        assert str(caught.value).startswith(f"{path}: ")


def mine(**values):
    return rules.parse({"rule": [{"id": "my/rule", "why": "w", **values}]}, "mine.toml")


def removed_by(own, text):
    return [removal.rule for removal in clean(text, own).removed]


def test_rules_extend_replace_and_switch_off_by_id():
    text = f"{PROSE}\n\nAdvertisement\n\nWeather: rain\n\n{PROSE}\n"
    assert removed_by(mine(patterns=["weather: .+"]), text) == [
        "en/ad-label",
        "my/rule",
    ]
    off = rules.parse({"rule": [{"id": "en/ad-label", "off": True}]}, "mine.toml")
    assert removed_by(off, text) == []
    other = rules.parse({"rule": [{"id": "en/ad-label", "why": "w", "patterns": ["weather: .+"]}]}, "mine.toml")
    assert removed_by(other, text) == ["en/ad-label"]
    assert "Advertisement" in clean(text, other).text


def test_a_pattern_must_match_the_whole_line_and_capitals_only_matter_if_told():
    own = mine(patterns=["weather"])
    assert removed_by(own, f"{PROSE}\n\nWEATHER\n\n{PROSE}") == ["my/rule"]
    assert removed_by(own, f"{PROSE}\n\nWeather today\n\n{PROSE}") == []
    own = mine(patterns=["weather"], case=True)
    assert removed_by(own, f"{PROSE}\n\nWEATHER\n\n{PROSE}") == []


@pytest.mark.parametrize(("where", "gone"), [("any", 3), ("head", 1), ("tail", 1)])
def test_where_a_rule_applies(where, gone):
    text = f"Weather\n\n{PROSE}\n\nWeather\n\n{PROSE}\n\nWeather\n"
    assert removed_by(mine(patterns=["weather"], where=where), text).count("my/rule") == gone


def test_a_rule_of_a_site_stays_on_it():
    own = mine(lines=["harbour lights"], site="a.example")
    text = f"{PROSE}\n\nHarbour  lights\n"
    for url, gone in (("https://www.a.example/1", 1), ("https://b.example/1", 0), (None, 0)):
        assert len(clean(Article(text=text, url=url), own).removed) == gone


def test_what_is_learned_can_be_written_and_read():
    line = 'A "line" with \\ and \x1b and é'
    pages = [Article(text=f"{PROSE[n:]}\n{line}", url="https://a.example/") for n in range(6)]
    learned = learn(pages)
    assert rules.parse(tomllib.loads(as_toml(learned)), "learned") == learned
    assert [rule.site for rule in learned] == ["a.example"]


def test_too_few_pages_teach_nothing():
    pages = [Article(text=f"{PROSE[n:]}\nThe line", url="https://a.example/") for n in range(3)]
    assert learn(pages) == []
    assert learn([]) == []


def test_lines_may_be_pasted_as_they_stand():
    line = "\u2022 Don\u2019t miss:  the \u201cLantern\u201d parade"
    own = rules.load_rules(rules.Rule(id="my/line", why="a line that I know", lines=(line,)))
    text = f"{BEFORE}\n\n{line}\n\n{AFTER}\n"
    assert clean(text, own).text == f"{BEFORE}\n\n{AFTER}\n"
    assert [removal.rule for removal in clean(text, own).removed] == ["my/line"]


@pytest.mark.parametrize("rule", rules.shipped(), ids=lambda rule: rule.id)
def test_no_rule_is_large_and_none_opens_with_a_count(rule):
    """What RE2 spells out: a line that may begin with anything is matched against each of so many states at once."""
    opening = re.compile(r"(?:\(\?[-i]*:)*(?:\[[^\]]*\]|\.|\\p\{\w+\})\{\d*,\d\d+\}")
    assert not [pattern for pattern in rule.patterns if opening.match(pattern)]
    assert not rule.patterns or re2.compile(rule.regex()).programsize < 60_000
