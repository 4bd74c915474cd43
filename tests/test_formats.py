"""Captures, feeds and mail; what is refused; and files of every format with something broken in them."""

import email.message
import gzip
import html
import io
import json
import random
import sys

import pytest

from cleaner import records
from cleaner.cli.options import FORMATS
from cleaner.model import Article, Failure
from cleaner.records import Fields

PARAGRAPHS = [
    "TENNICK — The ferry to Lower Hallow will not sail before Friday, the harbour office said on Tuesday.",
    "A crack in the ramp was found by two schoolchildren, who told their teacher, “It moved.”",
    "Repairs are put at 40,000 crowns & paid for by the county.",
]
PAGE = "<html><head><title>Ferry</title></head><body><article>{}</article></body></html>".format(
    "".join(f"<p>{p.replace('&', '&amp;')}</p>" for p in PARAGRAPHS)
)
ESCAPED = "".join(f"<p>{p}</p>" for p in PARAGRAPHS).replace("&", "&amp;amp;").replace("<", "&lt;")
RSS = f"""\n<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Tennick Post</title>
<item><title>Ferry &amp;amp; ramp</title><link>https://post.example/1?a=1&b=2</link><guid>post-1</guid>
<dc:creator>Ann Oakling</dc:creator>
<pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate><description>Short.</description>
<c:encoded><![CDATA[<p>{"</p><p>".join(PARAGRAPHS)}</p>]]></c:encoded></item>
<item><title>Second&nbsp;one</title><description>{ESCAPED}</description></item>
<item><title>Third</title><description>Plain words & nothing else.</description></item></channel></rss>"""
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>
<entry><id>tag:post,1</id><title>Ferry</title><updated>2026-03-03T08:00:00Z</updated>
<author><name>Ann Oakling</name></author>

<link rel="edit" href="https://post.example/edit"/><link href="https://post.example/1"/><summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{PARAGRAPHS[0]}</p>
<p>Repairs &amp; more.</p></div></content>
</entry>
<entry><id>tag:post,2</id><content type="text">1 &lt; 2</content></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "url": "https://post.example/1", "content_html": PAGE, "date_published": "2026-03-03T08:00:00Z"},
            {"id": 2, "content_text": "1 < 2", "authors": [{"name": "Ann Oakling"}]},
        ],
    }
)


def capture(kind, address, content, head="HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"):
    data = (head + content).encode() if kind == "response" else content.encode()
    type_ = "application/http; msgtype=response" if kind == "response" else "text/plain"
    lines = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {address}",
        "WARC-Date: 2026-03-03T08:00:00Z",
        f"Content-Type: {type_}",
        f"Content-Length: {len(data)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data + b"\r\n\r\n"


