"""What the pages of an import have in common: who is let in, the steps above them, and the way back."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .access import may_import
from .actions import ImportRefused
from .models import ImportJob

State = ImportJob.State
TEMPLATES = "oscar_customers_ext/admin/transfers/imports/"
#: The steps of an import as the pages name them, and the states in which each is the present one.
STEPS = (
    (gettext_lazy("File"), ()),
    (gettext_lazy("Columns"), (State.UPLOADED,)),
    (gettext_lazy("Check"), (State.CHECKING, State.CHECKED)),
    (gettext_lazy("Import"), (State.RUNNING,)),
    (gettext_lazy("Report"), (State.DONE, State.CANCELLED, State.UNDOING, State.UNDONE)),
)


def has_rows(job):
    return bool(job.rows_file) and job.rows_file.storage.exists(job.rows_file.name)


class ImportPageMixin(WagtailAdminTemplateMixin):
    header_icon = "upload"
    step = 0

    def dispatch(self, request, *args, **kwargs):
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_parents(self):
        return self.get_list_of_imports()

    def get_list_of_imports(self):
        return [{"url": reverse("oscar_customers:imports"), "label": _("Imports")}]

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oscar_customers:index"), "label": _("Customers")},
            *self.get_parents(),
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_steps(self):
        """Number, name, and whether it is past ("done"), present ("now") or to come ("")."""
        places = [
            "done" if place < self.step else "now" if place == self.step else ""
            for place in range(len(STEPS))
        ]
        return [
            (place + 1, name, mark)
            for place, ((name, _states), mark) in enumerate(zip(STEPS, places, strict=True))
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(steps=self.get_steps(), **kwargs)


class OfJobMixin(ImportPageMixin):
    """``self.job`` is the import named by the URL. Whoever may import sees and undoes the imports of all."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.job = get_object_or_404(ImportJob.objects.select_related("created_by"), pk=kwargs["pk"])

    @cached_property
    def step(self):
        return next(place for place, (_name, states) in enumerate(STEPS) if self.job.state in states)

    @cached_property
    def job_url(self):
        return reverse("oscar_customers:import_job", args=[self.job.pk])

    def get_page_subtitle(self):
        return self.job.file_name

    def get_parents(self):
        return [*super().get_parents(), {"url": self.job_url, "label": self.job.file_name}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(job=self.job, job_url=self.job_url, **kwargs)

    def refused(self, refusal):
        messages.error(self.request, " ".join(refusal.messages))
        return redirect(self.job_url)


class ConfirmImportView(OfJobMixin, TemplateView):
    """Asks on GET, does it on POST (``perform``, which may raise ImportRefused). In other states there is nothing to ask."""

    template_name = "oscar_customers_ext/admin/transfers/imports/confirm.html"
    states = ()
    question = button_label = button_classname = ""

    def get(self, request, *args, **kwargs):
        if self.job.state not in self.states:
            return redirect(self.job_url)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            done = self.perform()
        except ImportRefused as refusal:
            return self.refused(refusal)
        if done:
            messages.success(request, done)
        return redirect(self.job_url)

    def get_question(self):
        return self.question

    def perform(self):
        """May return a sentence that says what was done."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=self.get_question(),
            button_label=self.button_label,
            button_classname=self.button_classname,
            back_url=self.job_url,
            **kwargs,
        )
