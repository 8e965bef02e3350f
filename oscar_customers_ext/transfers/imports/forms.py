"""What is asked on the way of a file: the file itself, how it is read, and what is done with its rows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.customers.models.source import SOURCE_LENGTH
from oscar_customers_ext.transfers.cells import DateOrder
from oscar_customers_ext.transfers.tables.bounds import MEGABYTE, Bounds
from oscar_customers_ext.transfers.tables.reading import ENDINGS, TEXT_FORMATS
from oscar_customers_ext.transfers.tables.refusals import TableRefused

from . import rights
from .access import limited_options
from .options import (
    POLICIES,
    Accounts,
    Consent,
    Existing,
    Match,
    New,
    Options,
    Policy,
    Unknown,
    default_options,
    policy_label,
)

ENCODING_NAMES = {
    "utf-8": gettext_lazy("UTF-8 (almost every program)"),
    "cp1252": gettext_lazy("Windows, Western Europe (cp1252)"),
    "cp1250": gettext_lazy("Windows, Central Europe (cp1250)"),
    "iso-8859-15": gettext_lazy("ISO 8859-15 (Latin 9)"),
    "utf-16": gettext_lazy("UTF-16 (“Unicode text” of Excel)"),
    "mac_roman": gettext_lazy("Old Macintosh (Mac Roman)"),
}
DELIMITER_NAMES = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
}
#: A tab as a value would be trimmed away.
TAB = "tab"


DATE_ORDERS = [
    (DateOrder.DAY_FIRST.value, gettext_lazy("1 February 2024: the day comes first")),
    (DateOrder.MONTH_FIRST.value, gettext_lazy("2 January 2024: the month comes first")),
]
#: Where each option stands on the page.
SECTIONS = (
    (gettext_lazy("Who is new, and who is there already"), ("existing", "new", "match", "source")),
    (gettext_lazy("Dates and countries"), ("date_order", "unknown_countries")),
    (gettext_lazy("Tags and groups"), ("unknown_tags", "unknown_groups")),
    (gettext_lazy("Newsletter"), ("consent",)),
    (gettext_lazy("User accounts and mail"), ("accounts", "send_links")),
)


def encoding_name(encoding: str) -> Any:
    names = {"utf-8-sig": "utf-8"}
    return ENCODING_NAMES.get(names.get(encoding, encoding), encoding.upper())


def delimiter_name(delimiter: str) -> Any:
    return DELIMITER_NAMES.get(delimiter, delimiter)


def radios(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    choices = getattr(choices, "choices", choices)
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    @property
    def limit(self) -> str:
        return f"{number_format(Bounds().size // MEGABYTE)} MB"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            Bounds().check_size(file.size)
        except TableRefused as refused:
            raise ValidationError(refused.sentence) from refused
        return file


class ReadingForm(forms.Form):
    """Encoding and delimiter of a text file, where the guess was wrong."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"))
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"), required=False)

    def __init__(self, *args: Any, job: Any, **kwargs: Any) -> None:
        initial = {"encoding": job.encoding, "delimiter": TAB if job.delimiter == "\t" else job.delimiter}
        super().__init__(*args, initial=initial, **kwargs)
        names = dict(ENCODING_NAMES)
        if job.encoding not in names:
            names = {job.encoding: encoding_name(job.encoding), **names}
        self.fields["encoding"].choices = list(names.items())
        if job.table_format not in TEXT_FORMATS:
            del self.fields["delimiter"]
            return
        signs = dict(DELIMITER_NAMES)
        if job.delimiter not in signs:
            signs = {job.delimiter: job.delimiter, **signs}
        self.fields["delimiter"].choices = [
            (TAB if sign == "\t" else sign, name) for sign, name in signs.items()
        ]

    def clean_delimiter(self) -> str:
        delimiter = self.cleaned_data["delimiter"]
        return "\t" if delimiter == TAB else delimiter


