"""The way of a file in: list of imports, upload, columns, dry run, and the run itself."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from oscar_customers_ext.transfers.shops.files import BY_KEY
from oscar_customers_ext.transfers.tables.reading import TEXT_FORMATS
from oscar_customers_ext.transfers.tables.refusals import TableRefused

from .access import limited_mapping, limited_options, may_go_on
from .actions import (
    ImportRefused,
    cancel_import,
    change_mapping,
    change_options,
    change_reading,
    check_import,
    confirm_import,
    forget_import,
    start_import,
    undo_import,
)
from .columns import ColumnsForm
from .descriptions import described, figures, progress_of, wait_for
from .failed_rows import failed_rows, file_name
from .forms import OptionsForm, ReadingForm, UploadForm
from .models import ImportJob
from .pages import ConfirmImportView, ImportPageMixin, OfJobMixin
from .reports import ReportMixin
from .slices import advance

State = ImportJob.State
TEMPLATES = "oscar_customers_ext/admin/transfers/imports/"
#: Key of the file whose columns say everything, so that nothing is asked.
PLAIN = "name-email-password"
#: Seconds of work within one request.
SPELL = 1.5
LOST = gettext_lazy(
    "The file of this import is no longer there. Give this import up, and upload the file again."
)


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
            job = start_import(file, name=file.name, actor=self.request.user)
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
        shops = [known.title for known in BY_KEY.values() if known.key != PLAIN and "(20" not in known.title]
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


def has_rows(job):
    return bool(job.rows_file) and job.rows_file.storage.exists(job.rows_file.name)


@transaction.atomic
def begin_check(job, mapping, options, actor):
    """Columns, options and the beginning of the dry run: all, or nothing where one of them cannot be."""
    job = change_mapping(job, mapping=mapping, actor=actor)
    job = change_options(job, options=options, actor=actor)
    return check_import(job, actor=actor)


class ImportView(OfJobMixin, ReportMixin, TemplateView):
    """An import at whichever step it is: what is to be chosen, how far it is, or what came of it."""

    def get_page_title(self):
        return self.job.get_state_display()

    def get_template_names(self):
        if self.job.is_working:
            return [TEMPLATES + "progress.html"]
        return [TEMPLATES + ("checked.html" if self.job.state == State.CHECKED else "report.html")]

    def get(self, request, *args, **kwargs):
        if self.job.state == State.UPLOADED:
            return redirect("oscar_customers:import_columns", self.job.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        if self.job.is_working:
            return super().get_context_data(progress=progress_of(self.job), **kwargs)
        return super().get_context_data(recognised=described(self.job), **self.get_report(), **kwargs)


class ProgressView(OfJobMixin, TemplateView):
    """GET says how far the import is; POST works on it for a moment and then says so.

    Any number of tabs may post: one of them works, the others are told how far it is.
    """

    def get(self, request, *args, **kwargs):
        return JsonResponse(progress_of(self.job))

    def post(self, request, *args, **kwargs):
        if self.job.is_working:
            self.work()
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return JsonResponse(progress_of(self.job))
        return redirect(self.job_url)

    def work(self):
        try:
            if self.job.state in (State.CHECKING, State.RUNNING) and not has_rows(self.job):
                self.job = cancel_import(self.job, actor=self.request.user)
                messages.error(self.request, LOST)
            else:
                self.job = advance(self.job, seconds=SPELL)
        except ImportRefused:
            # Somebody else was quicker; how far it is says it all.
            self.job.refresh_from_db()


class RunView(ConfirmImportView):
    page_title = gettext_lazy("Import")
    states = (State.CHECKED,)
    template_name = TEMPLATES + "run.html"
    button_label = gettext_lazy("Import now")
    step = 3

    def perform(self):
        if not has_rows(self.job):
            raise ImportRefused(LOST)
        if not may_go_on(self.request.user, self.job):
            raise ImportRefused(
                _(
                    "This import fills fields that you may not change. Look at its columns, and check it again."
                )
            )
        confirm_import(self.job, actor=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(wait=wait_for(self.job), figures=figures(self.job.forecast), **kwargs)


class CancelView(ConfirmImportView):
    page_title = gettext_lazy("Cancel the import")
    states = (State.CHECKING, State.RUNNING)
    button_label = gettext_lazy("Cancel the import")
    button_classname = "no"

    def get_question(self):
        if self.job.state == State.CHECKING:
            return _(
                "The check is stopped. Nothing was imported, and you can change the columns and check again."
            )
        return _(
            "The import is stopped where it is. What was imported until then stays, and you can undo it afterwards. "
            "The file is deleted: to import the rest, upload it again."
        )

    def perform(self):
        cancel_import(self.job, actor=self.request.user)
        return _("Cancelled.")


class ForgetView(ConfirmImportView):
    page_title = gettext_lazy("Give up the import")
    states = ImportJob.OPEN
    button_label = gettext_lazy("Delete the file")
    button_classname = "no"
    question = gettext_lazy(
        "Nothing of this file was imported. The file is deleted, and nothing comes of it."
    )

    def perform(self):
        forget_import(self.job, actor=self.request.user)
        return _("The file is deleted. Nothing of it was imported.")


class UndoView(ConfirmImportView):
    page_title = gettext_lazy("Undo the import")
    template_name = TEMPLATES + "undo.html"
    states = ImportJob.ENDED
    button_label = gettext_lazy("Undo the import")
    button_classname = "no"

    def perform(self):
        undo_import(self.job, actor=self.request.user)


class FailedRowsView(OfJobMixin, TemplateView):
    """The failed rows as a file like the one that came, to be mended and imported."""

    def get(self, request, *args, **kwargs):
        response = StreamingHttpResponse(failed_rows(self.job), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{file_name(self.job)}"'
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
