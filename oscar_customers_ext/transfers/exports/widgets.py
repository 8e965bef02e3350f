"""Which columns, in which order: a tick and a place for each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LAST = 1_000


class ColumnsWidget(forms.Widget):
    template_name = "oscar_customers_ext/admin/exports/columns_input.html"
    #: Name of a column -> its label.
    labels: dict[str, Any] = {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        chosen = [column for column in value or [] if column in self.labels]
        #: Those that are chosen come first, in their order.
        names = [*chosen, *(column for column in self.labels if column not in chosen)]
        rows = [
            {
                "name": column,
                "label": self.labels[column],
                "chosen": column in chosen,
                "place": place if column in chosen else "",
            }
            for place, column in enumerate(names, start=1)
        ]
        return {**super().get_context(name, value, attrs), "rows": rows, "number": len(chosen)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        ticked = data.getlist(name) if hasattr(data, "getlist") else list(data.get(name) or [])

        def place(column: str) -> int:
            given = data.get(f"{name}-place-{column}", "")
            return int(given[:4]) if given.isascii() and given.isdigit() else LAST

        return sorted(ticked, key=place)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        # No tick at all is an answer.
        return False

    def id_for_label(self, id_: str) -> str:
        return ""


class ColumnsField(forms.Field):
    """Names of columns in their order. Whatever is no column for this form's user is left out."""

    widget = ColumnsWidget
    default_error_messages = {"required": _("Tick at least one column.")}

    def offer(self, labels: dict[str, Any]) -> None:
        self.widget.labels = labels

    def clean(self, value: Any) -> list[str]:
        return super().clean([name for name in dict.fromkeys(value or []) if name in self.widget.labels])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])
