"""Watching and disturbing single database statements, at the border between Django and the database."""

import sys

from django.apps import apps


def called_from(module):
    """Whether a function of this module is on the way to the statement that is executed now."""
    frame = sys._getframe()
    while frame:
        if frame.f_globals.get("__name__") == module:
            return True
        frame = frame.f_back
    return False


class Statements:
    """An ``execute_wrapper`` that counts the statements sent from ``module`` and calls ``at`` before each."""

    def __init__(self, module, at=lambda number, connection: None):
        self.module = module
        self.at = at
        self.count = 0
        self.busy = False

    def __call__(self, execute, sql, params, many, context):
        if not self.busy and called_from(self.module):
            self.count += 1
            self.busy = True
            try:
                self.at(self.count, context["connection"])
            finally:
                self.busy = False
        return execute(sql, params, many, context)


def all_our_rows():
    """Everything the package has stored, to be compared before and after."""
    models = apps.get_app_config("oscar_customers_ext").get_models(include_auto_created=True)
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}