class OptionsForm(forms.Form):
    """What is done with the rows. Every choice has a default that is safe, so nobody has to look at it."""

    existing = radios(gettext_lazy("Customers who are there already"), Existing)
    new = radios(gettext_lazy("Customers who are not there yet"), New)
    match = forms.MultipleChoiceField(
        label=gettext_lazy("By what a row finds its customer"),
        choices=Match.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("In this order, as far as the file has such columns; never by the name."),
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Name of the other system"),
        max_length=SOURCE_LENGTH,
        help_text=gettext_lazy(
            "Its customer numbers are kept under this name, and found again by the next file."
        ),
    )
    date_order = radios(gettext_lazy("What 01/02/2024 means in this file"), DATE_ORDERS)
    unknown_countries = radios(
        gettext_lazy("Countries that cannot be recognised"),
        [choice for choice in Unknown.choices if choice[0] != Unknown.CREATE],
    )
    unknown_tags = radios(gettext_lazy("Tags that are not there yet"), Unknown)
    unknown_groups = radios(gettext_lazy("Groups that are not there yet"), Unknown)
    consent = radios(
        gettext_lazy("Newsletter"),
        Consent,
        help_text=gettext_lazy("Whoever objected or unsubscribed here stays so, whatever the file says."),
    )
    accounts = radios(gettext_lazy("User accounts"), Accounts)
    send_links = forms.BooleanField(
        label=gettext_lazy("Send each new account a link to set a password"),
        required=False,
        help_text=gettext_lazy("No mail is sent unless this is ticked."),
    )

    def __init__(self, *args: Any, job: Any, user: Any, **kwargs: Any) -> None:
        options = Options.of(limited_options(job.options, user))
        initial = options.as_json() | {f"policy_{name}": options.policy(name) for name in POLICIES}
        super().__init__(*args, initial=initial, **kwargs)
        self.job, self.user = job, user
        for name in POLICIES:
            self.fields[f"policy_{name}"] = forms.ChoiceField(
                label=policy_label(name), choices=Policy.choices, widget=forms.Select
            )
        self._leave_out_what_may_not_be()

    def _leave_out_what_may_not_be(self) -> None:
        left_out = rights.fields_left_out(self.user)
        for name in ("groups", "note", "tax_exempt"):
            if name in left_out:
                del self.fields[f"policy_{name}"]
        if "groups" in left_out:
            del self.fields["unknown_groups"]
        elif not rights.may_make_groups(self.user):
            choices = [choice for choice in Unknown.choices if choice[0] != Unknown.CREATE]
            self.fields["unknown_groups"].choices = choices
        if "newsletter" in left_out:
            del self.fields["consent"]
        if not rights.may_make_accounts(self.user):
            del self.fields["accounts"], self.fields["send_links"]

    def clean_source(self) -> str:
        source = self.cleaned_data["source"]
        if source.startswith("~"):
            raise ValidationError(_("A name does not begin with “~”."))
        return source

    @property
    def options(self) -> dict[str, Any]:
        """What was chosen, as the engine names it. A policy that is the field's own is not kept."""
        chosen = {name: self.cleaned_data[name] for name in self.fields if not name.startswith("policy_")}
        policies = {name: self.cleaned_data.get(f"policy_{name}") for name in POLICIES}
        chosen["policies"] = {name: own for name, own in policies.items() if own and own != POLICIES[name]}
        return limited_options({**self.job.options, **chosen}, self.user)

    def sections(self) -> list[Any]:
        """Title, sentence in brief, fields, and whether it is open: where something is wrong or not as usual."""
        usual = Options.of(default_options(self.job.header).as_json())
        found = []
        for title, names in SECTIONS:
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                is_open = any(field.errors or not self._is_usual(field, usual) for field in fields)
                found.append({"title": title, "fields": fields, "is_open": is_open})
        policies = [self[f"policy_{name}"] for name in POLICIES if f"policy_{name}" in self.fields]
        is_open = any(not self._is_usual(field, usual) for field in policies)
        found.insert(
            1, {"title": _("Field by field"), "fields": policies, "is_open": is_open, "is_grid": True}
        )
        return found

    def _is_usual(self, field: Any, usual: Options) -> bool:
        value = field.value()
        if field.name.startswith("policy_"):
            return value == POLICIES[field.name.removeprefix("policy_")]
        own = getattr(usual, field.name)
        if field.name == "match":
            return set(value or ()) == set(own)
        return bool(value) == own if isinstance(own, bool) else value == own
