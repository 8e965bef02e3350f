from django.db import models

VIEW = "oscar_customers_ext.view_customernote"


class CustomerNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All, or for those who may not see notes none, without a question to the database."""
        return self if user.has_perm(VIEW) else self.none()

    def pinned(self):
        return self.filter(pinned=True)
