"""Which parts of a value, or of the condition of a media query, are let through."""

from django.utils.translation import gettext as _

from .css_faults import SURROGATE, Refused, shown

#: None of them can name an address. What is not here is refused, so a function that browsers learn later is, too.
# fmt: off
FUNCTIONS = frozenset(
    [
        "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "color-mix",
        "light-dark", "calc", "min", "max", "clamp", "round", "abs", "var", "env", "minmax", "repeat",
        "fit-content", "counter", "counters", "linear-gradient", "radial-gradient", "conic-gradient",
        "repeating-linear-gradient", "repeating-radial-gradient", "repeating-conic-gradient", "blur",
        "brightness", "contrast", "drop-shadow", "grayscale", "hue-rotate", "invert", "opacity",
        "saturate", "sepia", "matrix", "matrix3d", "perspective", "rotate", "rotate3d", "rotatex",
        "rotatey", "rotatez", "scale", "scale3d", "scalex", "scaley", "scalez", "skew", "skewx",
        "skewy", "translate", "translate3d", "translatex", "translatey", "translatez", "cubic-bezier",
        "steps", "linear", "circle", "ellipse", "inset", "polygon",
    ]
)
# fmt: on
PLAIN = frozenset(["whitespace", "comment", "ident", "number", "percentage", "dimension", "hash"])
BLOCKS = frozenset(["() block", "[] block"])
ALL_BLOCKS = BLOCKS | {"{} block"}
OPERATORS = frozenset(",/+-*")
#: In conditions, beside those.
COMPARISONS = frozenset(":=>")
#: Deeper brackets are nobody's style sheet.
DEEPEST = 20


def check_value(tokens, operators=OPERATORS, depth=0):
    """Raises ``Refused`` at the first part that is not known to be harmless."""
    for token in tokens:
        if depth > DEEPEST:
            raise Refused(token, _("Too many brackets lie within one another."))
        if token.type in PLAIN and is_harmless(token):
            continue
        if token.type == "literal" and token.value in operators:
            continue
        if token.type in BLOCKS:
            check_value(token.content, operators, depth + 1)
        elif token.type == "function" and token.lower_name in FUNCTIONS:
            check_value(token.arguments, operators, depth + 1)
        elif token.type != "string" or not is_harmless(token):
            raise Refused(token, reason_for(token))


def is_harmless(token):
    """Whether a name or a text can stand in a page, too, where “</style>” would end the sheet, and can be sent at all."""
    text = token.serialize()
    return "<" not in text and not SURROGATE.search(text)


def check_condition(tokens):
    check_value(tokens, OPERATORS | COMPARISONS)


def reason_for(token):
    """Why a part that is not let through is not."""
    if token.type == "url" or (token.type == "function" and token.lower_name in ("url", "src", "image-set")):
        return _("Addresses are not allowed: a style sheet loads nothing.")
    if token.type == "error":
        return _("This cannot be read as CSS: something is missing or too much.")
    if token.type == "function":
        return _("The function “%(name)s” is not allowed.") % {"name": shown(token.name)}
    return _("“%(text)s” is not allowed here.") % {"text": shown(_text_of(token))}


def _text_of(token):
    """Of brackets their signs only: what is within them may lie too deep to be written."""
    if token.type in ALL_BLOCKS:
        opening, closing = token.type[:2]
        return f"{opening}…{closing}"
    return token.serialize()
