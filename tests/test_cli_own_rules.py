"""`--rules FILE`: a user's rules extend, replace or switch off the shipped ones."""

import json

import pytest
from samples import CLEAN, DIRTY, FIRST, LAST

pytestmark = pytest.mark.slow

WEATHER = '[[rule]]\nid = "my/weather"\nwhy = "the weather box"\npatterns = [\'weather: .+\']\n'
OFF = '[[rule]]\nid = "en/ad-label"\noff = true\n'
OTHER = WEATHER.replace("my/weather", "en/ad-label")
TEXT = f"{FIRST}\n\nAdvertisement\n\nWeather: rain\n\n{LAST}\n"


def without(*lines):
    return "\n\n".join(part for part in TEXT.split("\n\n") if part not in lines)


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        (WEATHER, without("Advertisement", "Weather: rain")),
        (OTHER, without("Weather: rain")),
        (OFF, TEXT),
        (WEATHER + OFF, without("Weather: rain")),
    ],
    ids=["extends", "replaces", "switches off", "both"],
)
def test_rules_by_id(run_cleaner, tree, rules, left):
    where = tree({"mine.toml": rules})
    ran = run_cleaner("clean", "--rules", "in/mine.toml", cwd=where, input=TEXT)
    assert (ran.code, ran.err, ran.text) == (0, "", left)


def test_a_later_file_goes_before_an_earlier_one(run_cleaner, tree):
    where = tree({"a.toml": WEATHER + OFF, "b.toml": WEATHER.replace("weather: .+", "advertisement") + OTHER})
    both = ("--rules", "in/a.toml", "--rules", "in/b.toml")
    (record,) = run_cleaner("clean", "--json", *both, cwd=where, input=TEXT).records
    assert [(r["rule"], r["text"].strip()) for r in record["removed"]] == [
        ("my/weather", "Advertisement"),
        ("en/ad-label", "Weather: rain"),
    ]


def test_every_command_that_cleans_takes_them(run_cleaner, tree, prose):
    boxes = ["\n".join(f"Weather: rain at {word}" for word in prose(9 + n).split()) for n in (1, 2)]
    where = tree({f"{n}.txt": f"{prose(1, 1)}\n{box}\n" for n, box in enumerate(boxes, 1)})
    (where / "mine.toml").write_text(WEATHER)
    rules = ("--rules", "mine.toml")
    groups = [run_cleaner("group", "--json", *args, "in", cwd=where).records for args in ((), rules)]
    assert [len({row["copy"] for row in rows}) for rows in groups] == [2, 1]
    compared = run_cleaner("diff", "--json", *rules, "in/1.txt", "in/2.txt", cwd=where).records[0]
    assert compared["same_copy"]
    assert "my/weather" in run_cleaner("diff", *rules, "in/1.txt", cwd=where).text
    assert run_cleaner("run", *rules, "in", "out", cwd=where).code == 0
    assert (where / "out/articles/1.txt").read_text() == prose(1, 1)
    assert json.loads((where / "out/summary.json").read_text())["rules"]["my/weather"] >= 2


def test_workers_know_them(run_cleaner, tree):
    where = tree({"a.jsonl": "".join(json.dumps({"text": TEXT, "id": n}) + "\n" for n in range(200)), "mine.toml": WEATHER})
    ran = run_cleaner("clean", "-j", "2", "--rules", "in/mine.toml", "in/a.jsonl", cwd=where)
    assert ran.code == 0
    assert {record["text"] for record in ran.records} == {CLEAN}


