from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oscar_customers_ext.contacts.models import ConsentEntry, ConsentState, MailingList, Subscription
from oscar_customers_ext.customers.pages import CustomerFormView, PagedSectionView
from oscar_customers_ext.exceptions import ConsentObjected, CustomersError

from .actions import set_subscription
from .columns import newsletter_mark
from .forms import RemarkForm, ResubscribeForm, SubscribeForm

SUBSCRIBE_PERMISSION = "oscar_customers_ext.subscribe_customer"
#: More lists than anybody keeps; a tab stays a tab.
MOST_LISTS = 50


class MarketingView(PagedSectionView):
    """What the Marketing tab shows: each list with what the customer last said of it, and the ledger, newest first."""

    template_name = "oscar_customers_ext/admin/marketing/subscriptions.html"

    def get_rows(self):
        ledger = ConsentEntry.objects.filter(contact=self.customer.contact_id)
        return ledger.select_related("mailing_list", "staff")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            lists=self.get_lists(),
            may_subscribe=self.request.user.has_perm(SUBSCRIBE_PERMISSION),
            **kwargs,
        )

    def get_lists(self):
        """The lists, the newsletter first, each with the last line of this contact's ledger."""
        lines = ConsentEntry.objects.filter(contact=self.customer.contact_id, mailing_list=OuterRef("pk"))
        lists = list(MailingList.objects.annotate(last_line=Subquery(lines.values("pk")[:1]))[:MOST_LISTS])
        if not any(found.is_default for found in lists):
            # It is made with the first consent; until then it is shown all the same.
            lists.insert(0, MailingList(name=_("Newsletter"), is_default=True))
        entries = ConsentEntry.objects.select_related("staff").in_bulk(
            [pk for found in lists if (pk := getattr(found, "last_line", None))]
        )
        return [self.describe(found, entries.get(getattr(found, "last_line", None))) for found in lists]

    def describe(self, mailing_list, entry):
        state = entry.state if entry else None
        return {"list": mailing_list, "entry": entry, "state": state, "mark": newsletter_mark(state)}


class ConsentView(CustomerFormView):
    """Records what the customer said of a list: the one of ``?list=`` (its slug), else the newsletter."""

    template_name = "oscar_customers_ext/admin/marketing/consent.html"
    permission = SUBSCRIBE_PERMISSION
    tab_id = "marketing"
    header_icon = "mail"
    state = None
    #: Shown above the form.
    explanation = ""
    done = ""

    @cached_property
    def mailing_list(self):
        slug = self.request.GET.get("list")
        if not slug:
            return MailingList.objects.filter(is_default=True).first()
        # PostgreSQL takes no NUL.
        found = None if "\x00" in slug else MailingList.objects.filter(slug=slug).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def subscription(self):
        if self.mailing_list is None:
            return None
        return Subscription.objects.filter(
            contact=self.customer.contact_id, mailing_list=self.mailing_list
        ).first()

    @property
    def has_objected(self):
        return self.subscription is not None and self.subscription.state == ConsentState.OBJECTED

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            list_name=self.mailing_list.name if self.mailing_list else _("Newsletter"),
            explanation=self.explanation,
            objected_at=self.subscription.changed_at if self.has_objected else None,
            **kwargs,
        )

    def form_valid(self, form):
        try:
            self.record(form)
        except ConsentObjected:
            # Recorded since the page was opened: the page now asks for the extra confirmation.
            del self.subscription
            form.add_error(None, _("The customer objected a moment ago. Read the warning before you go on."))
            return self.form_invalid(form)
        except CustomersError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, self.done % {"customer": self.customer})
        return redirect(self.get_success_url())

    def record(self, form):
        set_subscription(
            self.customer,
            state=self.state,
            actor=self.request.user,
            text=form.cleaned_data["text"],
            mailing_list=self.mailing_list,
            confirmed=form.cleaned_data.get("confirmed", False),
        )


class SubscribeView(ConsentView):
    state = ConsentState.SUBSCRIBED
    page_title = submit_label = gettext_lazy("Subscribe")
    done = gettext_lazy("%(customer)s is subscribed.")

    def get_form_class(self):
        return ResubscribeForm if self.has_objected else SubscribeForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(lacks_address=not self.customer.email, **kwargs)


class UnsubscribeView(ConsentView):
    state = ConsentState.UNSUBSCRIBED
    page_title = submit_label = gettext_lazy("Unsubscribe")
    form_class = RemarkForm
    done = gettext_lazy("%(customer)s is not subscribed any more.")
    explanation = gettext_lazy(
        "The customer is sent nothing more of this list, and can be subscribed again at any time."
    )


class ObjectView(ConsentView):
    state = ConsentState.OBJECTED
    page_title = submit_label = gettext_lazy("Record an objection")
    submit_classname = "serious"
    form_class = RemarkForm
    done = gettext_lazy("The objection of %(customer)s is recorded.")
    explanation = gettext_lazy(
        "For customers who said that they never want to be sent this again. They are unsubscribed, and nobody can "
        "subscribe them without an extra confirmation."
    )
