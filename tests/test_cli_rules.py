"""`cleaner rules list | show | test | learn`."""

import json
import tomllib

import pytest

from cleaner import rules

RULE = """
[[rule]]
id = "my/weather"
why = "the weather box of the Lantern"
patterns = ['weather: .+']
removes = ["Weather: rain, later fog"]
keeps = ["Weather kept the boats in."]
"""
WRONG = RULE.replace("Weather kept the boats in.", "Weather: kept.").replace("Weather: rain", "Wetter: rain")


def test_list_names_every_rule_once(run_cleaner):
    ran = run_cleaner("rules", "list")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.text.splitlines()] == [rule.id for rule in rules.shipped()]
    assert all(rule.why in ran.text for rule in rules.shipped())


def test_show_tells_all_about_one(run_cleaner):
    rule = next(rule for rule in rules.shipped() if rule.id == "en/byline")
    ran = run_cleaner("rules", "show", "en/byline")
    assert (ran.code, ran.err) == (0, "")
    assert all(part in ran.text for part in (rule.id, rule.why, *rule.patterns, *rule.removes))


def test_the_shipped_rules_pass_their_own_test(run_cleaner):
    ran = run_cleaner("rules", "test")
    assert (ran.code, ran.err) == (0, "")
    assert str(len(rules.shipped())) in ran.text


def test_a_file_of_ones_own_is_tested(run_cleaner, tree):
    where = tree({"good.toml": RULE, "wrong.toml": WRONG})
    good = run_cleaner("rules", "test", where / "in/good.toml")
    assert (good.code, good.err) == (0, "")
    wrong = run_cleaner("rules", "test", where / "in/wrong.toml")
    assert wrong.code == 2
    said = wrong.err.splitlines()
    assert len(said) == 2
    assert all("my/weather" in line for line in said)
    assert run_cleaner("rules", "list", where / "in/good.toml").text.split()[0] == "my/weather"
    assert "weather: .+" in run_cleaner("rules", "show", "my/weather", where / "in/good.toml").text


@pytest.mark.parametrize(
    "content",
    [RULE.replace("weather: .+", "("), RULE.replace("why", "wy"), "no toml", "rule = 1", "rule = [1]", b"\xff\xfe", None],
)
def test_a_malformed_file_is_one_line_and_exit_2(run_cleaner, tree, content):
    where = tree({"x": ""} if content is None else {"mine.toml": content})
    ran = run_cleaner("rules", "test", "in/mine.toml", cwd=where)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert "in/mine.toml: " in ran.err
    assert ran.err.startswith("cleaner: in/mine.toml")


def test_what_is_in_a_file_is_shown_safely(run_cleaner, tree, raw):
    hostile = RULE.replace("the weather box", "\\u001b[31mthe \\u202e[/b] box")
    path = tree({"mine.toml": hostile}) / "in/mine.toml"
    for args in (("list", path), ("show", "my/weather", path)):
        ran = run_cleaner("rules", *args)
        assert ran.code == 0
        assert raw(ran.text) == set()
        assert "<U+001B>[31mthe <U+202E>[/b] box" in ran.text


LINE = 'The "Lantern" Weekly \\ the paper of the coast, naïve since 1902'


@pytest.fixture
def site(tree, prose):
    pages = {f"{n}.txt": f"{prose(n)}\n{LINE}\n" for n in range(6)}
    lines = [
        json.dumps({"text": f"{prose(n)}\nRead by the harbour {n // 6}", "url": f"https://www.x{n // 6}.example/{n}"})
        for n in range(12)
    ]
    return tree(pages | {"wire/a.jsonl": "\n".join(lines)})


def test_learned_rules_are_a_file_of_rules(run_cleaner, site):
    ran = run_cleaner("rules", "learn", "in", cwd=site)
    assert (ran.code, ran.err) == (0, "")
    learned = rules.parse(tomllib.loads(ran.text), "learned.toml")
    assert {rule.site: rule.lines for rule in learned} == {
        "in": (LINE.lower(),),
        "x0.example": ("read by the harbour 0",),
        "x1.example": ("read by the harbour 1",),
    }
    written = run_cleaner("rules", "learn", "in", "-o", "site.toml", cwd=site)
    assert (written.code, written.out) == (0, b"")
    assert (site / "site.toml").read_bytes() == ran.out
    assert run_cleaner("rules", "test", "site.toml", cwd=site).code == 0


def test_where_nothing_repeats_nothing_is_learned(run_cleaner, tree, prose):
    ran = run_cleaner("rules", "learn", tree({f"{n}.txt": prose(n) for n in range(6)}) / "in")
    assert ran.code == 0
    assert ran.err.count("\n") == 1
    assert "rule" not in tomllib.loads(ran.text)


def test_a_failure_while_learning_is_named(run_cleaner, site):
    ran = run_cleaner("rules", "learn", "in", "missing", cwd=site)
    assert ran.code == 2
    assert "missing: " in ran.err
    assert len(tomllib.loads(ran.text)["rule"]) == 3
