"""What comes in is taken for what it is: encodings, dates, the fields of records, HTML, and what hides behind entities."""

import codecs
import json

import msgspec
import pytest
import webencodings
from samples import FIRST, LAST

import cleaner
from cleaner import records
from cleaner.dates import date_of
from cleaner.options import Fields
from cleaner.records.fields import Reader, holds_html

PROSE = f"{FIRST}\n\n{LAST}"


def page(label, body):
    return (
        f'<html><head><meta charset="{label}"><title>The bridge</title></head><body><article>{body}</article></body></html>'
    )


def lines(*found):
    return "".join(json.dumps(record) + "\n" for record in found)


# --- encodings ---------------------------------------------------------------------------------------------------------

LABELLED = {
    "iso-8859-1": ("cp1252", "„Die Brücke“ kostet 14 Mio. €, sagte sie – und schwieg…"),
    "latin1": ("cp1252", "“I don’t think so,” she said – it costs €14 million…"),
    "us-ascii": ("cp1252", "“I don’t think so,” she said – it costs €14 million…"),
    "iso-8859-9": ("cp1254", "“Köprü kapandı,” dedi – çünkü çatlak büyüdü…"),
    "gb2312": ("gbk", "工程师朱镕在大坝东墙发现第二道裂缝，佩特拉·奥克林说"),
    "gb_2312-80": ("gb18030", "工程师朱镕在大坝东墙发现第二道裂缝，佩特拉·奥克林说"),
    "shift_jis": ("cp932", "①東壁に亀裂が見つかったと髙橋技師長は語った"),
    "ks_c_5601-1987": ("cp949", "똠방각하라는 댐에서 두 번째 균열을 찾았다"),
    "big5": ("big5hkscs", "工程師在大壩東牆發現第二道裂縫"),
    "tis-620": ("cp874", "“ไม่มีใครตกอยู่ในอันตราย” วิศวกรกล่าว"),
    "windows-1251": ("cp1251", "«Мост закрыт», — сказала она на № 7"),
    "iso-8859-2": ("iso8859-2", "Zażółć gęślą jaźń, powiedziała"),
}


@pytest.mark.parametrize("label", LABELLED)
def test_labels_are_read_as_browsers_read_them(label):
    encoding, said = LABELLED[label]
    data = page(label, f"<p>{said}</p>" * 3).encode(encoding)
    text, _, replaced = records.decode(data, html=True)
    assert (said in text, replaced) == (True, 0)


@pytest.mark.parametrize("wrong", ["utf-8", "shift_jis", "no-such-label", "utf-16", "unicode_escape"])
def test_a_wrong_label_loses_nothing(wrong):
    said = (
        "Ingenieure fanden am Dienstag einen Riss in der Mauer der Talsperre, sagte Petra Österle; „niemand ist in Gefahr“. "
    )
    text, _, replaced = records.decode(page(wrong, f"<p>{said * 9}</p>").encode("cp1252"), html=True)
    assert (said in text, replaced) == (True, 0)


def test_what_is_replaced_is_counted_and_said(run_cleaner, tree):
    body = page("utf-8", "".join(f"<p>{part} Ünïcödé wörds söme möre.</p>" for part in (FIRST, LAST, FIRST)))
    where = tree({"a.html": body.encode().replace("Ü".encode(), b"\xc3", 1), "b.txt": f"{PROSE}\n"}) / "in"
    ran = run_cleaner("clean", "a.html", cwd=where)
    assert (ran.code, ran.err) == (0, "cleaner: a.html: 1 sign could not be read and was replaced\n")
    assert "\ufffd" in ran.text
    assert run_cleaner("clean", "b.txt", cwd=where).err == ""


def test_every_encoding_there_is_with_every_label():
    """No traceback, and nothing is replaced in silence: a replaced sign is counted, or stood in the page."""
    names = sorted({webencodings.lookup(label).codec_info.name for label in webencodings.LABELS} | {"utf_32", "cp037", "hz"})
    labels = [*sorted(set(webencodings.LABELS.values())), "cp850", "hz", "utf-7", "idna", "x"]
    said = "The engineer said on Tuesday: Ingeniør Øst, à la mode, Größe, Žluťoučký, мост, γέφυρα, 桥梁, 橋, 다리, สะพาน. "
    for name in names:
        try:
            codec = codecs.lookup(name)
        except LookupError:  # webencodings' own, of no page that is made
            continue
        for label in labels:
            data = codec.encode(page(label, f"<p>{said * 3}</p>"), "ignore")[0]
            try:
                text, called, replaced = records.decode(data, html=True)
            except records.Unreadable:
                assert name in ("utf_32", "utf-16-le", "utf-16-be", "cp037") or b"\0" in data
                continue
            assert text.count("\ufffd") == replaced
            assert replaced or records.decode(records.encode(text, called), html=True).text == text


