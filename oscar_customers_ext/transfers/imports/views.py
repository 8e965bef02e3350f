"""The way of a file in: list of imports, upload, and its columns. What follows is in ``job_views``."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from oscar_customers_ext.transfers.shops.files import BY_KEY
from oscar_customers_ext.transfers.shops.own import OWN
from oscar_customers_ext.transfers.tables.reading import TEXT_FORMATS
from oscar_customers_ext.transfers.tables.refusals import TableRefused

from .access import limited_mapping, limited_options
from .actions import (
    ImportRefused,
    change_mapping,
    change_options,
    change_reading,
    check_import,
    start_import,
)
from .columns import ColumnsForm
from .descriptions import described
from .forms import OptionsForm, ReadingForm, UploadForm
from .models import ImportJob
from .pages import TEMPLATES, ImportPageMixin, OfJobMixin, has_rows

#: Key of the file whose columns say everything, so that nothing is asked.
PLAIN = "name-email-password"
#: Seconds that a file may take to be read: a request that lasts half a minute is ended by what stands before the site.
READING = 20


class ImportListView(ImportPageMixin, TemplateView):
    page_title = gettext_lazy("Imports")
    template_name = TEMPLATES + "list.html"
    per_page = 20

    def get_parents(self):
        return []

    @cached_property
    def header_buttons(self):
        url = reverse("oscar_customers:import_file")
        return [HeaderButton(_("Import a file"), url=url, icon_name="upload")]

    def get_context_data(self, **kwargs):
        jobs = ImportJob.objects.select_related("created_by").defer("header", "mapping", "options")
        page = Paginator(jobs, self.per_page).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class UploadView(ImportPageMixin, FormView):
    page_title = gettext_lazy("Import a file")
    template_name = TEMPLATES + "upload.html"
    form_class = UploadForm

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        try:
            job = start_import(file, name=file.name, actor=self.request.user, seconds=READING)
        except TableRefused as refused:
            form.add_error("file", str(refused.sentence))
            return self.form_invalid(form)
        if job.shop == PLAIN and not job.notices:
            return self.go_on(job)
        return redirect("oscar_customers:import_columns", job.pk)

    def go_on(self, job):
        """The plain file: each of its columns is known, so the dry run begins at once."""
        user = self.request.user
        mapping, options = limited_mapping(job.mapping, user), limited_options(job.options, user)
        begin_check(job, mapping, options, user)
        return redirect("oscar_customers:import_job", job.pk)

    def get_context_data(self, **kwargs):
        titles = [
            known.title.partition(" (")[0] for known in BY_KEY.values() if known.key not in (PLAIN, OWN.key)
        ]
        # Some shops have changed their file over the years.
        shops = list(dict.fromkeys(titles))
        return super().get_context_data(shops=shops, **kwargs)


class ColumnsView(OfJobMixin, TemplateView):
    """What was recognised, and what is to be done with it. POST "read" reads the file anew, else the dry run begins."""

    page_title = gettext_lazy("Columns")
    template_name = TEMPLATES + "columns.html"
    step = 1

    def get(self, request, *args, **kwargs):
        if not self.job.is_open:
            return redirect(self.job_url)
        forms = {} if self.is_lost else self.make_forms()
        return self.render_to_response(self.get_context_data(**forms))

    def post(self, request, *args, **kwargs):
        if not self.job.is_open or self.is_lost:
            return redirect(self.job_url)
        return self.read_anew() if "read" in request.POST else self.check()

    @cached_property
    def is_lost(self):
        return not has_rows(self.job)

    def make_forms(self, data=None):
        columns = ColumnsForm(data, job=self.job, user=self.request.user)
        options = OptionsForm(data, job=self.job, user=self.request.user)
        reading = ReadingForm(job=self.job) if self.job.table_format in TEXT_FORMATS else None
        return {"columns": columns, "options": options, "reading": reading}

    def read_anew(self):
        reading = ReadingForm(self.request.POST, job=self.job)
        if reading.is_valid():
            try:
                change_reading(self.job, **reading.cleaned_data, actor=self.request.user)
            except TableRefused as refused:
                reading.add_error(None, str(refused.sentence))
            except ImportRefused as refusal:
                return self.refused(refusal)
            else:
                messages.success(self.request, _("The file was read anew. Look at the first values below."))
                return redirect("oscar_customers:import_columns", self.job.pk)
        return self.render_to_response(self.get_context_data(**self.make_forms() | {"reading": reading}))

    def check(self):
        forms = self.make_forms(self.request.POST)
        columns, options = forms["columns"], forms["options"]
        # Both are asked, so that all that is wrong is said at once.
        if columns.is_valid() & options.is_valid():
            try:
                begin_check(self.job, columns.mapping, options.options, self.request.user)
            except ImportRefused as refusal:
                return self.refused(refusal)
            except ValidationError as error:
                columns.add_error(None, error.messages)
            else:
                return redirect(self.job_url)
        return self.render_to_response(self.get_context_data(**forms))

    def get_context_data(self, **kwargs):
        columns = kwargs.get("columns")
        return super().get_context_data(
            recognised=described(self.job),
            is_lost=self.is_lost,
            left_behind=columns.left_behind() if columns else [],
            **kwargs,
        )


@transaction.atomic
def begin_check(job, mapping, options, actor):
    """Columns, options and the beginning of the dry run: all, or nothing where one of them cannot be."""
    job = change_mapping(job, mapping=mapping, actor=actor)
    job = change_options(job, options=options, actor=actor)
    return check_import(job, actor=actor)
