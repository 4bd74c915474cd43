"""Lines, sentences and words of a text; showing control characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import text

ANY = st.text(st.characters(blacklist_categories=[]), max_size=60)


@given(ANY)
def test_lines_are_what_stands_between_line_feeds(source):
    spans = [source[block.start : block.end] for block in text.lines(source)]
    assert spans == [line.strip() for line in source.split("\n") if line.strip()]
    assert [(b.start, b.end) for b in text.lines(source)] == sorted((b.start, b.end) for b in text.lines(source))


def test_only_a_line_feed_ends_a_line():
    source = "a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g\rh\r\n i \n\n"
    assert [(b.start, b.end) for b in text.lines(source)] == [(0, 15), (18, 19)]


@given(ANY)
def test_visible_leaves_no_control_character(source):
    shown = text.escape_controls(source)
    for char in shown:
        assert char in "\t\n\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


@given(st.text(st.characters(whitelist_categories=["L", "N", "P", "S", "Zs", "M"]), max_size=60))
def test_visible_leaves_harmless_text_alone(source):
    assert text.escape_controls(source) == source


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("\x1b[31m", "<U+001B>[31m"),
        ("\x9b31m", "<U+009B>31m"),
        ("\u202egnp", "<U+202E>gnp"),
        ("\u2067\u200b\ufeff", "<U+2067><U+200B><U+FEFF>"),
        ("\ud800", "<U+D800>"),
        ("a\tb\nc", "a\tb\nc"),
        ("over\rwritten\x07", "over<U+000D>written<U+0007>"),
        ("[/b] é 渡船 😂", "[/b] é 渡船 😂"),
        ("\U000e0067", "<U+E0067>"),
    ],
)
def test_visible_writes_them_out(source, shown):
    assert text.escape_controls(source) == shown


@given(ANY, st.integers(5, 80))
def test_one_line_is_one_line(source, width):
    shown = text.one_line(source, width)
    assert "\n" not in shown
    assert "\t" not in shown
    assert len(shown) <= width


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("“It’s” – here…", '"It\'s" - here...'),
        ("  two\u00a0\u00a0spaces \t here ", "two spaces here"),
        ("• Related Posts", "Related Posts"),
        ("- - > item", "item"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "Full width"),
        ("plain", "plain"),
        ("-5 degrees", "-5 degrees"),
    ],
)
def test_fold(line, folded):
    assert text.normalise(line) == folded


@given(ANY)
def test_folding_twice_is_folding_once_but_for_bullets(line):
    once = text.normalise(line)
    assert once == once.strip()
    assert "  " not in once
    assert text.normalise("x" + line) == text.normalise(text.normalise("x" + line))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("The Marrow Lass, built in 1997!", ["the", "marrow", "lass", "built", "in", "1997"]),
        ("", []),
        ("... !?", []),
        ("渡船 abc", ["渡", "船", "abc"]),
        ("ÉCOLE Straße", ["école", "straße"]),
        ("паром сел", ["паром", "сел"]),
    ],
)
def test_words(source, words):
    assert text.words(source) == words


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("One. Two! Three? Four…", ["One.", "Two!", "Three?", "Four…"]),
        ("Dr. Noor Abellard came at 3 p.m. on Monday.", ["Dr. Noor Abellard came at 3 p.m. on Monday."]),
        ("“Stop.” He stopped.", ["“Stop.”", "He stopped."]),
        ("No end\nAnother line", ["No end", "Another line"]),
        ("It cost 3.50 then. Yes.", ["It cost 3.50 then.", "Yes."]),
        ("渡船搁浅。没有受伤。", ["渡船搁浅。", "没有受伤。"]),
        (" \n ", []),
    ],
)
def test_sentences(source, sentences):
    assert text.sentences(source) == sentences


@given(ANY)
def test_sentences_lose_nothing_but_white_space(source):
    assert "".join("".join(text.sentences(source)).split()) == "".join(source.split())
