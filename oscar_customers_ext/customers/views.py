from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.log_actions import log

from oscar_customers_ext.audit import CREATE, EDIT
from oscar_customers_ext.exceptions import CustomerExists
from oscar_customers_ext.policies import ListPolicyMixin, ObjectPolicyMixin, PolicyMixin

from .columns import CustomerColumn
from .links import customer_url
from .listing.layout import ListLayoutMixin
from .paginator import CustomerPaginator
from .panels import CustomerCard, LazyTab, SectionTab
from .shortcuts import buttons_for
from .staff_sites.figures import figures_for
from .staff_sites.policies import shows_all


class CustomerListView(ListPolicyMixin, ListLayoutMixin, generic.IndexView):
    is_searchable = True
    add_item_label = gettext_lazy("New customer")
    default_ordering = "-created_at"
    paginator_class = CustomerPaginator
    archive_url_name = restore_url_name = columns_url_name = save_view_url_name = views_url_name = None
    #: Entries of the menu beside the button to add one: who may (asked with the user), label, name of the URL, icon,
    #: and whether it is about what the list finds.
    file_links = ()
    #: Beside those for customers, like "oscar_customers_ext.add_membership": each opens a bulk action to readers.
    bulk_permissions = ()
    shortcuts = ()

    @property
    def has_bulk_actions(self):
        own = ("change", "delete", "subscribe", "approve", "assign_group", "export")
        has_perm = self.request.user.has_perm
        return self.user_has_any_permission(own) or any(has_perm(name) for name in self.bulk_permissions)

    @cached_property
    def header_more_buttons(self):
        query = f"?{self.list_query}" if self.list_query else ""
        files = [
            Button(label, url=reverse(url_name) + query * of_list, icon_name=icon, priority=30 + place)
            for place, (may, label, url_name, icon, of_list) in enumerate(self.file_links)
            if may(self.request.user)
        ]
        return [*super().header_more_buttons, *files]

    @cached_property
    def columns(self):
        title = self.list_display[0]
        title = title if isinstance(title, BaseColumn) else self._get_title_column(title)
        columns = [title, *(shown.column for shown in self.shown_columns)]
        if self.has_bulk_actions:
            return [BulkActionsCheckboxColumn("bulk_actions", obj_type="customer"), *columns]
        return columns

    def get_valid_orderings(self):
        """Also by a column that is not shown: a saved view keeps its order when its columns are others."""
        keys = {column.column.sort_key for column in self.available_columns.values()}
        keys |= {column.sort_key for column in self.columns}
        return [ordering for key in keys - {None} for ordering in (key, f"-{key}")]

    def _get_title_column(self, field_name, column_class=CustomerColumn, **kwargs):
        # The checkbox names its row by this id.
        return super()._get_title_column(
            field_name, column_class, get_title_id=lambda customer: f"customer_{customer.pk}_title", **kwargs
        )

    def get_base_queryset(self):
        customers = super().get_base_queryset()
        for column in self.shown_columns:
            customers = column.prepare(customers)
        # Here and not in the filter, which counts for nothing when another filter cannot be understood.
        return customers if self.request.GET.get("archived") in ("yes", "all") else customers.active()

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        # The estimate is one of the whole table, so it tells who sees a part of it only of the others.
        may_know = shows_all(self.permission_policy, self.request.user)
        is_filtered = self.filters and self.filters.form.has_changed()
        paginator.may_estimate = may_know and not (self.is_searching or is_filtered)
        paginator.is_searching = self.is_searching
        return paginator

    def filter_queryset(self, queryset):
        """By the filters that can be understood; the page says which ones cannot, say because what they name is gone."""
        if self.filters and not self.filters.is_valid():
            return self.filters.filter_queryset(queryset)
        return super().filter_queryset(queryset)

    @cached_property
    def lost_filters(self):
        form = self.filters.form
        return [] if self.filters.is_valid() else [form.fields[name].label for name in form.errors]

    def get_context_data(self, **kwargs):
        query = f"?{self.list_query}" if self.list_query else ""
        return super().get_context_data(
            saved_views=self.saved_views,
            saved_view=self.saved_view,
            lost_filters=self.lost_filters,
            columns_url=reverse(self.columns_url_name) + query,
            save_view_url=reverse(self.save_view_url_name) + query,
            views_url=reverse(self.views_url_name),
            **kwargs,
        )

    def order_queryset(self, queryset):
        """Equal values by first name and primary key, so that no row is shown on two pages."""
        name = self.ordering if isinstance(self.ordering, str) else self.default_ordering
        minus = "-" if name.startswith("-") else ""
        between = [f"{minus}first_name"] if name.endswith("last_name") else []
        return queryset.order_by(name, *between, f"{minus}pk")

    def search_queryset(self, queryset):
        return queryset.search(self.search_query) if self.is_searching else queryset

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            url_name = self.restore_url_name if instance.archived_at else self.archive_url_name
            label = _("Restore") if instance.archived_at else _("Archive")
            icon = "rotate" if instance.archived_at else "folder-inverse"
            buttons.append(
                Button(label, url=reverse(url_name, args=[instance.pk]), icon_name=icon, priority=25)
            )
        return [*buttons, *buttons_for(self.shortcuts, self.request.user, instance)]


