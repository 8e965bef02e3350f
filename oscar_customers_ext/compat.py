"""Differences between the supported versions of Wagtail and Django, each with the day on which it goes."""

from wagtail.permission_policies import ModelPermissionPolicy

try:
    from wagtail.permissions import policy_registry
except ImportError:  # drop when Wagtail 7.4 is no longer supported
    policy_registry = None


def policy_for(model):
    """The permission policy of a model: the one that the site registered, else by the model's own permissions."""
    return policy_registry.get_by_type(model) if policy_registry else ModelPermissionPolicy(model)
