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
class Reader:
    """Makes articles of the records of an input, `source`, that lies in a `folder`; `day_first` tells how it writes dates
    such as 1/4/19."""

    source: str
    folder: str
    fields: Fields
    day_first: bool | None = None

    def article(self, record: object, number: int, line: int = 0) -> Article | Failure:
        """The article of a record, the input's `number`th, which begins on a `line` where that is how it is found; its
        `html` is set where it is a page. Or why there is none."""
        if not isinstance(record, dict):
            return Failure(self.where(number, line), f"not a record but {_kind(record)}")
        fields = self.fields
        name, is_page = _text_field(record, fields)
        if not name:
            names = ", ".join(map(str, list(record)[:_NAMED])) + ", ..." * (len(record) > _NAMED)
            why = f"no field {fields.text!r}, and no 'html'; its fields: {names or 'none'}"
            return Failure(self.where(number, line), why, self.source)
        value = record[name]
        if value is not None and not isinstance(value, str):
            return Failure(self.where(number, line), f"the field {name!r} is not a string but {_kind(value)}")
        text = value or ""
        if not is_page and fields.text_is != "text" and (fields.text_is == "html" or ("<" in text and holds_html(text))):
            is_page, text = True, as_page(text)
        get = record.get
        given, date = get(fields.id), get(fields.date)
        moment = moment_of(date, self.day_first)
        return Article(
            text="" if is_page else text,
            html=text if is_page else None,
            id=self.name(number) if given is None or given == "" else given if isinstance(given, str) else json.dumps(given),
            title=title if isinstance(title := get(fields.title), str) else None,
            date=moment,
            url=url if isinstance(url := get(fields.url), str) else None,
            author=author if isinstance(author := get("author"), str) else None,
            site=site if isinstance(site := get(fields.site), str) else None,
            folder=self.folder,
            text_field="" if name == fields.text else name,
            remarks=() if moment or date in (None, "") else (unread_date(date),),
            record=record,
        )

    def name(self, number: int) -> str:
        """The id of a record without one."""
        return f"{self.source}#{number}"

    def where(self, number: int, line: int = 0) -> str:
        """Where a record is, in messages."""
        return f"{self.source}:{line}" if line else self.name(number)


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
    if not _BLOCK.search(text):
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


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
