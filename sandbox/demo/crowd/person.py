"""Somebody who does not exist: the same seed and primary key always make the same person."""

import random
import re
from dataclasses import dataclass

from demo.crowd.cultures import DOMAINS, ELSEWHERE, FOREIGN_DOMAINS, HOMES, NICKNAMES, TRADES, Home
from oscar_customers_ext.customers.search_text import fold

SHARES = [home.share for home in HOMES]
#: How the shop met those who neither registered nor bought; the last two are words of this site's own.
OTHER_SOURCES = ("staff", "staff", "booking", "newsletter")


@dataclass(frozen=True)
class Person:
    home: Home
    first_name: str
    last_name: str
    email: str
    #: As typed, in whatever form; empty for those who gave none.
    phone: str
    company_name: str
    organisation_id: str
    vat_number: str
    has_account: bool
    #: Where the shop met this person first.
    source: str


def dice_of(seed, pk, purpose=0):
    """A generator of its own for each person, so that it matters neither how many others there are nor who makes them."""
    return random.Random((seed << 64) + (purpose << 56) + pk)


def make_person(seed, pk, *, buys, accounts):
    dice = dice_of(seed, pk)
    home = dice.choices(HOMES, SHARES)[0]
    names = home.names if dice.random() < 0.9 else dice.choice(ELSEWHERE)
    first_name, last_name = dice.choice(names.first), dice.choice(names.last)
    has_account = dice.random() < accounts
    source = choose_source(dice, buys, has_account)
    # Only staff may enter somebody without an address.
    nowhere = source == "staff" and dice.random() < 0.08
    company_name, organisation_id, vat_number = choose_company(dice, home, last_name)
    return Person(
        home=home,
        first_name=first_name,
        last_name=last_name,
        email="" if nowhere else choose_email(dice, first_name, last_name, pk),
        phone="" if dice.random() < 0.05 else fill_in(dice, dice.choice(home.phones)),
        company_name=company_name,
        organisation_id=organisation_id,
        vat_number=vat_number,
        has_account=has_account,
        source=source,
    )


def choose_source(dice, buys, has_account):
    if has_account:
        return "registration"
    return "shop" if buys else dice.choice(OTHER_SOURCES)


def choose_company(dice, home, last_name):
    if dice.random() > 0.12:
        return "", "", ""
    name = home.company.format(f"{dice.choice(TRADES)} {last_name}")
    return name, fill_in(dice, "########"), fill_in(dice, home.vat_number)


def choose_email(dice, first_name, last_name, pk):
    """Ends in the primary key before the @, and has no other digit there: no two people get one address."""
    first, last = latin(first_name) or dice.choice(NICKNAMES), latin(last_name)
    form = dice.choice(("{0}.{1}", "{0}.{1}", "{0}_{1}", "{1}", "{0[0]}{1}", "{0}+{1}"))
    local = f"{form.format(first, last or first)}{pk}"
    domain = dice.choice(DOMAINS if dice.random() < 0.96 else FOREIGN_DOMAINS)
    spelling = dice.random()
    if spelling < 0.03:
        return f"{local.upper()}@{domain.upper()}"
    return f"{local.title() if spelling < 0.15 else local}@{domain}"


def latin(name):
    return re.sub("[^a-z]", "", fold(name))


def fill_in(dice, pattern):
    """The pattern with digits in it: any for "#", from 2 to 9 for "N"."""
    return re.sub("[#N]", lambda sign: str(dice.randint(2 if sign[0] == "N" else 0, 9)), pattern)