class CreateCustomerView(PolicyMixin, generic.CreateView):
    page_title = gettext_lazy("New")
    page_subtitle = gettext_lazy("New customer")
    success_message = gettext_lazy("Customer %(object)s created.")

    def get_breadcrumbs_items(self):
        items = super().get_breadcrumbs_items()
        return [*items[:-1], {"url": "", "label": self.page_subtitle}]

    def get_success_url(self):
        """The new customer, for those who may open it; else the form for the next one."""
        return customer_url(self.request.user, self.object) or self.get_add_url()

    def get_success_buttons(self):
        return []

    def save_instance(self):
        customer = self.form.create()
        # Tax asks who entered the country: staff, or an order of the buyer.
        changes = {"country": ["", customer.country_id]} if customer.country_id else {}
        log(customer, CREATE, user=self.request.user, content_changed=True, data={"changes": changes})
        # Wagtail goes on with the form's instance.
        self.form.instance = customer
        return customer

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as error:
            # Something happened between the check of the form and now; mostly, somebody created this very customer.
            if isinstance(error, CustomerExists):
                form.add_error("email", form.taken_by(error.customer))
            else:
                form.add_error(None, error.messages)
            self.produced_error_code, self.produced_error_message = (
                "validation_error",
                self.get_error_message(),
            )
            return self.form_invalid(form)


class EditCustomerView(ObjectPolicyMixin, generic.EditView):
    object_permissions = ("change",)
    success_message = gettext_lazy("Customer %(object)s updated.")
    archive_url_name = restore_url_name = None
    shortcuts = ()

    #: What the form and the card show of one customer.
    SHOWN = ("user", "contact", "country", "email_change")

    def get_queryset(self):
        customers = super().get_queryset().select_related(*self.SHOWN)
        # Who saves has the row alone until it is saved: of two at the same moment, the second is told of the first.
        return customers.locked() if self.request.method == "POST" else customers

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            form.add_error(
                None,
                _(
                    "Somebody else stored this e-mail address or number at this moment. Save again to see who."
                ),
            )
            self.produced_error_code, self.produced_error_message = (
                "validation_error",
                self.get_error_message(),
            )
            return self.form_invalid(form)

    def get_success_url(self):
        return self.get_edit_url()

    def get_success_buttons(self):
        return []

    def save_instance(self):
        changes = self.form.described_changes()
        customer = self.form.save()
        log(customer, EDIT, user=self.request.user, content_changed=bool(changes), data={"changes": changes})
        return customer

    @cached_property
    def header_buttons(self):
        buttons = list(super().header_buttons)
        if self.request.user.has_perm("order.view_order"):
            url = f"{reverse('oscar_customers_orders:index')}?customer={self.object.pk}"
            buttons.append(HeaderButton(_("Order list"), url=url, icon_name="list-ul"))
        return buttons

    @cached_property
    def header_more_buttons(self):
        url_name = self.restore_url_name if self.object.archived_at else self.archive_url_name
        label = _("Restore") if self.object.archived_at else _("Archive")
        icon = "rotate" if self.object.archived_at else "folder-inverse"
        archive = Button(label, url=reverse(url_name, args=[self.object.pk]), icon_name=icon, priority=25)
        more = buttons_for(self.shortcuts, self.request.user, self.object)
        return [*super().header_more_buttons, archive, *more]

    def get_side_panels(self):
        return MediaContainer([CustomerCard(self.object, self.request), *super().get_side_panels()])


class CustomerOverview(ObjectPolicyMixin, generic.InspectView):
    """The whole customer, read-only: what staff see who may view but not change."""

    any_permission_required = ("view", "change")
    page_title = gettext_lazy("Overview")
    panel = None
    shortcuts = ()

    @cached_property
    def header_more_buttons(self):
        more = buttons_for(self.shortcuts, self.request.user, self.object)
        return [*super().header_more_buttons, *more]

    def get_edit_url(self):
        may_change = self.permission_policy.user_has_permission_for_instance(
            self.request.user, "change", self.object
        )
        return reverse(self.edit_url_name, args=[self.object.pk]) if may_change else None

    def get_tabs(self):
        """The tabs of the edit screen that are lists and no form, as far as this member of staff may see them."""
        tabs = [tab for tab in self.panel.children if isinstance(tab, (LazyTab, SectionTab))]
        bound = [tab.get_bound_panel(instance=self.object, request=self.request, form=None) for tab in tabs]
        return [
            {"heading": tab.heading, "id": tab.panel.tab_id, "sections": self._sections_of(tab)}
            for tab in bound
            if tab.is_shown()
        ]

    def _sections_of(self, tab):
        return tab.visible_children if isinstance(tab.panel, SectionTab) else [tab]

    def get_context_data(self, **kwargs):
        figures = figures_for(self.request.user, self.object)
        pinned_note = self.object.notes.visible_to(self.request.user).pinned().first()
        return super().get_context_data(
            tabs=self.get_tabs(), figures=figures, pinned_note=pinned_note, **kwargs
        )
