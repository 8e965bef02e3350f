"""Selectors, bound to pages whose body has the class of the group."""

import tinycss2
from django.utils.translation import gettext as _

from .css_faults import Refused
from .css_values import DEEPEST, is_harmless, reason_for

PLAIN = frozenset(["whitespace", "ident", "hash"])
SIGNS = frozenset([".", "*", ">", "+", "~", ":"])
COMBINATORS = frozenset([">", "+", "~"])
# fmt: off
FUNCTIONS = frozenset(
    ["not", "is", "where", "has", "lang", "dir", "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"]
)
# fmt: on
PLAIN_IN_FUNCTIONS = PLAIN | {"number", "dimension"}
OF_ATTRIBUTES = frozenset(["=", "~=", "|=", "^=", "$=", "*="])


def bind(rule, css_class):
    """The text of its selectors, each for something within a body of that class, or for that body itself."""
    return ",\n".join(_bind_one(tokens, css_class) for tokens in _split(rule))


def _split(rule):
    parts = [[]]
    for token in rule.prelude:
        if token.type == "literal" and token.value == ",":
            if not _stripped(parts[-1]):
                raise Refused(token, _("A selector is missing before the comma."))
            parts.append([])
        else:
            parts[-1].append(token)
    parts = [_stripped(part) for part in parts]
    if not parts[-1]:
        raise Refused(rule, _("A selector is missing."))
    return parts


def _stripped(tokens):
    while tokens and tokens[0].type == "whitespace":
        tokens = tokens[1:]
    while tokens and tokens[-1].type == "whitespace":
        tokens = tokens[:-1]
    return tokens


def _bind_one(tokens, css_class):
    _check(tokens)
    first = tokens[0]
    text = tinycss2.serialize(tokens)
    if first.type == "literal" and first.value in COMBINATORS:
        raise Refused(first, _("A selector cannot begin with “%(sign)s”.") % {"sign": first.value})
    if _is_root(tokens):
        raise Refused(first, _("A selector cannot begin with html or :root. Begin with body, or below it."))
    if first.type == "ident" and first.lower_value == "body":
        rest = tokens[1:]
        return text if _names(rest, css_class) else f"body.{css_class}{tinycss2.serialize(rest)}"
    return text if _names(tokens, css_class) else f".{css_class} {text}"


def _is_root(tokens):
    if tokens[0].type == "ident":
        return tokens[0].lower_value == "html"
    return (
        len(tokens) > 1 and tokens[0] == ":" and tokens[1].type == "ident" and tokens[1].lower_value == "root"
    )


def _names(tokens, css_class):
    """Whether the class is the first thing in there."""
    return len(tokens) > 1 and tokens[0] == "." and tokens[1].type == "ident" and tokens[1].value == css_class


def _check(tokens, *, within_function=False, depth=0):
    for token in tokens:
        if depth > DEEPEST:
            raise Refused(token, _("Too many brackets lie within one another."))
        if token.type in (PLAIN_IN_FUNCTIONS if within_function else PLAIN) and is_harmless(token):
            continue
        if token.type == "literal" and (token.value in SIGNS or (within_function and token.value in ",-")):
            continue
        if token.type == "[] block":
            _check_attribute(token.content)
        elif token.type == "function" and token.lower_name in FUNCTIONS:
            _check(token.arguments, within_function=True, depth=depth + 1)
        else:
            raise Refused(token, reason_for(token))


def _check_attribute(tokens):
    for token in tokens:
        if token.type in ("ident", "whitespace", "string") and is_harmless(token):
            continue
        if token.type == "literal" and token.value in OF_ATTRIBUTES:
            continue
        raise Refused(token, reason_for(token))
