"""The style sheet of a group: what is let through, what is refused and why, and whom it acts on."""

import pytest
import tinycss2
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_customers_ext.content.styles import LONGEST, compile_styles

CLASS = "customer-group-trade"


def css(text):
    sheet = compile_styles(text, CLASS)
    assert sheet.faults == []
    return " ".join(sheet.css.split())


def faults(text):
    return [str(fault) for fault in compile_styles(text, CLASS).faults]


@pytest.mark.parametrize(
    ("typed", "compiled"),
    [
        (".hero { display: none }", ".customer-group-trade .hero { display: none; }"),
        ("h1,h2>a{color:red}", ".customer-group-trade h1, .customer-group-trade h2>a { color: red; }"),
        ("body{margin:0}", "body.customer-group-trade { margin: 0; }"),
        ("BODY.home .x{margin:0}", "body.customer-group-trade.home .x { margin: 0; }"),
        ("body > p{margin:0}", "body.customer-group-trade > p { margin: 0; }"),
        (f".{CLASS} .x{{margin:0}}", f".{CLASS} .x {{ margin: 0; }}"),
        (f"body.{CLASS} .x{{margin:0}}", f"body.{CLASS} .x {{ margin: 0; }}"),
        # Another group's class, or one that only begins alike, binds nothing.
        (".customer-group-tradex{margin:0}", f".{CLASS} .customer-group-tradex {{ margin: 0; }}"),
        (".customer-group-press .x{margin:0}", f".{CLASS} .customer-group-press .x {{ margin: 0; }}"),
        ("*{margin:0}", f".{CLASS} * {{ margin: 0; }}"),
        (
            "a:not(.b, .c)[href^='/x']::before{content:'→'}",
            f'.{CLASS} a:not(.b, .c)[href^="/x"]::before {{ content: "→"; }}',
        ),
        ("a{color:RED!important;--Gap:2px}", f".{CLASS} a {{ color: RED !important; --Gap: 2px; }}"),
        ("a{width:calc(100% - var(--Gap))}", f".{CLASS} a {{ width: calc(100% - var(--Gap)); }}"),
        (
            "a{background:linear-gradient(#fff, rgb(0 0 0 / 5%))}",
            f".{CLASS} a {{ background: linear-gradient(#fff, rgb(0 0 0 / 5%)); }}",
        ),
        (
            "a{grid-area:1/2;grid-template:[top] 1fr / auto}",
            f".{CLASS} a {{ grid-area: 1/2; grid-template: [top] 1fr / auto; }}",
        ),
        (
            "@media (min-width: 600px){a{color:red}}",
            f"@media (min-width: 600px) {{ .{CLASS} a {{ color: red; }} }}",
        ),
        (
            "@supports (display:grid){@media print{a{color:red}}}",
            f"@supports (display:grid) {{ @media print {{ .{CLASS} a {{ color: red; }} }} }}",
        ),
        ("/* what for */ a{color:red /* really */}", f".{CLASS} a {{ color: red; }}"),
        ("a{color:red", f".{CLASS} a {{ color: red; }}"),
        ("a{}", ""),
        ("", ""),
        ("  \n", ""),
    ],
)
def test_what_is_let_through_acts_on_members_only(typed, compiled):
    assert css(typed) == compiled


