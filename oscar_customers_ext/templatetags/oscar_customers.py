"""``{% load oscar_customers %}``: what templates of the shop ask about whoever looks at them."""

import logging

from django import template
from django.template.base import token_kwargs
from django.utils.html import format_html_join

from oscar_customers_ext.content.audiences import Audience, State, is_shown, keys_of
from oscar_customers_ext.content.classes import classes_of
from oscar_customers_ext.content.privacy import note_use
from oscar_customers_ext.content.stylesheets import stylesheet_urls
from oscar_customers_ext.content.visitors import visitor_of

logger = logging.getLogger("oscar_customers_ext")
register = template.Library()

STATES = (State.GUEST, State.SIGNED_IN, State.APPROVED)


def _visitor_in(context):
    request = context.get("request")
    visitor = visitor_of(request)
    if visitor is not None:
        note_use(request, is_signed_in=visitor.is_signed_in)
    return visitor


@register.simple_tag(takes_context=True)
def customer_classes(context):
    """For the class attribute of the body: customer-guest, or customer-signed-in and what else holds."""
    return " ".join(classes_of(_visitor_in(context)))


@register.simple_tag(takes_context=True)
def customer_styles(context):
    """For the head: links to the style sheets of the groups of whoever is signed in."""
    visitor = _visitor_in(context)
    urls = stylesheet_urls(visitor.groups) if visitor else []
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((url,) for url in urls))


class OnlyForNode(template.Node):
    child_nodelists = ("shown", "otherwise")

    def __init__(self, conditions, shown, otherwise):
        self.conditions = conditions
        self.shown = shown
        self.otherwise = otherwise

    def audience(self, context):
        given = {name: expression.resolve(context) for name, expression in self.conditions.items()}
        if "state" in given:
            # Members of nothing are nobody.
            return Audience(given["state"] if given["state"] in STATES else State.MEMBERS)
        groups = given.get("group")
        if isinstance(groups, str):
            groups = [slug.strip() for slug in groups.split(",")]
        return Audience(groups=keys_of(groups), plans=keys_of(given.get("plan")))

    def render(self, context):
        try:
            audience = self.audience(context)
        except Exception:
            logger.exception("The audience in a template could not be found out")
            audience = Audience()
        chosen = self.shown if is_shown(context.get("request"), audience) else self.otherwise
        return chosen.render(context)


@register.tag
def only_for(parser, token):
    """``{% only_for group="trade,press" plan="Club" %}…{% else %}…{% endonly_for %}``, or ``state="guest"``.

    One of the groups and plans is enough. Without a request in the context, the other branch is shown.
    """
    name, *bits = token.split_contents()
    conditions = token_kwargs(bits, parser)
    if bits or not conditions or set(conditions) - {"state", "group", "plan"}:
        raise template.TemplateSyntaxError(f'"{name}" takes state=, or group= and plan=.')
    if "state" in conditions:
        state = conditions["state"].var
        if len(conditions) > 1:
            raise template.TemplateSyntaxError(f'"{name}" takes state= alone. Put one within the other.')
        if isinstance(state, str) and state not in STATES:
            raise template.TemplateSyntaxError(f'"{name}" knows the states {", ".join(STATES)}, not {state}.')
    shown = parser.parse(("else", f"end{name}"))
    otherwise = template.NodeList()
    if parser.next_token().contents == "else":
        otherwise = parser.parse((f"end{name}",))
        parser.delete_first_token()
    return OnlyForNode(conditions, shown, otherwise)