# --- dates -------------------------------------------------------------------------------------------------------------


def test_dates_of_a_file_tell_each_other(run_cleaner, tree):
    made = [{"text": f"{PROSE} {n}", "id": str(n), "date": date} for n, date in enumerate(("1/4/19", "13/4/19", "2/4/19"))]
    alone = made[:1]
    where = tree({"a.jsonl": lines(*made), "b.jsonl": lines(*alone), "c.json": json.dumps(made)}) / "in"
    for name in ("a.jsonl", "c.json"):
        (first, *_) = run_cleaner("group", "--json", "--no-clean", name, cwd=where).records
        assert first["story"] == "0"
    assert run_cleaner("clean", "a.jsonl", cwd=where).err == ""
    ran = run_cleaner("clean", "b.jsonl", cwd=where)
    assert ran.records == alone
    assert ran.err == "cleaner: 0: the date '1/4/19' cannot be read\n"


def test_dates_that_cannot_be_read_are_counted_once(run_cleaner, tree):
    made = [{"text": PROSE, "id": str(n), "date": "some day" if n % 2 else "06.09.2017"} for n in range(40)]
    where = tree({"a.jsonl": lines(*made)}) / "in"
    for command in (("clean",), ("group", "--json"), ("group", "--json", "--no-clean")):
        ran = run_cleaner(*command, "a.jsonl", cwd=where)
        assert ran.code == 0
        assert ran.err == "cleaner: 20 dates cannot be read, the first in 1: the date 'some day' cannot be read\n"
    assert run_cleaner("clean", "a.jsonl", cwd=where).records == made


@pytest.mark.parametrize("date", ["Wed, 06 Sep 2017 10:00:00 GMT", "06.09.2017", "2017/09/06", 1504693800, "1504693800000"])
def test_the_window_holds_however_a_date_is_written(date):
    told = [cleaner.Article(text=PROSE.replace("Monday", day), id=day) for day in ("Monday", "Tuesday")]
    near, far = (msgspec.structs.replace(told[1], date=day) for day in ("2017-09-07", "2018-02-07"))
    first = Reader("a", "", Fields()).article({"id": "a", "text": told[0].text, "date": date}, 1)
    assert date_of(first.date) == "2017-09-06"
    assert cleaner.group([first, near]).members[0].copy == cleaner.group([first, far]).members[0].copy == "a"


# --- fields ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["body", "content", "article", "maintext", "articleBody", "full_text"])
def test_the_usual_names_of_the_text_are_found(run_cleaner, name):
    record = {"url": "https://a.example/1", "description": "Short.", name: f"{PROSE}\n\nAdvertisement\n"}
    (found,) = run_cleaner("clean", input=lines(record)).records
    assert found == {"id": "-#1", **record, name: f"{PROSE}\n"}


def test_two_usual_names_are_a_doubt(run_cleaner):
    ran = run_cleaner("clean", input=lines({"body": PROSE, "content": PROSE}))
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err == "cleaner: -:1: no field 'text', and no 'html'; its fields: body, content\n"


def test_a_page_in_a_usual_field_comes_out_as_text(run_cleaner):
    (found,) = run_cleaner(
        "clean", input=lines({"id": 1, "raw_html": page("utf-8", f"<p>{FIRST}</p><p>{LAST}</p>")})
    ).records
    assert found.keys() == {"id", "text"}
    assert FIRST in found["text"]


def test_a_fault_that_all_records_share_is_said_once(run_cleaner, tree):
    bad, good = {"headline": "x", "lead": "y"}, {"text": PROSE}
    where = tree({"all.jsonl": lines(*[bad] * 30), "some.jsonl": lines(bad, good, bad)}) / "in"
    for command in (("clean",), ("group", "--json")):
        ran = run_cleaner(*command, "all.jsonl", cwd=where)
        assert (ran.code, ran.out) == (2, b"")
        assert ran.err == "cleaner: all.jsonl: all 30 records: no field 'text', and no 'html'; its fields: headline, lead\n"
        ran = run_cleaner(*command, "some.jsonl", cwd=where)
        assert (ran.code, len(ran.records), ran.err.count("\n")) == (2, 1, 2)
        assert ran.err.startswith("cleaner: some.jsonl:1: no field")
    ran = run_cleaner("run", "in/all.jsonl", "out", cwd=where.parent)
    rows = [json.loads(row) for row in (where.parent / "out/manifest.jsonl").read_text().splitlines()]
    assert [row["status"] for row in rows] == ["failed"] * 30


