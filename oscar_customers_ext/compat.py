"""Differences between the supported versions of Wagtail and Django, each with the day on which it goes."""

from wagtail.permission_policies import ModelPermissionPolicy

try:
    from wagtail.permissions import policy_registry, register_permission_policy
except ImportError:  # drop when Wagtail 7.4 is no longer supported
    policy_registry = None

#: Ours, where Wagtail has no registry.
_policies = {}


def register_policy(policy):
    """For the policy's model, unless the site has registered one; where it does so later, the site's counts."""
    if policy_registry is None:
        _policies[policy.model] = policy
    elif policy_registry.get_by_type(policy.model, fallback=False) is None:
        register_permission_policy(policy.model, policy)


def policy_for(model):
    """The permission policy of a model: the one that the site registered, else ours, else by the model's own permissions."""
    if policy_registry:
        return policy_registry.get_by_type(model)
    return _policies.get(model) or ModelPermissionPolicy(model)