WARC = (
    capture("warcinfo", "", "software: x")
    + capture("response", "https://post.example/1", PAGE)
    + capture("response", "https://post.example/2", "", "HTTP/1.1 301 Moved\r\nLocation: /1\r\n\r\n")
    + capture("response", "https://post.example/3.png", "png", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
)
WET = capture("conversion", "https://post.example/1", "\n".join(PARAGRAPHS))


def mail(page=PAGE):
    message = email.message.EmailMessage()
    message["From"] = "Ann Oakling <ann@post.example>"
    message["Subject"] = "Färry"
    message["Date"] = "Tue, 03 Mar 2026 08:00:00 +0000"
    message["Message-ID"] = "<1@post.example>"
    message.set_content("\n\n".join(PARAGRAPHS))
    if page:
        message.add_alternative(page, subtype="html")
    return bytes(message)


def parquet():
    arrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    out = io.BytesIO()
    write_table(arrow.table({"id": ["1", "2"], "text": ["\n\n".join(PARAGRAPHS), None], "n": [1, 2]}), out)
    return out.getvalue()


def read(path, given=None):
    """What a file that is named is read as: its articles, and what could not be used."""
    failures = []
    sources = list(records.discover([str(path)], given, failures.append, lambda name, why: failures.append(why)))
    return [item for source in sources for item in records.read(source, Fields())] + failures


def test_the_command_line_knows_every_format():
    assert FORMATS == records.FORMATS


@pytest.mark.parametrize("name", ["a.rss", "a.xml", "noname"])
def test_an_entry_of_rss_is_an_article(tmp_path, name):
    (tmp_path / name).write_text(RSS)
    first, second, third = read(tmp_path / name)
    assert (first.id, first.title, first.date[:10], first.author) == ("post-1", "Ferry & ramp", "2026-03-03", "Ann Oakling")
    assert first.url == "https://post.example/1?a=1&b=2"
    assert all(p in first.html for p in PARAGRAPHS)
    assert "Short" not in first.html
    assert second.title == "Second one"
    assert all(p.replace("&", "&amp;") in second.html for p in PARAGRAPHS), "what follows a fault is whole"
    assert (third.html, third.text) == (None, "Plain words & nothing else.")


def test_an_entry_of_atom_is_an_article(tmp_path):
    (tmp_path / "a.atom").write_text(ATOM)
    first, second = read(tmp_path / "a.atom")
    assert (first.id, first.title, first.date[:10], first.author) == ("tag:post,1", "Ferry", "2026-03-03", "Ann Oakling")
    assert first.url == "https://post.example/1"
    assert PARAGRAPHS[0] in html.unescape(first.html)
    assert "Repairs &amp; more." in first.html
    assert (second.id, second.text) == ("tag:post,2", "1 < 2")


def test_json_feed_is_a_feed_by_its_bytes(tmp_path):
    (tmp_path / "a.json").write_text(JSON_FEED)
    first, second = read(tmp_path / "a.json")
    assert (first.id, first.url, first.date[:10]) == ("1", "https://post.example/1", "2026-03-03")
    assert (second.id, second.text, second.author) == ("2", "1 < 2", "Ann Oakling")


def test_a_feed_that_ends_too_early_is_a_failure_after_its_entries(tmp_path):
    (tmp_path / "a.rss").write_text(RSS[: RSS.index("<title>Third")])
    items = read(tmp_path / "a.rss")
    assert [type(item) for item in items[:2]] == [Article, Article]
    assert "breaks off" in items[-1].reason


def test_entities_of_a_feed_do_not_grow(tmp_path):
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50 if n else "lol"}">' for n in range(9))
    (tmp_path / "a.xml").write_text(
        f"<!DOCTYPE rss [{bomb}]><rss><channel><item><description>&e8; x</description></item></channel></rss>"
    )
    assert [len(item.text) + len(item.html or "") < 200 for item in read(tmp_path / "a.xml")] == [True]


def test_captures(run_cleaner, tree):
    pytest.importorskip("fastwarc")
    where = tree({"a.warc": WARC, "b.warc.gz": gzip.compress(WARC), "c.wet": WET})
    for name in ("a.warc", "b.warc.gz"):
        (article,) = read(where / "in" / name)
        assert (article.url, article.date[:10]) == ("https://post.example/1", "2026-03-03")
        assert article.html == PAGE
        assert "1 warcinfo, 1 response of status 301, 1 response of image/png" in article.remarks[0].what
    (article,) = read(where / "in/c.wet")
    assert (article.text, article.url) == ("\n".join(PARAGRAPHS), "https://post.example/1")
    ran = run_cleaner("clean", "in/a.warc", cwd=where)
    assert (ran.code, len(ran.records)) == (0, 1)
    assert "records skipped: 1 warcinfo" in ran.err


def test_a_capture_without_a_page_says_what_was_in_it(run_cleaner, tree):
    pytest.importorskip("fastwarc")
    elsewhere = capture("response", "https://post.example/2", "", "HTTP/1.1 301 Moved\r\nLocation: /1\r\n\r\n")
    where = tree({"a.warc": capture("request", "", "x") * 2 + elsewhere})
    ran = run_cleaner("clean", "in/a.warc", cwd=where)
    assert (ran.code, ran.text) == (0, "")
    told = "no article: no page in it; records skipped: 2 request, 1 response of status 301"
    assert ran.err == f"cleaner: in/a.warc: {told}\n"
    assert run_cleaner("run", "in", "out", cwd=where).code == 0
    (row,) = map(json.loads, (where / "out/manifest.jsonl").read_text().splitlines())
    assert row == {"input": "a.warc", "status": "skipped", "reason": told, "article": False}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_capture_comes_through_a_pipe(run_cleaner, pack):
    pytest.importorskip("fastwarc")
    for command in ("clean", "--json"), ("group", "--unique"):
        ran = run_cleaner(*command, "-", input=pack(WARC * 3), cold=True)
        assert (ran.code, len(ran.records)) == (0, 3 if command[0] == "clean" else 1)
        assert "records skipped" in ran.err


