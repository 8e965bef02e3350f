"""The discounts of a group: shown, made, changed, given, taken away, suspended and deleted."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from oscar.core.loading import get_model
from wagtail.admin import messages

from .actions import (
    change_discount,
    create_discount,
    delete_discount,
    link_offer,
    suspend_discount,
    unlink_offer,
    unsuspend_discount,
)
from .forms import DiscountForm, LinkOfferForm
from .pages import (
    ADD,
    CHANGE,
    DELETE,
    ConfirmOfferView,
    GroupFormView,
    GroupPageMixin,
    OfGroupMixin,
    OfOfferMixin,
    dashboard_url,
)
from .states import state_of, summary, with_parts
from .terms import obstacle, terms_of

ConditionalOffer = get_model("offer", "ConditionalOffer")


class DiscountsMixin:
    """A page of the offers of the group, those of highest priority first, as Oscar applies them."""

    per_page = 20

    def get_context_data(self, **kwargs):
        user = self.request.user
        offers = with_parts(ConditionalOffer.objects.filter(group_links__group=self.object))
        page = Paginator(offers.order_by("-priority", "pk"), self.per_page).get_page(
            self.request.GET.get("page")
        )
        rows = [
            {
                "offer": offer,
                "state": state_of(offer),
                "summary": summary(offer),
                "dashboard_url": dashboard_url(user, offer),
            }
            for offer in page
        ]
        return super().get_context_data(
            page=page,
            rows=rows,
            may_add=user.has_perm(ADD),
            may_change=user.has_perm(CHANGE),
            may_delete=user.has_perm(DELETE),
            **kwargs,
        )


class DiscountsTabView(DiscountsMixin, OfGroupMixin, TemplateView):
    """What the tab of the group shows. It lies within a form, so it holds links only."""

    template_name = "oscar_customers_ext/admin/groups/offers/list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(page_url_name="oscar_customers_groups:discounts_tab", **kwargs)


class DiscountsView(DiscountsMixin, GroupPageMixin, TemplateView):
    """The same on a page, for those who may not change the group."""

    template_name = "oscar_customers_ext/admin/groups/offers/index.html"
    page_title = gettext_lazy("Discounts")

    def get_context_data(self, **kwargs):
        return super().get_context_data(page_url_name="oscar_customers_groups:discounts", **kwargs)

    def get_breadcrumbs_items(self):
        *items, group, page = super().get_breadcrumbs_items()
        return [*items, {**group, "url": ""}, page]


class TermsFormMixin:
    form_class = DiscountForm
    template_name = "oscar_customers_ext/admin/groups/offers/form.html"

    def save(self, terms):
        raise NotImplementedError

    def form_valid(self, form):
        try:
            offer = self.save(form.terms())
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Discount %(offer)s saved.") % {"offer": offer})
        return super().form_valid(form)


class AddDiscountView(TermsFormMixin, GroupFormView):
    permission = ADD
    page_title = gettext_lazy("New discount")
    initial = {"kind": "Percentage"}

    def save(self, terms):
        return create_discount(self.object, terms, actor=self.request.user)


class EditDiscountView(TermsFormMixin, OfOfferMixin, GroupFormView):
    """An offer that the few fields cannot show leads to Oscar's dashboard, and says why."""

    page_title = gettext_lazy("Change discount")

    @cached_property
    def obstacle(self):
        return obstacle(self.offer)

    def get_initial(self):
        return {} if self.obstacle else vars(terms_of(self.offer))

    @cached_property
    def other_groups(self):
        return list(
            self.offer.group_links.exclude(group=self.object)
            .order_by("group__name")
            .values_list("group__name", flat=True)
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            obstacle=self.obstacle,
            other_groups=self.other_groups,
            **kwargs,
        )

    def get_template_names(self):
        return (
            ["oscar_customers_ext/admin/groups/offers/not_simple.html"]
            if self.obstacle
            else super().get_template_names()
        )

    def post(self, request, *args, **kwargs):
        return self.get(request, *args, **kwargs) if self.obstacle else super().post(request, *args, **kwargs)

    def save(self, terms):
        return change_discount(self.offer, terms, actor=self.request.user)


class LinkOfferView(GroupFormView):
    permission = CHANGE
    form_class = LinkOfferForm
    template_name = "oscar_customers_ext/admin/groups/offers/link.html"
    page_title = gettext_lazy("Link an offer")
    submit_label = gettext_lazy("Give it to the group")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "group": self.object}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "has_offers": context["form"].fields["offer"].queryset.exists()}

    def form_valid(self, form):
        offer = form.cleaned_data["offer"]
        try:
            link_offer(self.object, offer, actor=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("Members of %(group)s get the offer %(offer)s now.") % {"group": self.object, "offer": offer},
        )
        return super().form_valid(form)


class UnlinkOfferView(ConfirmOfferView):
    page_title = gettext_lazy("Take from the group")
    button_label = gettext_lazy("Take from the group")

    def get_question(self):
        return _(
            "Members of %(group)s get the discount “%(offer)s” no more, from the next page they open. "
            "The offer itself stays."
        ) % {"group": self.object, "offer": self.offer}

    def perform(self):
        unlink_offer(self.object, self.offer, actor=self.request.user)
        return _("Members of %(group)s get the discount %(offer)s no more.") % {
            "group": self.object,
            "offer": self.offer,
        }


class OfAllGroupsMixin:
    """The offer itself is meant, not only what this group has of it."""

    def get_question(self):
        question = self.question % {"offer": self.offer}
        others = self.offer.group_links.exclude(group=self.object).count()
        if not others:
            return question
        return f"{question} " + ngettext(
            "Another group has it, too.", "%(number)d other groups have it, too.", others
        ) % {"number": others}


class SuspendDiscountView(OfAllGroupsMixin, ConfirmOfferView):
    page_title = button_label = gettext_lazy("Suspend discount")
    question = gettext_lazy("Nobody gets the discount “%(offer)s” until it is reinstated.")

    def perform(self):
        suspend_discount(self.offer, actor=self.request.user)
        return _("Discount %(offer)s suspended.") % {"offer": self.offer}


class UnsuspendDiscountView(OfAllGroupsMixin, ConfirmOfferView):
    page_title = button_label = gettext_lazy("Reinstate discount")
    question = gettext_lazy(
        "Members get the discount “%(offer)s” again, while its dates and limits allow it."
    )

    def perform(self):
        unsuspend_discount(self.offer, actor=self.request.user)
        return _("Discount %(offer)s reinstated.") % {"offer": self.offer}


class DeleteDiscountView(OfAllGroupsMixin, ConfirmOfferView):
    permission = DELETE
    page_title = button_label = gettext_lazy("Delete discount")
    button_classname = "serious"
    question = gettext_lazy(
        "The offer “%(offer)s” goes out of the shop. Orders keep the discount that they were given."
    )

    def perform(self):
        delete_discount(self.offer, actor=self.request.user)
        return _("Discount %(offer)s deleted.") % {"offer": self.offer}