NO_ADDRESS = "Addresses are not allowed: a style sheet loads nothing."
BROKEN = "This cannot be read as CSS: something is missing or too much."
REFUSED = {
    "@import 'https://evil.example/x.css';": "“@import” is not allowed.",
    "@import url(//evil.example);": "“@import” is not allowed.",
    "@IMPORT 'x';": "“@IMPORT” is not allowed.",
    "@\\69mport 'x';": "“@import” is not allowed.",
    '@charset "utf-8";': "“@charset” is not allowed.",
    "@namespace x 'y';": "“@namespace” is not allowed.",
    "@font-face{font-family:x;src:url(x)}": "“@font-face” is not allowed.",
    "@keyframes x{from{color:red}}": "“@keyframes” is not allowed.",
    "@page{margin:0}": "“@page” is not allowed.",
    "@layer x;": "“@layer” is not allowed.",
    "@media print;": "“@media” is not allowed.",
    "a{background:url(https://evil.example/x)}": NO_ADDRESS,
    "a{background:url('https://evil.example/x')}": NO_ADDRESS,
    "a{background:UrL(/x)}": NO_ADDRESS,
    "a{background:\\75 rl(/x)}": NO_ADDRESS,
    "a{background:u\\72l('/x')}": NO_ADDRESS,
    "a{background:src('/x')}": NO_ADDRESS,
    "a{background:image-set('https://evil.example/x' 1x)}": NO_ADDRESS,
    "a{--x:url(/x)}": NO_ADDRESS,
    "a{background:linear-gradient(red, url(/x))}": NO_ADDRESS,
    "@supports (background:url(/x)){a{color:red}}": NO_ADDRESS,
    "a[href=url(/x)]{color:red}": NO_ADDRESS,
    "a:not(url(/x)){color:red}": NO_ADDRESS,
    "a{background:-webkit-image-set('/x' 1x)}": "The function “-webkit-image-set” is not allowed.",
    "a{background:image('/x')}": "The function “image” is not allowed.",
    "a{background:element(#x)}": "The function “element” is not allowed.",
    "a{content:attr(value)}": "The function “attr” is not allowed.",
    "a{width:expression(alert(1))}": "The function “expression” is not allowed.",
    "a{wid\\74h:e\\78pression(alert(1))}": "The function “expression” is not allowed.",
    "a{behavior:x}": "The property “behavior” is not allowed.",
    "a{BEHAVIOR:x}": "The property “BEHAVIOR” is not allowed.",
    "a{-moz-binding:x}": "The property “-moz-binding” is not allowed.",
    "a{filter:progid:X(a=1)}": "“:” is not allowed here.",
    "a{\\*zoom:1}": "The property “*zoom” is not allowed.",
    "a{*zoom:1}": BROKEN,
    "a{color}": BROKEN,
    "a{color:}": "The property “color” has no value.",
    "a{b{color:red}}": "Rules within a rule are not allowed. Close the one before with “}”.",
    "a{@media print{color:red}}": "Rules within a rule are not allowed. Close the one before with “}”.",
    "a{color:{x}}": "“{…}” is not allowed here.",
    "}": BROKEN,
    "a": BROKEN,
    "a{content:'x\n'}": BROKEN,
    "{color:red}": "A selector is missing.",
    "a,{color:red}": "A selector is missing.",
    ",a{color:red}": "A selector is missing before the comma.",
    "+a{color:red}": "A selector cannot begin with “+”.",
    "html a{color:red}": "A selector cannot begin with html or :root. Begin with body, or below it.",
    ":root{--x:1}": "A selector cannot begin with html or :root. Begin with body, or below it.",
    "&.x{color:red}": "“&” is not allowed here.",
    "svg|a{color:red}": "“|” is not allowed here.",
    "a:-moz-any(b){color:red}": "The function “-moz-any” is not allowed.",
    "</style><script>alert(1)</script>{}": "“<” is not allowed here.",
    "<!-- a{color:red}": "“<!--” is not allowed here.",
    "a{content:'</style>'}": '“"</style>"” is not allowed here.',
    "a{content:'\\3c/style>'}": '“"</style>"” is not allowed here.',
    ".\\3c style{color:red}": "“\\<style” is not allowed here.",
    "a[x='</style>']{color:red}": '“"</style>"” is not allowed here.',
    "@media (width<600px){a{color:red}}": "“<” is not allowed here.",
    # Half of a pair of UTF-16, which no file can hold.
    'a{content:"\\d800"}': '“"\ufffd"” is not allowed here.',
    "a{content:\\DFFF}": "“\ufffd” is not allowed here.",
    "a{width:1\\d800}": "“1\ufffd” is not allowed here.",
    "a{color:#\\d800}": "“#\ufffd” is not allowed here.",
    "a{color:\\d800(1)}": "The function “\ufffd” is not allowed.",
    "a{x\\d800:1}": "The property “x\ufffd” is not allowed.",
    ".\\dabc{color:red}": "“\ufffd” is not allowed here.",
    "a[x=\\d800]{color:red}": "“\ufffd” is not allowed here.",
    "a[x='\\d800']{color:red}": '“"\ufffd"” is not allowed here.',
    "a:not(\\d800){color:red}": "“\ufffd” is not allowed here.",
    "a:\\d800(b){color:red}": "The function “\ufffd” is not allowed.",
    "@media \\d800{a{color:red}}": "“\ufffd” is not allowed here.",
    "@\\d800{a{color:red}}": "“@\ufffd” is not allowed.",
    "a{color:\ud800}": "“\ufffd” is not allowed here.",
}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_refused_is_named_and_leaves_nothing(typed):
    sheet = compile_styles(f".ok{{color:red}}\n{typed}", CLASS)

    assert str(sheet.faults[0]) == f"Line 2: {REFUSED[typed]}"
    assert "<" not in sheet.css
    for word in ("import", "url", "evil", "script", "expression", "behavior"):
        assert word not in sheet.css.lower()


