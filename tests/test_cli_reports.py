"""The reports that people read: windows around removals, the tellings of a story, at any width, with any text."""

import json
import re

import pytest
from rich.cells import cell_len
from samples import FIRST, LAST

pytestmark = pytest.mark.slow

DIRTY = f"{FIRST}\n\nAdvertisement\n\n{LAST}\n"
ITEMS = "".join(f"Ten diners you must try, number {n}\n\nRead more\n\n" for n in range(19))
FORTY = f"{FIRST}\n\n{LAST}\n\nRelated Posts\n\n{ITEMS}"
GAZETTE, TRIBUNE = "harbour/ferry-gazette.txt", "harbour/ferry-tribune.txt"
CHRONICLE, UPDATE = "museum/theft-chronicle.txt", "museum/theft-chronicle-update.txt"


def lines(ran):
    assert ran.code == 0
    return ran.text.split("\n")


def test_a_removal_stands_in_a_window_with_line_numbers_signs_and_its_reason(run_cleaner, fixtures):
    shown = lines(run_cleaner("diff", CHRONICLE, cwd=fixtures))
    place = shown.index("   5 - Related: Five things to know about the Velbridge tram extension")
    assert shown[place - 2].startswith("   3   The burglars cut through a skylight")
    assert shown[place - 1] == "       [en/related-line] a line that points to another story"
    assert shown[place + 1].startswith('   7   "They walked past a room')
    assert shown[-2] == "2 en/related-line, 1 en/ad-label, 1 en/newsletter, 1 en/social"


def test_a_line_that_stays_between_two_removals_is_shown_once(run_cleaner, fixtures):
    text = run_cleaner("diff", CHRONICLE, cwd=fixtures).text
    assert text.count("Investigators are checking") == 1


def test_what_goes_of_a_line_is_marked_in_it(run_cleaner, fixtures):
    text = run_cleaner("diff", GAZETTE, cwd=fixtures).text
    assert "1 ~ [-date 2024-03-18-] WESSEL HARBOUR" in text


def test_a_long_block_is_named_folded_and_counted(run_cleaner, tree):
    shown = lines(run_cleaner("diff", tree({"a.txt": FORTY}) / "in/a.txt", "--width", "80"))
    assert "   5 - Related Posts" in shown
    assert any("[en/related-heading] a heading that opens a list of other stories" in line for line in shown)
    assert "     - ... 70 more lines, to line 81" in shown
    assert len(shown) < 20


def test_an_article_that_lost_too_much_is_flagged_where_it_stands_and_at_the_end(run_cleaner, tree):
    where = tree({"a.txt": FORTY, "b.txt": DIRTY})
    shown = lines(run_cleaner("clean", "--diff", "in", cwd=where))
    assert "! more than 40 % is gone: look at it" in shown
    assert shown[-3] == "2 articles, 2 removals: 1 en/related-heading, 1 en/ad-label"
    assert shown[-2].startswith("! more than 40 % is gone of in/a.txt (")


