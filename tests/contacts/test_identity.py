"""Who an e-mail address stands for."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.exceptions import InvalidEmail

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Ann@Example.ORG", "ann@example.org"),
        ("  ann@example.org\t", "ann@example.org"),
        ("ann+shop@example.org", "ann+shop@example.org"),
        ("a.nn@gmail.com", "a.nn@gmail.com"),
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
        ("ann@MÜNCHEN.example", "ann@xn--mnchen-3ya.example"),
        ("ann@xn--mnchen-3ya.example", "ann@xn--mnchen-3ya.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("Jo\u0308rg@example.org", "jörg@example.org"),
        ("JÖRG@example.org", "jörg@example.org"),
        ("\u212a@example.org", "k@example.org"),
        ("m\u0131ke@example.org", "m\u0131ke@example.org"),
        ("ann@my_host.example", "ann@my_host.example"),
        ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
        ('"ann@home"@example.org', '"ann@home"@example.org'),
        ("", None),
        ("   ", None),
    ],
)
def test_the_key_of_an_address(typed, key):
    assert email_key(typed) == key


@pytest.mark.parametrize(
    "typed",
    [
        "ann",
        "@example.org",
        "ann@",
        "ann rossi@example.org",
        "ann@exam ple.org",
        "ann\u200b@example.org",
        "ann\x00@example.org",
        "ann@example.org\r\nBcc: eve@example.org",
        "ann\u2028@example.org",
        "ann\ud800@example.org",
        "ann@ex\u00ad" + "ample.org",
        "a" * 320 + "@example.org",
        "ann@" + "ü" * 300 + ".example",
    ],
)
def test_what_cannot_be_an_address_is_refused(typed):
    with pytest.raises(InvalidEmail):
        email_key(typed)


def test_a_dotless_i_is_another_person():
    # PostgreSQL's UPPER() makes the two equal; Django CVE-2019-19844 came from that.
    assert email_key("m\u0131ke@example.org") != email_key("mike@example.org")


@given(st.text(max_size=40), st.sampled_from(["example.org", "Bücher.Example", "EXAMPLE.com"]))
def test_a_key_is_its_own_key(local, domain):
    try:
        key = email_key(f"{local}@{domain}")
    except InvalidEmail:
        return
    assert email_key(key) == key
    assert key == unicodedata.normalize("NFC", key)


@given(st.text(max_size=60))
def test_any_text_has_a_key_or_is_refused(text):
    try:
        key = email_key(text)
    except InvalidEmail:
        return
    assert key is None or "@" in key


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the folder with test addresses is absent")
def test_addresses_collected_elsewhere_have_a_key_or_are_refused():
    lines = [
        line
        for file in sorted(CORPORA.glob("addresses-*/*"))
        if file.is_file()
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
    assert len(lines) > 200
    for line in lines:
        try:
            key = email_key(line)
        except InvalidEmail:
            continue
        assert key is None or len(key) <= 320