def test_a_long_page_of_a_capture_is_whole(tmp_path):
    pytest.importorskip("fastwarc")
    page = PAGE + "".join(f"<!-- {number} é -->" for number in range(20_000))
    (tmp_path / "a.warc").write_bytes(capture("response", "https://post.example/1", page))
    assert [item.html for item in read(tmp_path / "a.warc")] == [page]


@pytest.mark.parametrize(("name", "content", "extra"), [("a.warc", WARC, "warc"), ("a.parquet", b"PAR1....PAR1", "parquet")])
def test_a_missing_extra_is_one_line(monkeypatch, tmp_path, name, content, extra):
    for module in ("fastwarc", "fastwarc.warc", "pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(content)
    (failure,) = read(tmp_path / name)
    assert f"article-cleaner[{extra}]" in failure.reason


def test_mail(tmp_path):
    (tmp_path / "a.eml").write_bytes(mail())
    (tmp_path / "b").write_bytes(mail(None))
    (first,), (second,) = read(tmp_path / "a.eml"), read(tmp_path / "b")
    assert (first.id, first.title, first.date[:10]) == ("1@post.example", "Färry", "2026-03-03")
    assert first.html.strip() == PAGE
    assert second.text.strip() == "\n\n".join(PARAGRAPHS)


def test_a_mailbox_has_a_record_a_mail(tmp_path):
    box = b"".join(b"From ann Tue Mar  3 08:00:00 2026\n" + mail(None) + b"\n" for _ in range(3))
    (tmp_path / "a.mbox").write_bytes(box)
    assert [item.title for item in read(tmp_path / "a.mbox")] == ["Färry"] * 3


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.pdf", b"%PDF-1.7\n\x00\x01", "a PDF"),
        ("a.docx", b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "an office file"),
        ("a.zip", b"PK\x03\x04\x14\x00\x00\x00a.txt", "an archive"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        ("a.mp3", b"ID3\x04\x00\x00\x00", "a recording"),
        ("a.xml", b"<?xml version='1.0'?><urlset></urlset>", "XML that is no feed"),
        ("a.parquet", b"no table", "not a Parquet file"),
    ],
)
def test_what_has_no_articles_is_refused_by_name(run_cleaner, tree, name, content, what):
    where = tree({name: content, "b.txt": "Words."})
    named = run_cleaner("clean", f"in/{name}", cwd=where)
    assert (named.code, named.out) == (2, b"")
    assert f"in/{name}: {what}" in named.err
    walked = run_cleaner("clean", "in", "-o", "out", cwd=where)
    assert walked.code == 0
    assert f"in/{name}: skipped" in walked.err


def test_nothing_but_plain_text_is_written_in_place(run_cleaner, tree):
    files = {"a.rss": RSS.encode(), "a.csv": b"id,text\n1,Words.\n", "a.eml": mail()}
    where = tree(files)
    for name, content in files.items():
        assert run_cleaner("clean", "--in-place", f"in/{name}", cwd=where).code == 2
        assert (where / "in" / name).read_bytes() == content


def mutated(draw, data):
    data = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        low, high = sorted(draw.choices(range(len(data) + 1), k=2))
        what = draw.randrange(4)
        if what == 0 and data:
            data[draw.randrange(len(data))] = draw.randrange(256)
        elif what == 1:
            del data[high:]
        elif what == 2:
            data[low:low] = data[low : min(high, low + 500)]
        else:
            del data[low : min(high, low + 50)]
    return bytes(data)


SUFFIXES = (".csv", ".tsv", ".rss", ".xml", ".json", ".eml", ".mbox", ".warc", ".parquet", ".txt", ".html", "")


@pytest.mark.parametrize("kind", ["csv", "rss", "atom", "json", "warc", "wet", "eml", "parquet"])
def test_broken_files_are_read_or_fail(tmp_path, kind):
    whole = {
        "csv": b'id;text\r\n1;"one ""two""\r\nthree"\r\n2;caf\xc3\xa9\r\n',
        "rss": RSS.encode(),
        "atom": ATOM.encode(),
        "json": JSON_FEED.encode(),
        "warc": WARC,
        "wet": WET,
        "eml": mail(),
        "parquet": parquet() if kind == "parquet" else b"",
    }[kind]
    draw = random.Random(kind)
    for _ in range(60):
        path = tmp_path / f"a{f'.{kind}' if draw.random() < 0.7 else draw.choice(SUFFIXES)}"
        path.write_bytes(mutated(draw, whole))
        for item in read(path):
            assert isinstance(item, Article | Failure | str)
        path.unlink()
