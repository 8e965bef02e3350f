"""What staff do about memberships and roles, in the customer's log."""

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

GRANT = "oscar_customers_ext.grant_membership"
RENEW = "oscar_customers_ext.renew_membership"
REVOKE = "oscar_customers_ext.revoke_membership"
NOTICE = "oscar_customers_ext.notice_membership"
ROLES = "oscar_customers_ext.assign_roles"


def facts(membership):
    """What an entry keeps: as it was then, whatever becomes of plan and membership."""
    return {
        "plan": membership.plan.name,
        "membership": membership.pk,
        "starts_at": membership.starts_at.isoformat(),
        "ends_at": membership.ends_at.isoformat() if membership.ends_at else None,
    }


def _moment(text):
    return date_format(localtime(parse_datetime(text)), "SHORT_DATETIME_FORMAT") if text else ""


def _words(entry):
    data = entry.data
    return {
        "plan": data.get("plan", ""),
        "start": _moment(data.get("starts_at")),
        "end": _moment(data.get("ends_at")),
    }


def _granted(entry):
    words = _words(entry)
    if words["end"]:
        return _("Membership %(plan)s granted, from %(start)s to %(end)s") % words
    return _("Membership %(plan)s granted, from %(start)s without an end") % words


def _renewed(entry):
    words = _words(entry)
    if words["end"]:
        return _("Membership %(plan)s renewed to %(end)s") % words
    return _("Membership %(plan)s renewed without an end") % words


def _revoked(entry):
    return _("Membership %(plan)s revoked") % _words(entry)


def _noticed(entry):
    return _("Told by mail that the membership %(plan)s ends on %(end)s") % _words(entry)


def _assigned(entry):
    nothing = _("none")
    return _("Roles changed from %(old)s to %(new)s") % {
        "old": ", ".join(entry.data.get("old", ())) or nothing,
        "new": ", ".join(entry.data.get("new", ())) or nothing,
    }


ACTIONS = {
    GRANT: (gettext_lazy("Grant membership"), _granted),
    RENEW: (gettext_lazy("Renew membership"), _renewed),
    REVOKE: (gettext_lazy("Revoke membership"), _revoked),
    NOTICE: (gettext_lazy("Notice of the end of a membership"), _noticed),
    ROLES: (gettext_lazy("Change roles"), _assigned),
}
