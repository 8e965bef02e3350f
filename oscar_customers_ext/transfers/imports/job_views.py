"""One import at its steps: the dry run, the run, what came of it, and the undo."""

from django.http import Http404, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from .access import may_go_on, may_take_back
from .actions import ImportRefused, cancel_import, confirm_import, forget_import, undo_import
from .descriptions import described, figures, progress_of, wait_for
from .failed_rows import OUTCOMES, failed_rows, file_name
from .leftovers import forget_leftover
from .models import ImportJob
from .pages import TEMPLATES, ConfirmImportView, OfJobMixin, has_rows
from .reports import ReportMixin
from .slices import advance
from .tasks import runs_at_once

State = ImportJob.State
#: Seconds of work within one request.
SPELL = 1.5
LOST = gettext_lazy(
    "The file of this import is no longer there. Give this import up, and upload the file again."
)


class ImportView(OfJobMixin, ReportMixin, TemplateView):
    """An import at whichever step it is: what is to be chosen, how far it is, or what came of it."""

    def get_page_title(self):
        return self.job.file_name

    def get_page_subtitle(self):
        return self.job.get_state_display()

    def get_parents(self):
        return self.get_list_of_imports()

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
            progress = progress_of(self.job)
            return super().get_context_data(progress=progress, goes_on_alone=not runs_at_once(), **kwargs)
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
        # Whoever ended it may have been killed before the file was deleted.
        forget_leftover(self.job)
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
        # In another tab it may be done: then nothing of this can be mended, and the action says so.
        if self.job.is_open:
            self.check()
        confirm_import(self.job, actor=self.request.user)

    def check(self):
        if not has_rows(self.job):
            raise ImportRefused(LOST)
        if not may_go_on(self.request.user, self.job):
            raise ImportRefused(
                _(
                    "This import fills fields that you may not change. Look at its columns, and check it again."
                )
            )

    def get_context_data(self, **kwargs):
        return super().get_context_data(wait=wait_for(self.job), figures=figures(self.job.forecast), **kwargs)


class CancelView(ConfirmImportView):
    states = (State.CHECKING, State.RUNNING)
    button_classname = "no"

    def get_page_title(self):
        return _("Stop the check") if self.job.state == State.CHECKING else _("Cancel the import")

    @property
    def button_label(self):
        return self.get_page_title()

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
        if not may_take_back(self.request.user, self.job):
            raise ImportRefused(
                _("This import wrote what you may not change. Somebody who may has to undo it.")
            )
        undo_import(self.job, actor=self.request.user)


class FailedRowsView(OfJobMixin, TemplateView):
    """The failed rows, or with "outcome" the skipped ones, as a file like the one that came, to be mended and imported."""

    def get(self, request, *args, **kwargs):
        outcome = request.GET.get("outcome", OUTCOMES[0])
        if outcome not in OUTCOMES:
            raise Http404
        response = StreamingHttpResponse(
            failed_rows(self.job, outcome), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{file_name(self.job, outcome)}"'
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