def test_all_faults_are_told_and_the_rest_is_kept():
    sheet = compile_styles(
        "@import 'x';\n.a { color: red; background: url(x) }\n\n.b { color: blue }\n@font-face {}", CLASS
    )

    assert [fault.line for fault in sheet.faults] == [1, 2, 5]
    assert " ".join(sheet.css.split()) == f".{CLASS} .a {{ color: red; }} .{CLASS} .b {{ color: blue; }}"


def test_the_length_is_limited():
    assert faults("/*" + "x" * (LONGEST - 4) + "*/") == []
    assert faults("\n" * LONGEST + "x") == [
        f"Line {LONGEST + 1}: The style sheet is too long: 20000 characters are the most."
    ]
    sheet = compile_styles("a," * 9_000 + "a{color:red}", CLASS)
    assert [fault.reason for fault in sheet.faults] == [
        "There are too many selectors: each is bound to the group."
    ]
    assert sheet.css == ""


@pytest.mark.parametrize(
    "typed",
    [
        "(" * 19_000,
        "a{width:" + "(" * 19_000,
        "a" + ":not(" * 3_000 + "{color:red}",
        "a{" * 9_000,
        "@media print{" * 1_500,
        "[" * 19_000,
        "{" * 19_000,
        "a{width:" + "{" * 1_500,
        "a{width:" + "[" * 19_000,
        "(" * 1_200 + ")" * 1_200 + "{width:1px}",
        "[" * 1_200 + "]" * 1_200 + "{width:1px}",
        "a[" + "(" * 1_200,
        "a{width:calc(" + "{" * 1_500,
        "@media " + "(" * 1_200 + ")" * 1_200 + "{a{width:1px}}",
        "@media " + "[" * 1_200 + "]" * 1_200 + "{a{width:1px}}",
        "@media (" + "{" * 1_200 + "}" * 1_200 + "){a{width:1px}}",
    ],
)
def test_brackets_without_end_are_refused(typed):
    sheet = compile_styles(typed, CLASS)

    assert len(sheet.faults) == 1
    assert len(str(sheet.faults[0])) < 120
    assert sheet.css == ""


PIECES = [
    "url(",
    "@import",
    "@media print{",
    "</style>",
    f".{CLASS}",
    "body",
    "a{b:c}",
    "\\d800 ",
    *"ab{}()[]:;,.#>+~*|&@!/\\\"'<- \n0_=\x00é",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_whatever_is_typed_is_harmless_and_stays_what_it_is(typed):
    once = compile_styles(typed, CLASS)
    again = compile_styles(once.css, CLASS)

    assert again.css == once.css
    assert again.faults == []
    assert "<" not in once.css
    assert once.css.encode().decode() == once.css
    assert all(str(fault).encode() for fault in once.faults)
    rules = list(tinycss2.parse_stylesheet(once.css, skip_whitespace=True))
    assert {rule.type for rule in rules} <= {"qualified-rule", "at-rule"}
    for rule in rules:
        if rule.type == "qualified-rule":
            assert f".{CLASS}" in tinycss2.serialize(rule.prelude)
