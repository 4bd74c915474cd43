"""cleaner rules: the rules that decide: list, show, test, learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cleaner import records
from cleaner import rules as rulebook
from cleaner import text as texts
from cleaner.clean import clean_by_rules
from cleaner.commands import config
from cleaner.commands.inputs import Inputs
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.engine import Engine
from cleaner.language import family, language_of
from cleaner.model import Failure
from cleaner.pipeline import Cleaned, Work, cleaned
from cleaner.report import counted
from cleaner.rules import Rule, RuleSet, in_force
from cleaner.text import did_you_mean

_TELLING = 8  # words of an example by which its language is told

# Prose that no rule touches: an example is put before, between or after it, as its rule's place asks.
BEFORE = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
AFTER = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."


def chosen(file: str | None) -> tuple[Rule, ...]:
    """The rules in force here, or those of a user's file. Raises RuleError and Usage."""
    return tuple(rulebook.load(Path(file))) if file else rulebook.merge(rulebook.shipped(), config.find().rules)


def list_rules(out: Out, file: str | None) -> None:
    """One line a rule: its id, where it applies, and why it removes."""
    rules = chosen(file)
    out.page()
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        out.say(f"{rule.id:<{width}}  {'off' if rule.off else rule.kind:<8}{rule.where:<5}  {rule.why}\n")


def show(out: Out, name: str, file: str | None) -> None:
    """Everything about one rule."""
    known = {rule.id: rule for rule in chosen(file)}
    rule = known.get(name)
    if rule is None:
        raise Usage(f"no rule {name}{did_you_mean(name, known)}; `cleaner rules list` names them")
    more = [f"{key} {value}" for key in ("lang", "site", "part") if (value := getattr(rule, key))]
    more += ["beside"] * rule.beside + ["not sure: the model may keep the line"] * (rule.kind == "line" and not rule.sure)
    out.say(f"{rule.id}\n  {rule.why}\n  {', '.join([f'kind {rule.kind}', f'where {rule.where}', *more])}\n")
    for title, values in (("patterns", rule.patterns), ("lines", rule.lines), ("blocks", rule.blocks)):
        if values:
            out.say(f"  {title}\n" + "".join(f"    {value}\n" for value in values))
    for title, values in (("removes", rule.removes), ("keeps", rule.keeps)):
        if values:
            out.say(f"  {title}\n" + "".join(f"    {value!r}\n" for value in values))


def test(out: Out, messages: Messages, file: str | None) -> None:
    """Run the rules' own examples; each that does not hold is a failure."""
    rules = chosen(file)
    if not rules:
        raise Usage(f"{file}: no rules in it")
    ruleset = RuleSet(rulebook.merge(rulebook.shipped(), rules) if file else rules)
    for problem in problems(rules, ruleset):
        messages.fail(problem)
    for rule in rules if file else ():
        for spoken in {_spoken(example) for example in rule.removes} - {"", family(rule.lang)} if rule.lang else ():
            messages.note("rules", rule.id, f"its examples read as {spoken}, and it is for articles in {rule.lang} (lang)")
    examples = sum(len(rule.removes) + len(rule.keeps) for rule in rules)
    out.say(f"{counted(len(rules), 'rule')}, {counted(examples, 'example')}, {messages.failures} of them wrong\n")


def problems(rules: Sequence[Rule], ruleset: RuleSet) -> list[Failure]:
    """The examples that do not hold."""
    found = []
    for rule in rules:
        if rule.off:
            continue
        # By itself, so that no other rule can do its work; but a rule that goes by its neighbours needs theirs, and ours
        # even where a user has switched them off.
        paired = rule.beside or (rule.kind == "comment" and not rule.one)
        alone = in_force(tuple(rules)) if paired else RuleSet((rule,))
        for example in rule.removes:
            source, rest = _placed(rule, example)
            result = clean_by_rules(source, alone, rule.lang or "en", rule.site)
            if result.text.strip() != rest or rule.id not in {removal.rule for removal in result.removed}:
                found.append(Failure(rule.id, f"does not remove {example!r}{_why_not(rule, example)}"))
        for example in rule.keeps:
            for source in (f"{example}\n\n{BEFORE}", f"{BEFORE}\n\n{example}", f"{BEFORE}\n\n{example}\n\n{AFTER}"):
                by = {removal.rule for removal in clean_by_rules(source, ruleset, rule.lang or "en", rule.site).removed}
                if by:
                    found.append(Failure(rule.id, f"{', '.join(sorted(by))} removes {example!r}"))
                    break
    return found


def _spoken(example: str) -> str:
    """The language of an example that is long enough to tell, else ""."""
    return language_of(example) if len(example.split()) >= _TELLING else ""


def _why_not(rule: Rule, example: str) -> str:
    """Why a rule could not have matched an example, as the end of a message; "" where its patterns do not fit either."""
    lines = [line for line in map(texts.normalise, example.split("\n")) if line]
    anyhow = RuleSet((replace(rule, longest=0, lang="", site="", where="any"),))
    fits = [line for line, rules in zip(lines, anyhow.of(lines), strict=True) if rules]
    if not fits or rule.kind == "start":
        return ""
    longest = max(map(len, fits))
    if rule.longest and longest > rule.longest:
        return f": the line has {longest} characters, and the rule looks at {rule.longest} at most (longest)"
    if rule.where != "any" and len(fits) < len(lines):
        return f": the rule looks only {_WHERE[rule.where]} (where), and other lines stand with it"
    return ": the line stands with nothing else that goes (beside)" if rule.beside else ""


_WHERE = {"head": "above the first full paragraph", "tail": "below the last full paragraph"}


def _placed(rule: Rule, example: str) -> tuple[str, str]:
    """A text with the example where its rule applies, and what must be left of it."""
    if rule.kind == "start":
        return example + BEFORE, BEFORE
    if rule.where == "head":
        return f"{example}\n\n{BEFORE}", BEFORE
    if rule.where == "tail" or rule.kind == "comment":
        return f"{BEFORE}\n\n{example}", BEFORE
    return f"{BEFORE}\n\n{example}\n\n{AFTER}", f"{BEFORE}\n\n{AFTER}"


def learn(inputs: Inputs, target: str | None, engine: Engine, messages: Messages, out: Out) -> None:
    """Write rules for what repeats within the sites of the inputs, to a file or to standard output."""
    from cleaner.learn import as_toml  # numpy: only learning pays for it
    from cleaner.learn import learn as learned

    sources = inputs.sources(messages)
    if target and any(source.path and source.path.resolve() == Path(target).resolve() for source in sources):
        raise Usage(f"{target}: writing it would overwrite an input")
    articles = []
    for _, item in cleaned(sources, Work(None, inputs.fields), engine):
        if isinstance(item, Cleaned):
            articles.append(item.article)
        else:
            messages.fail(item)
    if not articles:
        return
    found = learned(articles)
    if not found:
        messages.note("sites", inputs.paths[0] if inputs.paths else "-", "nothing repeats on enough pages of one site")
    text = as_toml(found)
    if target:
        records.write_atomically(Path(target), [text.encode()])
    else:
        out.exact(text)
