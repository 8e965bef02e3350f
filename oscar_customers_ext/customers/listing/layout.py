"""What the list looks like for one member of staff: the columns, and the saved views above it."""

from django.http import Http404
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BaseColumn

from .columns import as_list_column, by_key
from .models import ColumnChoice, SavedView
from .queries import clean_query, parameters_of


class ListLayoutMixin:
    """For the list's view. The first entry of ``list_display`` names the customer and stays; the others are chosen."""

    #: What can be chosen from, and what is shown to those who have chosen nothing.
    list_columns = []
    list_display = []

    @cached_property
    def available_columns(self):
        """All columns but the first one that this member of staff may see, by their keys."""
        known = by_key(self.list_columns)
        own = [as_list_column(entry, known) for entry in self.list_display[1:]]
        title = self.list_display[0]
        found = {**known, **by_key(own)}
        found.pop(title.name if isinstance(title, BaseColumn) else title, None)
        user = self.request.user
        return {key: column.seen_by(user) for key, column in found.items() if column.is_for(user)}

    @cached_property
    def default_keys(self):
        known = by_key(self.list_columns)
        keys = [as_list_column(entry, known).key for entry in self.list_display[1:]]
        return [key for key in keys if key in self.available_columns]

    @cached_property
    def shown_keys(self):
        """Those of the view that is looked at, else the editor's own choice, else the default."""
        if self.saved_view:
            stored = self.saved_view.columns
        else:
            choice = ColumnChoice.objects.filter(user=self.request.user).first()
            stored = choice.columns if choice else []
        # A column that is gone, or that this member of staff may not see, is left out.
        return [key for key in dict.fromkeys(stored) if key in self.available_columns] or self.default_keys

    @cached_property
    def shown_columns(self):
        return [self.available_columns[key] for key in self.shown_keys]

    @cached_property
    def saved_views(self):
        return list(SavedView.objects.visible_to(self.request.user))

    @cached_property
    def saved_view(self):
        """The view named by ``?view=``; None without one, not found when it is somebody else's own."""
        asked = self.request.GET.get("view", "")
        if not (asked.isascii() and asked.isdigit()):
            return None
        for view in self.saved_views:
            if str(view.pk) == asked:
                return view
        raise Http404

    @cached_property
    def list_query(self):
        """Search, filters and order of this request, and nothing else."""
        return clean_query(self.request.GET, parameters_of(self))
