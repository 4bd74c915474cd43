"""Which articles report, and which ask, opine or tease: a story is called by the headline of one that reports."""

from __future__ import annotations

import re

from cleaner.model import Article

REPORT, PERHAPS, OTHER, QUESTION = range(4)

# A headline that asks, or that begins as if it did, in the languages that rules are shipped for most.
_ASKS = re.compile(
    r"[?？؟](?:\W|$)|^(?:why|how|what|who|when|where|which|should|is|are|was|were|will|would|can|could|do|does|did|has|have"
    r"|warum|wieso|wie|was|wer|pourquoi|comment|qui|que|por qu[eé]|c[oó]mo|qu[eé]|perch[eé]|come|waarom|hoe)\b"
    # the same after a headline's first part
    r"|[:.!–—]\s+(?:(?:and|but|so)\s+)?(?:why|how|what(?:(?:'|’)?s)?|who"
    r"|warum|wieso|pourquoi|comment|por qu[eé]|perch[eé]|waarom|hoe)\b",
    re.IGNORECASE,
)
_OPINES = re.compile(
    r"^(?:opinions?|editorial|op-?ed|column(?:ist)?|comment(?:ary)?|analysis|perspective|review|letters?|essay|fact.?check"
    r"|viewpoint|first read|the note|meinung|kommentar|leitartikel|glosse|analyse|tribune"
    r"|[ée]dito(?:rial)?|opini[oó]n|an[aá]lisis"
    r"|opini[aã]o|editoriale|commento|mening|column)\b\s*(?:[|:/–—-]|by\b)"
    r"|[|:–—-]\s*(?:opinion|editorial|analysis|commentary|column|perspective|review|essay)s?\s*$"
    r"|\b(?:the case (?:for|against)|in defen[cs]e of|an open letter|the trouble with"
    r"|the problem with|the myth of|time to|needs? to"
    r"|must|should|shouldn't|ought|don't|let's|memo to|dear|yes,|no,|sorry,|of course|so much for|shame"
    r"|hmm|epic|wrong (?:to|about|on)|is ruining|fail|hypocri\w+|absurd\w*"
    r"|outrageous|insane|ridiculous|pathetic|the real|really|actually|truth about"
    r"|is(?: not|n.t) (?:about|a|an|the|just|only)|not enough|doesn.t mean|that.s why|shorter|war on|never mind)\b",
    re.IGNORECASE,
)
_TEASES = re.compile(
    r"^(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\s(?:\w+\s){0,3}(?:things|ways|reasons|takeaways|questions|facts|moments|tips"
    r"|charts|photos|lessons|myths|lies|quotes|dinge|choses|cosas|coisas|cose)\b"
    r"|^(?:wow|boom|bam|ouch|yikes|whoa|oops|uh oh|oh my|omg|oh no"
    r"|surprise|shock(?:er|ing)?|madness|bombshell|busted|must.see|flashback)\b\W"
    r"|^(?:here(?:'|’)?s|here are|here is|this is|these are|meet|watch|video|photos|pictures|live|quiz"
    r"|podcast|listen|timeline|transcript"
    r"|everything|all you need|inside|behind|the \d+|i|i'm|my|we|our|you|your|if you|on the|if|now,)\b"
    r"|\b(?:you need to know|need to know|what to know|what we know"
    r"|here (?:are|is)|reasons? why|what it means|takeaways?|explained|explainer"
    r"|in pictures|in photos|live updates?"
    r"|as it happened|what(?:'|’)?s next|(?:things|players|people|races|states|names) to"
    r"|to watch (?:at|in|for|on)|winners and losers|full text|read the|round-?up"
    r"|open thread|morning(?!-)|daily|weekend)\b"
    r"|(?:\.\.\.|…)\s*$|!\s*$",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"[/.](?:opinions?|commentary|comment(?:isfree)?|editorials?|op-?eds?|columns?|columnists?|perspectives?|blogs?|blog-briefing-room"
    r"|analysis|reviews?|letters|ideas|posteverything|monkey-cage|plum-line|the-fix|right-turn|corner|the-corner|quiz|videos?|explainers?"
    r"|meinung|kommentar|debats?|opinion|opinioni|tribuna)(?:[/.-]|$)",
    re.IGNORECASE,
)
_OPENS_AS = re.compile(
    r"^\W*(?:analysis/opinion|opinion|commentary|editorial|column|the big idea|q\s?&\s?a)\b", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“„«][^\"“”«»„]*[\"”“»]")
_I = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|my|we|our|us|you|your)\b")
_SAID = re.compile(
    r"\b(?:said|says|told|announced|reported|according to|sagte|erklärte|selon|a déclaré|dijo|según|disse|segundo"
    r"|ha detto|zei)\b"
)
_READ = 1500  # code points that show how an article is told
_SAYS = 2  # times that such an opening says who said so
_OWN = 3  # words for oneself and the reader, outside of quotations, that an article of that length does without


def kind_of(article: Article) -> int:
    """REPORT, QUESTION, OTHER (it opines or teases) or PERHAPS, by an article's headline, address and opening."""
    title, text = (article.title or "").strip(), article.text[:_READ]
    opening = title or text[:100]
    if _ASKS.search(opening):
        return QUESTION
    if _OPINES.search(opening) or _TEASES.search(opening):
        return OTHER
    if _SECTION.search(article.url or "") or _OPENS_AS.search(text):
        return OTHER
    bare = _QUOTED.sub(" ", text)
    return PERHAPS if len(_I.findall(bare)) >= _OWN or len(_SAID.findall(text)) < _SAYS else REPORT
