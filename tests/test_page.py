"""The HTML report: one file, safe whatever it shows, to be read without script, with filters where there is some."""

import html.parser
import json
import os
import random
import re
import shutil
import subprocess

import pytest
from samples import DIRTY, FIRST, LAST, TOO_LONG

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --virtual-time-budget=3000 --dump-dom"
)
LONG = "harbour/ferry-gazette.txt", "harbour/ferry-tribune.txt"

# Each tries, in its own way, to leave a mark on the page.
MARK = "document.documentElement.setAttribute('data-owned',1)"
ATTACKS = [
    f"<script>{MARK}</script>",
    f"</script><script>{MARK}</script>",
    f"</style><script>{MARK}</script>",
    f"</title><script>{MARK}</script>",
    f"</textarea></template></noscript><script>{MARK}</script>",
    f'"><img src=x onerror="{MARK}">',
    f'\'><img src=x onerror="{MARK}">',
    f"' autofocus tabindex=1 onfocus=\"{MARK}\" x='",
    f'" onmouseover="{MARK}" style="position:fixed;inset:0',
    f"<svg/onload={MARK}>",
    f"<svg><animate onbegin={MARK} attributeName=x dur=1s>",
    f"<body onload={MARK}>",
    f"<details open ontoggle={MARK}><summary>x</summary></details>",
    f"<video><source onerror={MARK}></video>",
    f"<iframe srcdoc='<script>parent.{MARK}</script>'></iframe>",
    f'<iframe src="javascript:parent.{MARK}"></iframe>',
    f'<object data="javascript:{MARK}"></object>',
    f'<a href="javascript:{MARK}" autofocus>x</a>',
    f'<meta http-equiv=refresh content="0;url=javascript:{MARK}">',
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    f"<math><mtext></p><script>{MARK}</script>",
    f"<!--><script>{MARK}</script>-->",
    f"<![CDATA[<script>{MARK}</script>]]>",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
    f"\\u003cscript\\u003e{MARK}\\u003c/script\\u003e",
    f"${{{MARK}}} {{{{{MARK}}}}} `{MARK}`",
    f"<scr\x00ipt>{MARK}</scr\x00ipt>",
    f"\x00<script\x0c>{MARK}</script>",
    f"+ADw-script+AD4-{MARK}+ADw-/script+AD4-",
    "]]>--></xmp></plaintext><plaintext>",
]


# Addresses that nobody should follow, and one that looks like it.
ADDRESSES = [
    "javascript:{attack}",
    " javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://example.com/",
    "java\nscript:alert(1)",
    "data:text/html,{attack}",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//evil.example/x",
    "https://example.com/\u202egro.elpmaxe",
    'https://example.com/" onmouseover="{attack}',
    "https://example.com/'{attack}",
    "https://example.com/{attack}",
    "https://user@evil.example/\x1b]8;;x",
    "http://example.com/é?a=1&b=<2>",
    "https://example.com/plain?a=1&b=2",
]


