"""The block of pages that shows its content to some."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.urls import reverse
from wagtail import blocks
from wagtail.admin.telepath import JSContext
from wagtail.fields import StreamField

from oscar_customers_ext.content.blocks import (
    CustomerGroupsBlock,
    MembershipPlansBlock,
    OnlyForBlock,
    StateBlock,
)
from oscar_customers_ext.models import CustomerGroup, MembershipPlan
from tests.factories import make_plan

pytestmark = pytest.mark.django_db


class Inner(blocks.StreamBlock):
    text = blocks.CharBlock()
    inner = OnlyForBlock([("content", blocks.CharBlock())])


class OwnBlock(OnlyForBlock):
    content = Inner()
    otherwise = blocks.CharBlock(required=False)


class Body(blocks.StreamBlock):
    text = blocks.CharBlock()
    only_for = OwnBlock()


def body(**value):
    value = {"content": [{"type": "text", "value": "SECRET"}], "otherwise": "other", **value}
    return Body().to_python([{"type": "only_for", "value": value}])


def render(value, request=None):
    context = Context({"body": value, "request": request} if request else {"body": value})
    return " ".join(Template("{% load wagtailcore_tags %}{% include_block body %}").render(context).split())


def request_of(client):
    return client.get(reverse("catalogue:index")).wsgi_request


def sees(client, **value):
    html = render(body(**value), request_of(client))
    assert ("SECRET" in html) is not ("other" in html)
    return "SECRET" in html


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [
        ("guest", {"guest"}),
        ("signed-in", {"member", "other"}),
        ("approved", {"member", "other"}),
        ("members", set()),
        ("", set()),
        (None, set()),
        ("everybody", set()),
    ],
)
def test_who_sees_it_by_state(make_member, client, state, seen_by):
    people = {"guest": client, "member": make_member("trade"), "other": make_member(email="b@example.org")}

    assert {name for name, who in people.items() if sees(who, audience=state)} == seen_by


def test_who_sees_it_by_group_or_plan(make_member, client):
    member, press = make_member("trade"), make_member("press", email="b@example.org")
    holder = make_member(email="c@example.org")
    plan = make_plan()
    plan.memberships.create(customer=holder.customer)
    trade = CustomerGroup.objects.get(slug="trade").pk
    people = {"guest": client, "member": member, "press": press, "holder": holder}

    def seen_by(**value):
        return {name for name, who in people.items() if sees(who, audience="members", **value)}

    assert seen_by(groups=[trade]) == {"member"}
    assert seen_by(groups=[trade], plans=[plan.pk]) == {"member", "holder"}
    assert seen_by(plans=[plan.pk]) == {"holder"}
    # What is not chosen in this state counts for nothing.
    assert {name for name, who in people.items() if sees(who, audience="guest", groups=[trade])} == {"guest"}


def test_renaming_the_group_changes_nothing_and_deleting_it_opens_nothing(make_member, client):
    member = make_member("trade")
    group = CustomerGroup.objects.get()
    CustomerGroup.objects.update(name="Dealers", slug="dealers")
    assert sees(member, audience="members", groups=[group.pk])

    pk = group.pk
    group.delete()

    assert not sees(member, audience="members", groups=[pk])
    assert not sees(client, audience="members", groups=[pk])


def test_what_no_editor_can_have_chosen_opens_nothing(make_member):
    member = make_member("trade")
    pk = CustomerGroup.objects.get().pk
    assert sees(member, audience="members", groups=[pk])

    for groups in (
        None,
        "trade",
        str(pk),
        {"x": pk},
        [None],
        ["trade"],
        [[pk]],
        [True],
        [pk + 0.5],
        pk,
        [str(pk)],
    ):
        assert not sees(member, audience="members", groups=groups), groups


def test_without_a_request_it_is_hidden(make_member):
    for value in (body(audience="guest"), body(audience="signed-in"), body(audience="members", groups=[1])):
        assert "SECRET" not in render(value)
        assert "SECRET" not in str(value)
        assert "SECRET" not in str(value[0].value)
        assert "SECRET" not in Template("{{ value }}").render(Context({"value": value[0].value}))
        assert "SECRET" not in value[0].render()
        assert "SECRET" not in value.render_as_block({"request": None})
        assert "other" in str(value)


def test_an_error_in_the_rule_hides(make_member, monkeypatch, caplog):
    member = make_member("trade")
    request = request_of(member)
    monkeypatch.setattr(CustomerGroup.objects.__class__, "of", lambda self, customer: 1 / 0, raising=False)
    del request.__dict__["_customers_visitor"]

    html = render(body(audience="members", groups=[CustomerGroup.objects.get().pk]), request)

    assert "SECRET" not in html
    assert "could not be found out" in caplog.text


def test_one_within_the_other_needs_both(make_member, client):
    member = make_member("trade")
    pk = CustomerGroup.objects.get().pk
    inner = {"audience": "members", "groups": [pk], "content": "DEEP", "otherwise": ""}
    content = [{"type": "text", "value": "SECRET"}, {"type": "inner", "value": inner}]

    def seen(who, **value):
        html = render(body(content=content, **value), request_of(who))
        return [word for word in ("SECRET", "DEEP", "other") if word in html]

    assert seen(member, audience="approved") == ["SECRET", "DEEP"]
    assert seen(make_member(email="b@example.org"), audience="approved") == ["SECRET"]
    assert seen(member, audience="guest") == ["other"]
    assert seen(client, audience="guest") == ["SECRET"]
    assert render(body(content=content, audience="approved")) == render(body(audience="approved"))


def test_nothing_at_all_is_written_where_nothing_is_shown(client, shop):
    value = OwnBlock().to_python({"audience": "signed-in", "content": [{"type": "text", "value": "SECRET"}]})

    assert value.block.render(value, {"request": request_of(client)}) == ""


def test_the_answer_is_private_to_caches(make_member):
    request = request_of(make_member("trade"))
    request.__dict__.pop("_customers_shown")

    render(body(audience="guest"), request)

    assert request.__dict__["_customers_shown"] is True
    assert request._cache_update_cache is False


def test_an_api_tells_only_what_may_be_seen(make_member, client):
    member = make_member("trade")
    value = body(audience="members", groups=[CustomerGroup.objects.get().pk])

    class Wrapped:
        def __init__(self, request):
            self._request = request

    def told_to(request):
        context = {"request": request} if request else None
        return json.dumps(value.stream_block.get_api_representation(value, context))

    for request in (request_of(member), Wrapped(request_of(member))):
        assert "SECRET" in told_to(request)
        assert "other" not in told_to(request)
    for request in (request_of(client), Wrapped(request_of(client)), None):
        assert "SECRET" not in told_to(request)
        assert "groups" not in told_to(request)
        assert "other" in told_to(request)


def test_searching_finds_nothing_of_it():
    value = body(audience="members")

    assert value.stream_block.get_searchable_content(value) == []


# The editor


def clean(**value):
    block = OwnBlock()
    return block.clean(block.to_python({"content": [{"type": "text", "value": "x"}], **value}))


def test_an_editor_must_choose_for_whom(shop):
    group = CustomerGroup.objects.create(name="Trade", slug="trade")
    plan = make_plan()

    for chosen in ({"groups": [group.pk]}, {"plans": [plan.pk]}):
        assert clean(audience="members", **chosen)["audience"] == "members"
    with pytest.raises(ValidationError) as nobody:
        clean(audience="members")
    assert nobody.value.block_errors["groups"].messages == ["Choose at least one group or plan."]
    with pytest.raises(ValidationError) as unsaid:
        clean()
    assert set(unsaid.value.block_errors) == {"audience"}
    with pytest.raises(ValidationError) as gone:
        clean(audience="members", groups=[group.pk + 1])
    assert "is not one of the available choices" in gone.value.block_errors["groups"].messages[0]


def test_a_draft_may_be_unfinished(shop):
    block = OwnBlock()
    block.set_name("only_for")
    value = block.to_python({"audience": "members"})

    block.defer_required_validation()
    assert block.clean(value)["groups"] == []
    block.restore_deferred_validation()

    with pytest.raises(ValidationError):
        block.clean(value)


def test_the_form_offers_the_groups_of_now(shop):
    block = CustomerGroupsBlock()
    block.set_name("groups")

    def offered():
        return json.dumps(JSContext().pack(block))

    assert "Trade" not in offered()
    group = CustomerGroup.objects.create(name="Trade", slug="trade")
    assert "Trade" in offered()
    assert block.get_form_state([group.pk]) == [str(group.pk)]
    posted = block.value_from_datadict({"g": [str(group.pk)]}, {}, "g")
    assert block.get_prep_value(block.clean(posted)) == [group.pk]


def test_wagtail_knows_which_pages_name_a_group():
    value = body(audience="members", groups=[5], plans=[7])

    found = {(model, pk) for model, pk, _path, _content in value.stream_block.extract_references(value)}

    assert found == {(CustomerGroup, "5"), (MembershipPlan, "7")}


def test_migrations_of_a_site_name_stable_classes():
    paths = {
        "audience": ("oscar_customers_ext.content.blocks.StateBlock", [], {}),
        "groups": ("oscar_customers_ext.content.blocks.CustomerGroupsBlock", (), {}),
        "plans": ("oscar_customers_ext.content.blocks.MembershipPlansBlock", (), {}),
    }

    path, (children,), _kwargs = OwnBlock().deconstruct()

    assert path == "wagtail.blocks.StructBlock"
    assert [name for name, _block in children] == ["audience", "groups", "plans", "content", "otherwise"]
    for name, block in children:
        if name in paths:
            found = block.deconstruct()
            assert (found[0], list(found[1]), found[2]) == (paths[name][0], [], {})
    assert isinstance(StateBlock(), StateBlock)
    assert isinstance(MembershipPlansBlock(), MembershipPlansBlock)
    field = StreamField([("only_for", OnlyForBlock())])
    assert field.deconstruct()[3]["block_lookup"]


# The preview


def preview(client):
    request = request_of(client)
    request.is_preview = True
    return request


def test_editors_see_both_parts_and_whose_they_are(sign_in, make_member):
    group = CustomerGroup.objects.create(name="Trade <b>", slug="trade")
    editor = sign_in()

    html = render(body(audience="members", groups=[group.pk]), preview(editor))

    assert html.index("Shown only to: Trade &lt;b&gt;") < html.index("SECRET")
    assert html.index("SECRET") < html.index("Shown to everybody else") < html.index("other")
    assert "Shown only to: nobody" in render(body(audience="members", groups=[]), preview(editor))
    assert "Approved customers" in render(body(audience="approved"), preview(editor))


def test_only_editors_see_a_preview(make_member, client, shop):
    value = body(audience="members", groups=[1])
    for who in (client, make_member()):
        html = render(value, preview(who))
        assert "SECRET" not in html
        assert "Shown" not in html


def test_a_site_without_another_part():
    class Without(OnlyForBlock):
        otherwise = None

    block = Without()
    value = block.to_python({"audience": "members", "content": "SECRET"})

    assert list(block.child_blocks) == ["audience", "groups", "plans", "content"]
    assert block.render(value) == ""
