"""What every bulk action on customers does: ask for permission, obey the list's search and filters, and say how many."""

from django.utils.functional import cached_property
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.policies import PolicyMixin, seen_and_allowed

from .models import Customer

AT_MOST = 10_000
EXAMPLES = 10


class CustomerBulkAction(PolicyMixin, PermissionCheckedMixin, BulkAction):
    """``listing`` is the list's view, set where the screen is assembled: "all" means what it finds for this request."""

    models = [Customer]
    model = Customer
    template_name = "oscar_customers_ext/admin/customers/confirm_bulk.html"
    button_classname = ""
    #: A template with what will happen, shown below the selected customers.
    explanation_template = None
    #: The page names some of the customers, so whoever acts must be allowed to see them.
    needs_read = True
    #: How many customers at once.
    at_most = AT_MOST
    listing = None

    @cached_property
    def selected(self):
        """The selected customers on whom this member of staff may act, by primary key."""
        needed = self.any_permission_required or (self.permission_required,)
        policy, user = self.permission_policy, self.request.user
        if self.needs_read:
            allowed = seen_and_allowed(policy, user, *needed)
        else:
            allowed = policy.instances_user_has_any_permission_for(user, needed)
        ids = self.request.GET.getlist("id")
        if "all" in ids:
            return allowed.filter(pk__in=self.listed()).order_by("pk")
        pks = [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 19]
        return allowed.filter(pk__in=pks).order_by("pk")

    def listed(self):
        """What the list finds for the same search and filters; nothing when a filter cannot be understood.

        Wagtail then shows the list without any filter, which is no ground to act on everybody.
        """
        view = self.listing()
        view.setup(self.request)
        if view.filters and not view.filters.is_valid():
            return Customer.objects.none().values("pk")
        return view.get_queryset().order_by().values("pk")

    @cached_property
    def number(self):
        return self.selected.count()

    @property
    def is_too_many(self):
        return self.number > self.at_most

    def get_actionable_objects(self):
        return ([] if self.is_too_many else list(self.selected)), {"items_with_no_access": []}

    def get_context_data(self, **kwargs):
        # Not the base's: it lists every object, and names those that one may not see.
        return {
            **super(BulkAction, self).get_context_data(**kwargs),
            "action": self,
            "number": self.number,
            "too_many": self.is_too_many,
            "at_most": self.at_most,
            "examples": self.selected[:EXAMPLES],
            "more": max(self.number - EXAMPLES, 0),
            "filtered": "all" in self.request.GET.getlist("id"),
            "next": self.next_url,
            "submit_url": f"{self.request.path}?{self.request.META['QUERY_STRING']}",
        }

    def prepare_action(self, objects, objects_without_access):
        if self.is_too_many:
            return self.render_to_response(self.get_context_data(form=self.cleaned_form))
        return None

    def get_execution_context(self):
        return {"actor": self.request.user}

    def get_success_message(self, num_parent_objects, num_child_objects):
        return self.success_message(num_parent_objects)


class EachOfBulkAction(CustomerBulkAction):
    """Gives all selected customers each of the things that the form's field ``chosen`` names, or takes them away.

    ``change`` is an action: it takes the customers' keys and one of the things, and returns whom it changed.
    """

    chosen = None
    change = None

    def get_execution_context(self):
        return {**super().get_execution_context(), "things": self.cleaned_form.cleaned_data[self.chosen]}

    @classmethod
    def execute_action(cls, objects, actor=None, things=(), **kwargs):
        pks = [customer.pk for customer in objects]
        changed = {customer.pk for thing in things for customer in cls.change(pks, thing, actor=actor)}
        return len(changed), 0