@pytest.fixture
def browser(tmp_path):
    """Show a page in headless Chromium: what its document is afterwards."""
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and here it must be")
        pytest.skip("Chromium is not installed")

    def show(page, fragment="", *options):
        path = tmp_path / "page.html"
        path.write_bytes(page if isinstance(page, bytes) else page.encode())
        command = [CHROMIUM, *FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}", *options, f"file://{path}{fragment}"]
        done = subprocess.run(command, capture_output=True, timeout=TOO_LONG, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
        return done.stdout.decode()

    return show


class _Elements(html.parser.HTMLParser):
    """The tags of a page, with their attributes and the text outside of styles and scripts."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self._raw = [], "", False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._raw = tag in ("style", "script")

    def handle_endtag(self, tag):
        self._raw = False

    def handle_data(self, data):
        if not self._raw:
            self.text += data


TAGS = set(
    re.findall(
        r"\w+",
        "html head meta title style body main h1 h2 h3 div section table tbody tr td th p ul ol li a b i bdi br code span "
        "del ins time details summary script label select option input output",
    )
)
ATTRIBUTES = set(
    re.findall(
        r"\S+",
        "lang charset name content http-equiv class dir hidden rowspan value href type open data-rule data-story data-name "
        "data-group data-r data-number",
    )
)


def innocent(page):
    """Nothing in a page but our own elements: no handler, no address but of the web, one script and one style."""
    found = _Elements(page).found
    links = [attributes["href"] for tag, attributes in found if tag == "a"]
    assert [link for link in links if not re.fullmatch(r"https?://[!-~]+", link)] == []
    assert all(tag == "a" for tag, attributes in found if "href" in attributes)
    assert {tag for tag, _ in found} <= TAGS
    assert {name for _, attributes in found for name in attributes} <= ATTRIBUTES
    assert [tag for tag, _ in found if tag in ("script", "style", "title")] == ["title", "style", "script"]


@pytest.fixture(scope="module")
def attacked(run_cleaner, tmp_path_factory):
    """Reports about articles that are attacks in their text, title, id, date and in what is removed of them."""
    folder = tmp_path_factory.mktemp("attacked")
    with open(folder / "in.jsonl", "w", encoding="utf-8") as file:
        for n, attack in enumerate(ATTACKS):
            for copy in "ab":
                text = f"{FIRST} {attack} {LAST}\n\nRelated Posts\n\n{attack}\n\nAdvertisement\n\n{LAST} {attack}\n"
                row = {"id": f"{attack}{n}{copy}", "title": attack, "date": attack, "author": attack, "text": text}
                row |= {"site": attack, "url": ADDRESSES[n % len(ADDRESSES)].replace("{attack}", attack)}
                file.write(json.dumps(row) + "\n")
        file.write(f'{{"text": 1, "id": {json.dumps(ATTACKS[0])}}}\n')
    for n, name in enumerate(["<img src=x onerror=alert(1)>.txt", "'\"><svg onload=alert(1)>.txt"]):
        (folder / name).write_text(DIRTY.replace("Monday", f"Monday {ATTACKS[n]}"))
    pages = {"removals": run_cleaner("clean", "--html", "in.jsonl", cwd=folder).text}
    run_cleaner("run", ".", "../attacked-out", cwd=folder)
    out = folder.parent / "attacked-out"
    pages["run"] = (out / "report.html").read_text(encoding="utf-8")
    story = json.loads((out / "groups.jsonl").read_text(encoding="utf-8").split("\n")[4])["story"]
    pages["story"] = run_cleaner("diff", "--html", "--story", story, out).text
    names = sorted(path.name for path in folder.glob("*.txt"))
    pages["pair"] = run_cleaner("diff", "--html", "--no-clean", *names, cwd=folder).text
    return pages


PAGES = ["removals", "run", "story", "pair"]


@pytest.mark.parametrize("name", PAGES)
def test_everything_is_escaped(attacked, name, raw):
    innocent(attacked[name])
    assert not raw(attacked[name])
    assert "owned" in attacked[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_in_a_browser(attacked, browser, name):
    dom = browser(attacked[name])
    assert 'data-owned="' not in dom
    innocent(dom)


@pytest.mark.slow
def test_the_attacks_are_real(browser):
    """Unescaped they leave their mark, so that the test above would see it."""
    assert 'data-owned="' in browser(f"<!doctype html><p>{ATTACKS[0]}</p>")
    assert 'data-owned="' in browser(f'<!doctype html><p title="{ATTACKS[5]}"></p>')


@pytest.mark.slow
def test_the_policy_stops_what_would_get_through(attacked, browser):
    page = attacked["story"].replace("<main>", f'<main><script>{MARK}</script><img src=x onerror="{MARK}">', 1)
    assert 'data-owned="' not in browser(page)
    assert 'data-owned="' in browser(re.sub(r"<meta http-equiv=Content[^>]*>", "", page))


@pytest.fixture(scope="module")
def report(run_cleaner, fixtures, tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "out"
    run_cleaner("run", ".", out, cwd=fixtures)
    return (out / "report.html").read_text(encoding="utf-8")


def test_a_run_reports_totals_rules_with_examples_stories_and_what_was_left_out(report):
    text = _Elements(report).text
    for said in (
        "articles cleaned",
        "en/newsletter",
        "a prompt to sign up for a newsletter",
        "Get the Gazette's top headlines delivered to your inbox every morning.",
        "Burglars take Orrin Goblet from Velbridge museum",
        "A key, a rope and seven minutes: how the Orrin Goblet vanished",
        "misc/consent-stub.txt",
        "README.md",
        ".md is no format of ours",
    ):
        assert said in text


def test_of_what_a_rule_removed_three_examples_are_shown(run_cleaner, tree):
    where = tree({f"{n}.txt": f"{FIRST}\n\nRead more: The ferry is late, part {n}\n\n{LAST}\n" for n in range(5)})
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    text = _Elements((where / "out/report.html").read_text(encoding="utf-8")).text
    assert [n for n in range(5) if f"The ferry is late, part {n}" in text] == [0, 1, 2]


def test_failures_are_all_in_the_report(run_cleaner, tree):
    where = tree({"a.jsonl": '{"text": "x"}\n' + "broken\n" * 30, "b.txt": DIRTY})
    assert run_cleaner("run", "in", "out", cwd=where).code == 2
    text = _Elements((where / "out/report.html").read_text(encoding="utf-8")).text
    assert all(f"in/a.jsonl:{n}" in text for n in range(2, 32))


def test_a_report_is_the_same_every_time(run_cleaner, fixtures, tmp_path, report):
    run_cleaner("run", ".", tmp_path / "out", "--workers", "1", cwd=fixtures)
    assert (tmp_path / "out/report.html").read_text(encoding="utf-8") == report


@pytest.mark.parametrize("args", [("clean", "--html", "."), ("diff", "--html", LONG[0]), ("diff", "--html", *LONG)])
def test_a_page_needs_nothing_from_elsewhere_and_no_script_to_be_read(run_cleaner, fixtures, args):
    ran = run_cleaner(*args, cwd=fixtures)
    assert ran.code == 0
    innocent(ran.text)
    assert not re.search("(?:src|href)=", ran.text)
    hidden = [attributes for _, attributes in _Elements(ran.text).found if "hidden" in attributes]
    assert [attributes["class"] for attributes in hidden] == ["filters"]
    assert "prefers-color-scheme: dark" in ran.text


def test_the_page_of_two_articles_says_what_the_terminal_says(run_cleaner, fixtures):
    text = _Elements(run_cleaner("diff", "--html", *LONG, cwd=fixtures).text).text
    place = [text.index(said) for said in ("Where they disagree", "41 commuters", "In both", "Only A says", "Only B says")]
    assert place == sorted(place)


def test_a_long_removal_is_folded_and_whole(run_cleaner, fixtures):
    page = run_cleaner("diff", "--html", LONG[1], cwd=fixtures).text
    assert re.search(r"<summary>\d+ more lines, to line 55</summary>", page)
    assert "Doctors Hᴀᴛᴇ" in page


# What attacks are put together from: what ends the place they stand in, an element that runs something, and a disguise.
ENDS = [
    "",
    '"',
    "'",
    "`",
    "-->",
    "]]>",
    ">",
    '">',
    "'>",
    "</p>",
    "</title>",
    "</textarea>",
    "</style>",
    "</script>",
    "\x00",
    "\u2028",
]
RUNS = [
    *(
        "<{tag} {on}={run}>".replace("{on}", on)
        for on in ("onload", "onerror src=x", "onfocus=1 autofocus onblur", "ontoggle open")
    ),
    "<{tag}/{run}//>",
    "<{tag} style=x:expression({run})>",
    "<{tag} src=javascript:{run}>",
    "<{tag} href=data:text/html,<script>{run}</script>>",
    "<{tag}><script>{run}</script></{tag}>",
    "javascript:{run}//<{tag}",
]
INSIDE = ["svg", "img", "body", "iframe", "math", "details", "a", "form", "x:script", "ScRiPt"]
DISGUISES = [
    str,
    str.upper,
    lambda attack: attack.replace("<", "\uff1c").replace(">", "\uff1e"),
    lambda attack: attack.replace("<", "&lt;"),
    lambda attack: attack.replace("<", "\\x3c"),
    lambda attack: attack.replace("<", "%3C"),
    lambda attack: attack.replace("<", "<\x00"),
    lambda attack: attack.replace(" ", "\x0c"),
    lambda attack: attack.replace("s", "&#115;"),
    lambda attack: f"\u202e{attack}\u2066",
    lambda attack: f"[/b]{attack}[bold]\x1b[31m",
]


def put_together(count):
    """Attacks of all those parts, each part with many others."""
    pick = random.Random(5)
    for n in range(count):
        runs = pick.choice(RUNS).format(tag=pick.choice(INSIDE), run=MARK)
        yield ENDS[n % len(ENDS)] + DISGUISES[n % len(DISGUISES)](runs)


@pytest.fixture(scope="module")
def besieged(run_cleaner, tmp_path_factory):
    """Reports of as many articles, with the attacks as text, title and id: pages, and what a terminal is shown."""
    folder = tmp_path_factory.mktemp("besieged")
    with open(folder / "in.jsonl", "w", encoding="utf-8") as file:
        for n, attack in enumerate(put_together(1000)):
            text = f"{FIRST} {attack}\n\n{LAST}\n\nRelated Posts\n\n{attack}\n"
            file.write(json.dumps({"id": f"{n} {attack}", "title": attack, "text": text}) + "\n")
    page = run_cleaner("clean", "--html", "in.jsonl", cwd=folder).text
    assert page.count("<section") >= 1000
    assert run_cleaner("run", "in.jsonl", "out", cwd=folder).code == 0
    shown = [run_cleaner(*args, "in.jsonl", cwd=folder).text for args in (("clean", "--diff"), ("group",))]
    return [page, (folder / "out/report.html").read_text(encoding="utf-8")], shown


@pytest.mark.slow
def test_of_a_thousand_attacks_no_report_has_an_element_or_a_control_character(besieged, raw):
    pages, shown = besieged
    for page in pages:
        innocent(page)
    for text in (*pages, *shown):
        assert not raw(text)
        assert "owned" in text.lower()


@pytest.mark.slow
def test_nor_has_it_in_a_browser(besieged, browser):
    for page in besieged[0]:
        innocent(browser(page))


def _visible(dom):
    """The rules of the windows that a filter leaves."""
    found = [attributes for _, attributes in _Elements(dom).found if "data-rule" in attributes]
    return [json.loads(attributes["data-rule"]) for attributes in found if "hidden" not in attributes]


@pytest.mark.slow
def test_with_script_rules_and_stories_can_be_picked(report, browser):
    dom = browser(report)
    assert len(_visible(dom)) > 8
    assert re.search(r"<option[^>]*>en/newsletter</option>", dom)
    assert re.search(r'<label>Search <input type="search"', dom)
    assert "<label>Outlet <select>" in dom
    assert _visible(browser(report, "#rule=en%2Fnewsletter")) == [["en/newsletter"]]
    assert _visible(browser(report, "#rule=no-such-rule")) == _visible(dom)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("q=goblet%20vanished", {"A key, a rope and seven minutes: how the Orrin Goblet vanished"}),
        ("outlet=The%20Velbridge%20Courier", {"A key, a rope and seven minutes: how the Orrin Goblet vanished"}),
        ("from=2024-05-10&to=2024-05-10", {"Tears at the junction as onions stop the trains"}),
        ("q=no-such-word-anywhere", set()),
    ],
)
def test_articles_are_searched_by_words_outlet_and_date(report, browser, asked, left):
    dom = browser(report, f"#{asked}").split("</style>", 1)[1].split("<script>")[0]
    shown = dom.split("Stories told more than once</h2>")[1]
    stories = [box for box in shown.split('<div class="story"')[1:] if not box.startswith(" hidden")]
    titles = {
        title for box in stories for title in re.findall(r"<li[^>]*>(?:(?!<li).)*?<(?:a|bdi)[^>]*>([^<]*)", box) if title
    }
    visible = {
        title
        for item in re.findall(r"<li(?! hidden)(?![^>]*hidden)[^>]*>.*?<(?:a|bdi)[^>]*>[^<]*", "".join(stories), re.DOTALL)
        for title in re.findall(r"<(?:a|bdi)[^>]*>([^<]*)$", item)
    }
    assert visible & titles == left
