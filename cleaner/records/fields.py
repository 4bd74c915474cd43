"""What the fields of a record say: which holds the text, and whether that is a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cleaner.dates import moment_of
from cleaner.model import Article, Failure, Remark
from cleaner.options import USUAL_TEXT, Fields

# What else the field of the text is called, by scrapers and in exports; the second ones hold HTML.
TEXT_NAMES = frozenset(
    re.findall(
        r"\w+",
        """text body content article maintext main_text article_text articletext article_body articlebody full_text fulltext
        text_content textcontent content_text page_content plain_text plaintext raw_text story document""",
    )
)
HTML_NAMES = frozenset(
    ("html", "raw_html", "rawhtml", "page_html", "html_content", "content_html", "body_html", "article_html")
)

# Elements that an article's own text has, and prose about HTML hardly has whole.
_ELEMENT = re.compile(
    r"<(?:!doctype html|/?(?:html|head|body|article|section|main|div|p|span|a|b|i|em|strong|h[1-6]|ul|ol|li|blockquote|br"
    r"|figure|figcaption|img|table|tr|td)(?=[\s/>])[^<>]*)>",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"<(?:!doctype html|(?:html|body|article|div|p|br|h[1-6]|ul|ol|li|blockquote|table)[\s/>])", re.IGNORECASE
)
_WHOLE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_FEWEST = 3  # elements, where a text does not begin with one


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stood: `where` names it in messages, `name` is the id of an article without one, `source` the input,
    `day_first` tells how the input writes dates such as 1/4/19."""

    where: str
    name: str
    source: str = ""
    folder: str = ""
    day_first: bool | None = None


def article_of(record: object, place: Place, fields: Fields) -> Article | Failure:
    """The article of a record, whose `html` is set where it is a page, or why there is none."""
    if not isinstance(record, dict):
        return Failure(place.where, f"not a record but {_kind(record)}")
    name, is_page = _text_field(record, fields)
    if not name:
        names = ", ".join(map(str, list(record)[:_NAMED])) + ", ..." * (len(record) > _NAMED)
        return Failure(place.where, f"no field {fields.text!r}, and no 'html'; its fields: {names or 'none'}", place.source)
    value = record[name]
    if value is not None and not isinstance(value, str):
        return Failure(place.where, f"the field {name!r} is not a string but {_kind(value)}")
    text = value or ""
    if not is_page and fields.text_is != "text" and (fields.text_is == "html" or holds_html(text)):
        is_page, text = True, as_page(text)
    given, date = record.get(fields.id), record.get(fields.date)
    moment = moment_of(date, place.day_first)
    return Article(
        text="" if is_page else text,
        html=text if is_page else None,
        id=place.name if given is None or given == "" else given if isinstance(given, str) else json.dumps(given),
        title=_string(record.get(fields.title)),
        date=moment,
        url=_string(record.get(fields.url)),
        author=_string(record.get("author")),
        site=_string(record.get(fields.site)),
        folder=place.folder,
        text_field="" if name == fields.text else name,
        remarks=() if moment or date in (None, "") else (unread_date(date),),
        record=record,
    )


_NAMED = 12  # fields of a record in a message


def unread_date(date: object) -> Remark:
    """That a date could not be read."""
    return Remark(DATES, f"the date {date!r:.60} cannot be read")


DATES = "dates cannot be read"
REPLACED = "inputs with signs that were replaced"


def _text_field(record: Mapping[str, object], fields: Fields) -> tuple[str, bool]:
    """The field that holds the text, and whether it is a page; "" where it is in doubt."""
    if record.get(fields.text) is not None:
        return fields.text, False
    if "html" in record:
        return "html", True
    if fields.text in record:
        return fields.text, False
    for names, is_page in ((TEXT_NAMES, False), (HTML_NAMES, True)):
        found = [name for name, value in record.items() if isinstance(value, str) and name.lower() in names]
        if fields.text == USUAL_TEXT and found:
            return (found[0], is_page) if len(found) == 1 else ("", False)
    return "", False


def holds_html(text: str) -> bool:
    """Whether a text is HTML: it begins with a block, or most of its lines have elements, a block among them. An article
    about HTML has a few lines of it."""
    if "<" not in text or not _BLOCK.search(text):
        return False
    if _BLOCK.match(text.lstrip()):
        return True
    lines = [line for line in text.split("\n") if not line.isspace() and line]
    having = sum(bool(_ELEMENT.search(line)) for line in lines)
    several = sum(1 for _ in zip(range(_FEWEST), _ELEMENT.finditer(text), strict=False)) == _FEWEST
    return several and 2 * having >= len(lines)


def as_page(text: str) -> str:
    """HTML as a page: a fragment is the article itself, without anything that stands around it."""
    return text if _WHOLE.search(text[:_BEGINNING]) else f"<html><body><article>{text}</article></body></html>"


_BEGINNING = 2000  # characters in which a page says that it is one


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
