"""Cleaning, where the order of things matters: what goes first, what only then, and the white space at the cut."""

import pytest

from cleaner import clean

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
LAST = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."


def test_what_becomes_the_tail_when_the_tail_has_gone_goes_too():
    text = f"{FIRST}\nTags: harbour, weather\nRelated Posts\n{LAST}\nRead more\n"
    result = clean(text)
    assert result.text == f"{FIRST}\n"
    assert {removal.rule for removal in result.removed} == {"en/tags-list", "en/related-heading"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "end"])
def test_the_end_of_the_text_keeps_its_line_end(end, last):
    final = end if last else ""
    text = f"{FIRST}{end}{end}Advertisement{end}{end}{LAST}{end}{end}Related Posts{end}Ten best diners in town{final}"
    assert clean(text).text == f"{FIRST}{end}{end}{LAST}{final}"


def test_a_section_ends_where_the_article_resumes_if_only_with_a_short_sentence():
    titles = "Ten best diners in the town\nWhy the ferry was late again\n"
    text = f"{FIRST}\n\nTrending now:\n{titles}\nThe mayor left early.\n"
    assert clean(text).text == f"{FIRST}\n\nThe mayor left early.\n"
