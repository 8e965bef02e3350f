"""The style sheet of a customer group: what is let through, and how it is kept to the group's members.

A sheet is parsed, checked part by part against lists of what is known to be harmless, and written anew; what was typed
is never copied. Nothing in it can name an address, so it can neither load nor tell anything.
"""

import re
from dataclasses import dataclass, field

import tinycss2
from django.utils.translation import gettext as _

from .css_faults import Fault, Refused, shown
from .css_selectors import bind
from .css_values import check_condition, check_value, reason_for

#: Part of the addresses of compiled sheets: to be raised when what comes out changes.
VERSION = 1
#: Characters that may be typed, and that may come of it.
LONGEST, LONGEST_COMPILED = 20_000, 100_000

CONDITIONAL = frozenset(["media", "supports", "container"])
#: Conditions within conditions.
DEEPEST = 4
PROPERTY = re.compile(r"(--[a-z0-9_-]+|-?[a-z][a-z0-9-]*)\Z", re.IGNORECASE)
#: They load or run something in some browser, new or old.
REFUSED_PROPERTIES = frozenset(
    ["behavior", "-ms-behavior", "-moz-binding", "-ms-filter", "-o-link", "-o-link-source", "src"]
)


@dataclass
class StyleSheet:
    """``css`` is safe, and holds what is left when all that has a fault is taken out."""

    css: str = ""
    faults: list[Fault] = field(default_factory=list)


def compile_styles(text: str, css_class: str) -> StyleSheet:
    """Each rule then acts only where the body has this class. What comes out stays the same when it is put in again."""
    sheet = StyleSheet()
    if len(text) > LONGEST:
        reason = _("The style sheet is too long: %(number)d characters are the most.") % {"number": LONGEST}
        sheet.faults.append(Fault(text.count("\n", 0, LONGEST) + 1, reason))
        return sheet
    sheet.css = _rules(tinycss2.parse_component_value_list(text, skip_comments=True), css_class, sheet.faults)
    if len(sheet.css) > LONGEST_COMPILED:
        sheet.faults.append(Fault(1, _("There are too many selectors: each is bound to the group.")))
        sheet.css = ""
    sheet.faults.sort(key=lambda fault: fault.line)
    return sheet


def _rules(tokens, css_class, faults, depth=0):
    # The parser leaves out the marks of comments of HTML without a word.
    marks = [token for token in tokens if token.type == "literal" and token.value in ("<!--", "-->")]
    faults += [Fault(token.source_line, reason_for(token)) for token in marks]
    written = []
    for rule in tinycss2.parse_stylesheet(tokens, skip_comments=True, skip_whitespace=True):
        try:
            written.append(_rule(rule, css_class, faults, depth))
        except Refused as refusal:
            faults.append(refusal.fault)
    return "\n".join(filter(None, written))


def _rule(rule, css_class, faults, depth):
    if rule.type == "qualified-rule":
        selectors = bind(rule, css_class)
        lines = _declarations(rule.content, faults)
        return f"{selectors} {{\n{_indented(lines)}\n}}" if lines else ""
    if rule.type != "at-rule":
        raise Refused(rule, reason_for(rule))
    name = rule.lower_at_keyword
    if name not in CONDITIONAL or rule.content is None:
        raise Refused(rule, _("“@%(name)s” is not allowed.") % {"name": shown(rule.at_keyword)})
    if depth >= DEEPEST:
        raise Refused(rule, _("Too many brackets lie within one another."))
    check_condition(rule.prelude)
    content = _rules(rule.content, css_class, faults, depth + 1)
    head = f"@{name} {tinycss2.serialize(rule.prelude).strip()}".strip()
    return f"{head} {{\n{_indented(content)}\n}}" if content else ""


def _declarations(content, faults):
    lines = []
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        try:
            lines.append(_declaration(node))
        except Refused as refusal:
            faults.append(refusal.fault)
    return "\n".join(lines)


def _declaration(node):
    if node.type in ("qualified-rule", "at-rule"):
        raise Refused(node, _("Rules within a rule are not allowed. Close the one before with “}”."))
    if node.type != "declaration":
        raise Refused(node, reason_for(node))
    if not PROPERTY.match(node.name) or node.lower_name in REFUSED_PROPERTIES:
        raise Refused(node, _("The property “%(name)s” is not allowed.") % {"name": shown(node.name)})
    check_value(node.value)
    value = tinycss2.serialize(node.value).strip()
    if not value:
        raise Refused(node, _("The property “%(name)s” has no value.") % {"name": shown(node.name)})
    name = node.name if node.name.startswith("--") else node.lower_name
    return f"{name}: {value}{' !important' if node.important else ''};"


def _indented(text):
    return "\n".join(f"  {line}" for line in text.split("\n"))
