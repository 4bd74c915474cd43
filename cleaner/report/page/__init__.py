"""Reports as one HTML file: light and dark, to be read without script, with filters where there is some.

Nothing in it comes from elsewhere, and its policy lets nothing run or load but its own style and script, which are named by
their hashes. Every text is `escape_controls` and escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib.resources import files

from cleaner import text as texts


def escaped(text: str) -> str:
    """A text as a page may have it, in an element or in a quoted attribute."""
    return html.escape(texts.escape_controls(text))


def values(*values: str) -> str:
    """Values for a filter, in an attribute in single quotes."""
    return html.escape(json.dumps([texts.escape_controls(value) for value in values]))


# Where the script puts the filters.
FILTERS = "<div class=filters hidden></div>"


def _hash(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


def _data(name: str) -> str:
    return (files("cleaner") / "data" / name).read_text(encoding="utf-8")


def head(title: str) -> str:
    """The beginning of a page, up to its first element."""
    style, script = _data("report.css"), _data("report.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f'<meta http-equiv=Content-Security-Policy content="{policy}"><meta name=referrer content=no-referrer>'
        f"<title>{escaped(title)}</title><style>{style}</style></head>\n<body><main>"
    )


def foot() -> str:
    """The end of a page."""
    return f"</main><script>{_data('report.js')}</script></body></html>\n"
