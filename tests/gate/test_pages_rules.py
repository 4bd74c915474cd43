"""Where rules look, in cases that no mean over pages shows."""

from cleaner import Article, Rule, clean, load_rules

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
LAST = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."


def test_a_rule_looks_at_no_line_longer_than_it_says():
    line = "Lanterns: " + "a" * 30
    for longest, gone in ((len(line), ["my/lanterns"]), (len(line) - 1, [])):
        rules = load_rules(Rule(id="my/lanterns", why="the lanterns", patterns=("lanterns: .+",), longest=longest))
        assert [removal.rule for removal in clean(f"{FIRST}\n{line}\n{LAST}\n", rules).removed] == gone


def test_a_section_ends_where_prose_without_spaces_goes_on():
    before = "清溪县的春茶今年提前了十二天上市，采茶的人手却没有提前到，县里的中学因此放了三天假。"
    after = "学生采的茶被单独包装，第一批两百斤在一个晚上全部售完，收入归学校买了一台新的显微镜。"
    text = f"{before}\n相关新闻\n清溪古桥完成修缮\n一只猫在邮局上班三年\n{after}\n{before[::-1]}。\n"
    assert clean(text).text == f"{before}\n{after}\n{before[::-1]}。\n"


def test_the_language_is_that_of_what_is_left():
    """An English notice over a German article: once it has gone, the German rules are asked."""
    notice = (
        "We and our partners store and access information on a device, such as cookies.",
        "By continuing to browse this site you agree to the use of cookies and to the terms of the site.",
        "Get the best of the Tribune and the Post delivered to your inbox.",
    )
    german = (
        "Die Wassermühle am Otterbach ist in der Nacht bis auf die Grundmauern niedergebrannt, verletzt wurde niemand.",
        "Lesen Sie auch: Warum der Otterbach im Sommer trockenfällt",
        "Der Verein will am Donnerstag beraten, wie es weitergeht, das Rad jedenfalls drehe sich noch.",
    )
    result = clean("\n".join((*notice, *german)))
    assert result.text == f"{german[0]}\n{german[2]}"
    assert [removal.rule for removal in result.removed] == [
        "en/consent",
        "en/consent",
        "en/newsletter",
        "de/related-line",
    ]


def test_what_no_reader_sees_of_a_page_is_no_text_of_it():
    unseen = "This line of the page stands where no reader will ever see it, and so it is no part of the article."
    for tag in ("noscript", "template", "dialog", "nav", "object", "aside"):
        page = f"<html><body><article><p>{FIRST}</p><{tag}><div>{unseen}</div></{tag}><p>{LAST}</p><p>{FIRST[::-1]}</p>"
        assert unseen not in clean(Article(html=page)).source, tag
        shown = clean(Article(html=page.replace(f"{tag}>", "section>"))).source
        assert unseen in shown, tag