BAD = {
    "bad pattern": (WEATHER.replace("weather: .+", "(unclosed"), "rule my/weather: bad pattern: missing ): (unclosed"),
    "bad in sum": (WEATHER.replace("'weather: .+'", r"'\Qa', 'b'"), "rule my/weather: bad pattern: "),
    "no backtracking": (WEATHER.replace("weather: .+", r"(a)\1"), "rule my/weather: bad pattern: "),
    "too large": (WEATHER.replace("weather: .+", "((a{1000}){1000}){1000}"), "rule my/weather: bad pattern: "),
    "unknown key": (WEATHER + "pattern = 1\n", "rule my/weather: unknown key 'pattern'"),
    "no array": ("[rule]\nid = 'x'\n", "'rule' must be"),
    "unknown table": (WEATHER.replace("[[rule]]", "[[rules]]"), "unknown key 'rules'"),
    "no toml": ("rule = ", "not TOML"),
    "deep": ("rule = " + 9000 * "[", "not TOML"),
    "a long number": (f"rule = {9000 * '9'}", "not TOML"),
    "no utf-8": (b"# \xff", "not TOML"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_line_and_nothing_is_written(run_cleaner, tree, name):
    content, reason = BAD[name]
    where = tree({"a.txt": DIRTY})
    (where / "mine.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = run_cleaner("clean", "-o", "out", "in", "--rules", "mine.toml", cwd=where)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert ran.err.startswith(f"cleaner: mine.toml: {reason}")
    assert not (where / "out").exists()


@pytest.mark.parametrize(
    "args", [("clean", "--in-place", "in/a.txt"), ("group", "in"), ("diff", "in/a.txt"), ("run", "in", "out")]
)
def test_so_it_is_with_every_command(run_cleaner, tree, args):
    where = tree({"a.txt": DIRTY})
    (where / "good.toml").write_text(WEATHER)
    (where / "mine.toml").write_text(BAD["bad pattern"][0])
    ran = run_cleaner(*args, "--rules", "good.toml", "--rules", "mine.toml", cwd=where)
    assert (ran.code, ran.out, ran.err) == (2, b"", f"cleaner: mine.toml: {BAD['bad pattern'][1]} in '(unclosed'\n")
    assert (where / "in/a.txt").read_text() == DIRTY
    assert not (where / "out").exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [("in", "is a directory"), ("missing.toml", "no such file or directory"), ("in/a/b", "not a directory")],
)
def test_a_file_that_is_none(run_cleaner, tree, name, reason):
    ran = run_cleaner("clean", "--rules", name, cwd=tree({"a": ""}), input=DIRTY)
    assert (ran.code, ran.out, ran.err) == (2, b"", f"cleaner: {name}: {reason}\n")


def test_rules_too_large_together_are_found_before_anything_is_written(run_cleaner, tree):
    heavy = "".join(
        WEATHER.replace("my/", f"my/{n}-").replace("weather: .+", rf"(?:\p{{L}}+ ?){{0,900}}{n}") for n in range(2)
    )
    where = tree({"a.txt": DIRTY})
    (where / "mine.toml").write_text(heavy)
    ran = run_cleaner("clean", "-o", "out", "--rules", "mine.toml", "in", cwd=where)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert "rule my/0-weather: too large together" in ran.err
    assert not (where / "out").exists()


SLOW_ELSEWHERE = ["(a+)+$", "(.*a){20}", "(a|aa)+b", "(?:a?){99}a{99}"]


def slow(*kinds):
    """Rules with patterns on which an engine that backtracks would take for ever."""
    rules = [WEATHER.replace("weather: .+", pattern) + f'kind = "{kind}"\n' for kind in kinds for pattern in SLOW_ELSEWHERE]
    return "".join(rule.replace("my/", f"my/{n}-") + "longest = 1000000\n" for n, rule in enumerate(rules))


def test_no_pattern_is_slow_on_a_line_of_any_length(run_cleaner, tree):
    where = tree({"mine.toml": slow("line", "section", "more")})
    for size in (700, 100_000):
        text = f"{FIRST}\n\n{size * 'a'}\n\n{LAST}\n"
        ran = run_cleaner("clean", "--rules", "in/mine.toml", cwd=where, input=text)
        assert (ran.code, ran.err, ran.text) == (0, "", CLEAN)


def test_nor_at_the_start(run_cleaner, tree):
    where = tree({"mine.toml": slow("start")})
    ran = run_cleaner("clean", "--rules", "in/mine.toml", cwd=where, input=f"{100_000 * 'a'}\n\n{FIRST}\n\n{LAST}\n")
    assert (ran.code, ran.err) == (0, "")
    assert ran.text.endswith(f"\n\n{LAST}\n")


LINE = "The Lantern Weekly is the paper of the coast"


@pytest.fixture
def site(tree, prose):
    """Eight pages of a site, which all have one line."""
    records = [{"text": f"{prose(n)}\n{LINE}\n\nWeather: rain\n", "url": f"https://a.example/{n}"} for n in range(8)]
    where = tree({"a.jsonl": "".join(json.dumps(record) + "\n" for record in records)})
    (where / "mine.toml").write_text(WEATHER)
    return where


def test_with_learning(run_cleaner, site, prose):
    both = run_cleaner("clean", "--learn", "--rules", "mine.toml", "in", cwd=site)
    assert [record["text"] for record in both.records] == [prose(n) for n in range(8)]
    (site / "mine.toml").write_text('[[rule]]\nid = "site/a.example"\noff = true\n')
    off = run_cleaner("clean", "--learn", "--rules", "mine.toml", "in", cwd=site)
    assert (off.code, off.err) == (0, "")
    assert all(LINE in record["text"] for record in off.records)


def test_what_was_learned_cleans_a_stream(run_cleaner, site, prose):
    assert run_cleaner("rules", "learn", "in", "-o", "site.toml", cwd=site).code == 0
    new = [{"text": f"{prose(99)}\n{LINE}\n", "url": f"https://{host}/99"} for host in ("www.a.example", "b.example")]
    stream = "".join(json.dumps(record) + "\n" for record in new)
    ran = run_cleaner("clean", "--from", "jsonl", "--rules", "site.toml", cwd=site, input=stream)
    assert (ran.code, ran.err) == (0, "")
    assert [record["text"] for record in ran.records] == [prose(99), f"{prose(99)}\n{LINE}\n"]


def test_a_rule_that_is_not_there_to_be_switched_off_is_noted(run_cleaner, tree):
    where = tree({"mine.toml": OFF.replace("ad-label", "ad-labels")})
    ran = run_cleaner("clean", "--rules", "in/mine.toml", cwd=where, input=DIRTY)
    assert (ran.code, ran.text, ran.err.count("\n")) == (0, CLEAN, 1)
    assert "en/ad-labels: " in ran.err


def test_a_rule_can_bring_a_language(run_cleaner, tree):
    where = tree({"mine.toml": WEATHER + 'lang = "is"\n'})
    ran = run_cleaner("clean", "--rules", "in/mine.toml", "--lang", "is", cwd=where, input=TEXT)
    assert (ran.code, ran.text) == (0, CLEAN)
    assert run_cleaner("clean", "--rules", "in/mine.toml", cwd=where, input=TEXT).text == without("Advertisement")
    assert run_cleaner("clean", "--lang", "is", cwd=where, input=TEXT).code == 2


def test_a_file_with_a_byte_order_mark_and_windows_line_ends(run_cleaner, tree):
    where = tree({"mine.toml": b"\xef\xbb\xbf" + WEATHER.replace("\n", "\r\n").encode()})
    assert run_cleaner("clean", "--rules", "in/mine.toml", cwd=where, input=TEXT).text == CLEAN


def test_a_rule_that_is_off_is_listed_and_not_tested(run_cleaner, tree):
    path = tree({"mine.toml": OFF + 'patterns = ["("]\nremoves = ["x"]\n'}) / "in/mine.toml"
    assert run_cleaner("rules", "list", path).text.split()[:2] == ["en/ad-label", "off"]
    assert run_cleaner("rules", "test", path).code == 0
