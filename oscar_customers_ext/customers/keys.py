from django import forms
from django.core.exceptions import ValidationError

#: SQLite takes no integer of more digits for sure, and says so with an OverflowError.
MOST_DIGITS = 18


class KeysMixin:
    """For form fields that choose objects by their keys: one that no database could hold is no choice, either."""

    def to_python(self, value):
        if isinstance(value, str):
            self._check_length(value)
        return super().to_python(value)

    def _check_values(self, value):
        for key in value:
            self._check_length(key)
        return super()._check_values(value)

    def _check_length(self, key):
        if len(str(key)) > MOST_DIGITS:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
            )


class KeyChoiceField(KeysMixin, forms.ModelChoiceField):
    pass


class KeysChoiceField(KeysMixin, forms.ModelMultipleChoiceField):
    pass