def test_what_is_too_much_is_two_fifths(run_cleaner, tree):
    """On the terminal, in the page of removals and in a run's report."""
    items = "".join(f"Ten diners you must try, number {n}\n\n" for n in range(4))
    more, less = (f"{FIRST}\n\n{LAST}\n\nRelated Posts\n\n{part}" for part in (items, items[: 3 * len(items) // 4]))
    where = tree({"more.txt": more, "less.txt": less})
    shown = lines(run_cleaner("clean", "--diff", "in", cwd=where))
    assert [line[-6:] for line in shown if " characters " in line] == [" (36%)", " (43%)"]
    assert shown[-2] == "! more than 40 % is gone of in/more.txt (43%)"
    assert shown.count("! more than 40 % is gone: look at it") == 1
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    pages = run_cleaner("clean", "--html", "in", cwd=where).text, (where / "out/report.html").read_text(encoding="utf-8")
    for page, heading in zip(pages, ("More than 40 % is gone", "Lost more than 40 %"), strict=True):
        told = page.split(f"<h2>{heading}</h2>")[1].split("</ul>")[0]
        assert "in/more.txt" in told
        assert "43%" in told
        assert "in/less.txt" not in told


def test_figures_that_disagree_come_first(run_cleaner, fixtures):
    shown = lines(run_cleaner("diff", GAZETTE, TRIBUNE, cwd=fixtures))
    place = shown.index("Where they disagree")
    assert shown[place + 1].startswith("! A 43 passengers  ...")
    assert shown[place + 2].startswith("  B 41 commuters  ...")
    assert place < shown.index("In both") < next(i for i, line in enumerate(shown) if line.startswith("Only A says"))


def test_what_both_share_and_what_each_alone_says(run_cleaner, fixtures):
    shown = lines(run_cleaner("diff", GAZETTE, TRIBUNE, cwd=fixtures))
    said = {line.split()[1]: line for line in shown if line.startswith("= ")}
    assert "Monday" in said["dates"]
    assert "18 passengers" in said["figures"]
    assert "Idris Vollmer" in said["names"]
    assert any(line.startswith("= wording  We felt a long scrape, and then everything") for line in shown)
    assert "- I told her we’d send a bill.”" in shown
    assert "+ For islanders the trouble is only begining." in shown


def test_near_verbatim_copies_are_told_in_order(run_cleaner, fixtures):
    shown = lines(run_cleaner("diff", CHRONICLE, UPDATE, cwd=fixtures))
    assert any("[-made off with-]{+stole+} the Orrin Goblet" in line for line in shown)
    place = next(i for i, line in enumerate(shown) if line.startswith("+ On Monday officers recovered a rope"))
    assert shown[place - 1] == "= ... 3 sentences the same"


def test_json_says_what_the_report_says(run_cleaner, fixtures):
    (found,) = run_cleaner("diff", "--json", GAZETTE, TRIBUNE, cwd=fixtures).records
    (odd,) = found["disagreements"]
    assert (odd["kind"], odd["first"], odd["second"]) == ("number", "43 passengers", "41 commuters")
    assert odd["second"] in odd["second_sentence"]
    assert {"dates", "figures", "names", "quotes", "passages", "numbers", "phrases"} == found["shared"].keys()


REPORTS = [
    ("diff", CHRONICLE),
    ("diff", GAZETTE, TRIBUNE),
    ("diff", CHRONICLE, UPDATE),
    ("clean", "--diff", "misc"),
    ("group", "."),
]


@pytest.mark.parametrize("args", REPORTS)
@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_wider_than_it_may_be(run_cleaner, fixtures, args, width):
    shown = lines(run_cleaner(*args, "--width", str(width), cwd=fixtures))
    assert max(map(cell_len, shown)) <= width
    assert [line for line in shown if line != line.rstrip()] == []


@pytest.mark.parametrize("word", ["word", "記者会見で", "😂👩‍👩‍👧", "e\u0301te\u0301", "한국어"])
def test_columns_stay_aligned_whatever_the_text(run_cleaner, tree, word):
    one = f"The {word} council of Wessel met on Monday evening to hear what the {word} engineers had found there at last."
    where = tree({"a.txt": one + " " + LAST, "b.txt": one.replace("Monday", "Tuesday") + " " + LAST})
    shown = lines(run_cleaner("diff", "--no-clean", "in/a.txt", "in/b.txt", "--width", "120", cwd=where))
    (row,) = [line for line in shown if line.startswith("~ ")]
    right = row.index("The ", 10)
    assert cell_len(row[:right]) == 2 + 58 + 2


def test_text_from_right_to_left_is_not_put_side_by_side(run_cleaner, tree):
    one = "قال المجلس يوم الاثنين إن الجسر القديم سيبقى مغلقا حتى الشتاء القادم بسبب الأضرار التي لحقت به."
    where = tree({"a.txt": f"{one}\n{LAST}", "b.txt": f"{one.replace('الاثنين', 'الثلاثاء')}\n{LAST}"})
    shown = lines(run_cleaner("diff", "--no-clean", "in/a.txt", "in/b.txt", "--width", "160", cwd=where))
    (row,) = [line for line in shown if line.startswith("~ ")]
    assert "[-" in row
    assert "{+" in row


def test_scripts_without_spaces_are_told_apart_by_the_character(run_cleaner, tree):
    one = "市議会は月曜日の夜に古い橋の下で見つかったものについて技術者から説明を受けた。"
    where = tree({"a.txt": one, "b.txt": one.replace("月曜日", "火曜日")})
    assert "[-月-]{+火+}曜日" in run_cleaner("diff", "--no-clean", "in/a.txt", "in/b.txt", cwd=where).text


@pytest.mark.parametrize("args", REPORTS)
def test_a_terminal_without_utf_8_is_shown_what_it_can_show(run_cleaner, fixtures, args):
    ran = run_cleaner(*args, "--width", "60", cwd=fixtures, env={"PYTHONIOENCODING": "ascii"})
    assert ran.code == 0
    assert ran.out.isascii()
    assert max(map(len, ran.out.decode().split("\n"))) <= 60


def test_without_colour_there_is_no_escape_and_with_it_nothing_else_changes(run_cleaner, fixtures):
    plain = run_cleaner("diff", GAZETTE, TRIBUNE, cwd=fixtures).text
    coloured = run_cleaner("diff", GAZETTE, TRIBUNE, "--color", "always", cwd=fixtures).text
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_every_command_has_an_example_in_the_help(run_cleaner):
    text = run_cleaner("--help").text
    for command in ("clean", "group", "diff", "run", "rules"):
        assert f"  cleaner {command} " in text
        assert "Example: cleaner" in " ".join(run_cleaner(command, "--help").text.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(run_cleaner, shell):
    ran = run_cleaner("--show-completion", shell)
    assert ran.code == 0
    assert "_CLEANER_COMPLETE" in ran.text


def test_completion_knows_commands_and_options(run_cleaner):
    words = {"_CLEANER_COMPLETE": "complete_bash", "COMP_WORDS": "cleaner clean --pa", "COMP_CWORD": "2"}
    assert run_cleaner(env=words).text.split() == ["--patch"]
    words = {"_CLEANER_COMPLETE": "complete_bash", "COMP_WORDS": "cleaner r", "COMP_CWORD": "1"}
    assert run_cleaner(env=words).text.split() == ["run", "rules"]


def _hostile(data):
    return [text for texts in data("hostile.json").values() for text in texts]


@pytest.mark.slow
def test_no_report_lets_a_control_character_through(run_cleaner, data, raw, tmp_path):
    """Hostile strings as text, titles, ids and dates, in every report."""
    strings = _hostile(data)
    records = []
    for n, text in enumerate(strings):
        for copy in ("a", "b"):
            body = f"{FIRST} {text} {LAST}\n\nRelated Posts\n\n{text}\n\nAdvertisement {text}\n"
            records.append({"id": f"{text}{copy}{n}", "title": text, "date": text, "site": text, "text": body})
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    first, second = ({**record, "id": f"x{n}"} for n, record in enumerate(records[:2]))
    for name, record in (("one.jsonl", first), ("two.jsonl", second)):
        (tmp_path / name).write_text(json.dumps(record), encoding="utf-8")
    for args in (
        ("clean", "--diff", "in.jsonl"),
        ("clean", "--html", "in.jsonl"),
        ("group", "in.jsonl"),
        ("run", "in.jsonl", "out"),
        ("diff", "one.jsonl", "two.jsonl"),
        ("diff", "--html", "one.jsonl", "two.jsonl"),
        ("diff", "--story", records[0]["id"], "out"),
    ):
        ran = run_cleaner(*args, cwd=tmp_path) if "\0" not in "".join(args) else None
        if ran:
            assert ran.code in (0, 2)
            assert not raw(ran.text), args
    assert not raw((tmp_path / "out/report.html").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_hostile_file_names_are_shown(run_cleaner, data, raw, tmp_path):
    names = [text for text in _hostile(data) if "/" not in text and "\0" not in text and 0 < len(text) < 60]
    written = 0
    for n, name in enumerate(names):
        try:
            (tmp_path / f"{n}{name}.txt").write_text(DIRTY, encoding="utf-8")
            (tmp_path / f"{n}{name}.bad").write_text(DIRTY, encoding="utf-8")
        except (OSError, UnicodeEncodeError):
            continue
        written += 1
    assert written > 20
    for args in (("clean", "--diff", "."), ("clean", "--html", "."), ("group", "."), ("clean", "--check", ".")):
        ran = run_cleaner(*args, cwd=tmp_path)
        assert ran.code in (0, 1)
        assert not raw(ran.text), args


def test_empty_articles_have_reports_too(run_cleaner, tree):
    where = tree({"a.txt": "", "b.txt": "", "c.txt": "Advertisement\n"})
    for args in (("in/a.txt", "in/b.txt"), ("in/a.txt", "in/c.txt"), ("in/c.txt",), ("in/a.txt",)):
        for form in ((), ("--html",), ("--json",)):
            ran = run_cleaner("diff", *form, *args, cwd=where)
            assert ran.code == 0
            assert ran.out