def test_what_is_null_stays_null(run_cleaner):
    ran = run_cleaner("clean", input=lines({"id": 1, "text": None}, {"id": 2, "text": ""}))
    assert ran.records == [{"id": 1, "text": None}, {"id": 2, "text": ""}]


def test_other_names_for_title_url_and_site(run_cleaner):
    record = {"id": 1, "text": page("utf-8", f"<p>{FIRST}</p><p>{LAST}</p>"), "head": None}
    (found,) = run_cleaner("clean", "--json", "--title-field", "head", input=lines(record)).records
    assert found["head"] == "The bridge"


# --- HTML in a text, and what hides in plain text ------------------------------------------------------------------------

FRAGMENT = f"<p>{FIRST}</p>\n<p>{LAST}</p><p>Advertisement</p>"


def test_html_in_a_text_field_is_read_as_html(run_cleaner):
    record = {"id": 1, "text": FRAGMENT}
    (found,) = run_cleaner("clean", "--json", input=lines(record)).records
    assert found["text"].split("\n") == [FIRST, LAST]
    assert FIRST in found["source"]
    assert "<" not in found["source"]
    (found,) = run_cleaner("clean", "--text-is", "text", input=lines(record)).records
    assert found == record
    (found,) = run_cleaner("clean", "--text-is", "html", input=lines({"id": 1, "text": f"{FIRST} {LAST}"})).records
    assert found["text"] == f"{FIRST} {LAST}"


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        (FRAGMENT, True),
        (f"\n <div class=x>{FIRST}</div>", True),
        (f"{FIRST}<br><br>{LAST}<br/>", True),
        (f"{FIRST} a < b and b > c", False),
        (f"{FIRST} The <p> element opens a paragraph.", False),
        (f"{FIRST} Write to <desk@lantern.example>.", False),
        (f"{FIRST}\n{LAST}\nThe page is short:\n<div>\n<p>Hello</p>\n</div>\n{FIRST}\n{LAST}\n{FIRST}\n{LAST}\n", False),
        ("", False),
    ],
)
def test_what_is_html(text, is_html):
    assert holds_html(text) == is_html


HIDDEN = {
    "entity": "Subscribe&nbsp;to our&#32;newsletter",
    "apostrophe": "Sign up for our newsletter: the day&#8217;s top stories in your inbox every morning.",
    "entity of a letter": "Lesen Sie auch: B&uuml;rgermeister bestreitet Gespr&auml;che mit der Reederei",
    "soft hyphen": "Adver\u00adtise\u00adment",
    "no width": "Adver\u200btisement",
    "mojibake": "Â© 2026 The Lantern. All rights reserved.",
    "copyright": "&copy; 2026 The Lantern. All rights reserved.",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_furniture_is_found_behind_entities_and_mojibake(name):
    text = f"{FIRST}\n\n{HIDDEN[name]}\n\n{LAST}\n"
    lang = "de" if "uuml" in text else "en"
    assert cleaner.clean(text, lang=lang).text == f"{FIRST}\n\n{LAST}\n"


def test_what_stays_stays_as_it_came():
    text = f"{FIRST} Fish &amp; chips, cafÃ©, so\u00adft.\n\n{LAST}\n"
    assert cleaner.clean(text).text == text


# --- which page this is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "beside", "url"),
    [
        ('<link rel="canonical" href="https://a.example/one">', "", "https://a.example/one"),
        ('<meta property="og:url" content="https://a.example/two">', "", "https://a.example/two"),
        ('<link rel="canonical" href="/relative">', "", None),
        (
            '<link rel="canonical" href="https://a.example/one">',
            "[InternetShortcut]\nURL=https://b.example/x\n",
            "https://b.example/x",
        ),
        ("", "https://b.example/y\n", "https://b.example/y"),
    ],
)
def test_the_address_of_a_page(run_cleaner, tree, head, beside, url):
    files = {"a.html": f"<html><head>{head}</head><body><article><p>{FIRST}</p><p>{LAST}</p></article></body></html>"}
    where = tree(files | ({"a.html.url": beside} if beside else {})) / "in"
    ran = run_cleaner("clean", "--json", ".", cwd=where)
    assert (ran.err, len(ran.records)) == ("", 1)
    assert ran.records[0].get("url") == url
