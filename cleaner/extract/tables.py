"""What tags and class names say: the tables that pages are read by."""

from __future__ import annotations


def _names(line: str) -> tuple[str, ...]:
    return tuple(line.split())


# Never text that a reader sees, or that an article has. What holds a paragraph stays: libxml2 takes what it does not know
# the end of, a <source> or a <picture> without one, for the parent of all that follows.
UNSEEN = _names(
    "script style svg noscript template iframe canvas video audio object embed map button select textarea input datalist"
)
EMPTY = _names("img link meta hr")  # elements that go without a look at what is in them
VOID = _names("source track wbr picture")  # tags that go while what is in them stays
PLAIN = _names("em i u small font mark ins abbr acronym big cite dfn tt kbd samp var bdi bdo nobr sub sup")  # these too
UNREAD = _names(  # attributes that nobody asks for
    "href src srcset alt title target rel width height data-src data-srcset sizes loading onclick aria-label decoding"
    " tabindex fetchpriority lang dir name content property"
)
AROUND = _names("nav footer aside menu dialog")  # what stands around the articles of every site

# What the model is told of the elements around a block: the tag of the nearest ones, and whether it stands in one of some.
TOLD = _names(
    "div p li ul ol table tr td section article main body h1 h2 h3 h4 h5 h6 blockquote br form dl dd dt header figure"
    " figcaption pre center fieldset aside nav footer details summary address label tbody"
)
AROUND_TOLD = _names("main article aside nav header footer form table ul ol blockquote figure section p")
# Paragraphs and their like: the prose in them is that of the element around them.
LIKE_P = frozenset(_names("p li br td tr h1 h2 h3 h4 blockquote pre dd dt tbody"))

ROOTS = frozenset(_names("html body"))  # their classes say nothing about what is in them
KEPT = frozenset(_names("br script head body title"))  # stay where they hold no text
SILENT = frozenset(_names("head title script style"))  # the text in them is no reader's
BOLD = frozenset(_names("b strong"))
INLINE = frozenset(
    _names(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp small"
        " span strike strong sub sup time tt u var wbr td th picture source"
    )
)

CELLS = frozenset(_names("td th"))
LAYS_OUT = _names("p div table ul ol h1 h2 h3 h4 br form article section")  # in a cell: a table that lays out the page

# The kind of block (see model.Block) that the text in an element is; where none of these is around, a paragraph.
KINDS = {
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), "heading"),
    "h1": "headline",
    **dict.fromkeys(("li", "dd", "dt"), "item"),
    **dict.fromkeys(("blockquote", "q"), "quote"),
    **dict.fromkeys(("table", "tr"), "table"),
    "figcaption": "caption",
    "caption": "caption",
}
FINAL = frozenset(_names("headline heading caption"))  # whatever stands in one of these is one

# What the class and id of an element say that it is for: words of them, in lower case.
_CLASS_WORDS = {
    "related": "related relatedposts recommend recommended recommendations recirc readmore mostread also popular trending"
    " latest teaser teasers outbrain taboola suggested suggestions upnext morefrom",
    "newsletter": "newsletter newsletters subscribe subscription signup optin mailing mailchimp mc hs hbspt",
    "promo": "promo promos promotion sponsor sponsored advert adverts advertisement ad ads banner cta affiliate product"
    " products shop deal deals price pricing buy offer",
    "share": "share shares sharing sharedaddy social socials follow addtoany sharethis",
    "author": "author authors byline bylines bio biography contributor writer profile avatar",
    "caption": "caption captions credit credits figcaption figure photo photos image images img gallery slide"
    " slider slideshow media",
    "date": "date dates datetime timestamp time published publish updated meta metadata",
    "comment": "comment comments disqus reply replies respond review reviews discussion",
    "contents": "toc contents jump anchor",
    "menu": "nav navbar navigation menu breadcrumb breadcrumbs footer sidebar widget widgets pagination pager tag tags"
    " category categories login search",
    "consent": "cookie cookies consent gdpr paywall disclosure disclaimer legal copyright",
    "card": "card cards carousel tile tiles grid listing list",
    "body": "body content prose rich richtext richtextblock articlebody storybody entry post article story",
}
HINTS = (*_CLASS_WORDS, "header", "bold", "links", "recovered")  # of Block.hints, those that the model looks at
_STANDFIRST = "standfirst dek subheadline subtitle"
HINT_OF_WORD = {word: hint for hint, words in (*_CLASS_WORDS.items(), ("standfirst", _STANDFIRST)) for word in words.split()}
HINT_OF_TAG = {"aside": "menu", "nav": "menu", "footer": "menu", "figure": "caption", "header": "header"}
