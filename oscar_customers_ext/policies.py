"""Whom the views of ours let in.

Wagtail's generic views ask for the model only, never for the object; on 7.4 a plain view without a policy is open
to everybody who reaches the admin. So each view of ours names its policy, and each object is asked for.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseForbidden
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .compat import policy_for

READ = ("view", "change")


def seen_and_allowed(policy, user, *permissions):
    """The objects on which this member of staff has one of these permissions, and which he or she may see as well."""
    allowed = policy.instances_user_has_any_permission_for(user, permissions)
    if set(permissions) <= set(READ):
        return allowed
    readable = policy.instances_user_has_any_permission_for(user, READ)
    return allowed.filter(pk__in=readable.order_by().values("pk"))


class PolicyMixin:
    """Goes before Wagtail's PermissionCheckedMixin in the bases."""

    model = None

    @cached_property
    def permission_policy(self):
        return policy_for(self.model)


class ListPolicyMixin(PolicyMixin):
    any_permission_required = READ

    def dispatch(self, request, *args, **kwargs):
        # Wagtail lets everybody who may see a list export it, and its CSV lets formulas through.
        if "export" in request.GET:
            return HttpResponseForbidden(
                _("This list cannot be exported."), content_type="text/plain; charset=utf-8"
            )
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return self.permission_policy.instances_user_has_any_permission_for(self.request.user, READ)


class ObjectPolicyMixin(PolicyMixin):
    """``object_permissions``: one of them is needed on the object itself."""

    object_permissions = READ

    def get_object(self, *args, **kwargs):
        found = super().get_object(*args, **kwargs)
        if not self.permission_policy.user_has_any_permission_for_instance(
            self.request.user, self.object_permissions, found
        ):
            raise PermissionDenied
        return found
