"""What staff do about personal coupons, in the customer's log. Of a code it keeps the end only: a code is worth money."""

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .codes import end_of

CREATE = "oscar_customers_ext.create_coupon"
CHANGE = "oscar_customers_ext.change_coupon"
END = "oscar_customers_ext.end_coupon"
DELETE = "oscar_customers_ext.delete_coupon"
MAIL = "oscar_customers_ext.mail_coupon"
MAIL_FAILED = "oscar_customers_ext.mail_coupon_failed"


def facts(coupon):
    voucher = coupon.voucher
    return {
        "coupon": coupon.pk,
        "code_end": end_of(voucher.code),
        "starts_at": voucher.start_datetime.isoformat(),
        "ends_at": voucher.end_datetime.isoformat(),
    }


def _moment(text):
    return date_format(localtime(parse_datetime(text)), "SHORT_DATETIME_FORMAT") if text else ""


def _mailed(entry):
    return _("Coupon %(code)s mailed to %(email)s") % _words(entry)


def _not_mailed(entry):
    return _("Coupon %(code)s could not be mailed to %(email)s") % _words(entry)


def _created(entry):
    return _("Coupon %(code)s created, valid from %(start)s to %(end)s") % _words(entry)


def _changed(entry):
    return _("Coupon %(code)s changed, valid from %(start)s to %(end)s") % _words(entry)


def _ended(entry):
    return _("Coupon %(code)s ended") % _words(entry)


def _deleted(entry):
    return _("Coupon %(code)s deleted") % _words(entry)


def _words(entry):
    data = entry.data
    return {
        "code": data.get("code_end", ""),
        "start": _moment(data.get("starts_at")),
        "end": _moment(data.get("ends_at")),
        "email": data.get("email", ""),
    }


ACTIONS = {
    CREATE: (gettext_lazy("Create coupon"), _created),
    CHANGE: (gettext_lazy("Change coupon"), _changed),
    END: (gettext_lazy("End coupon"), _ended),
    DELETE: (gettext_lazy("Delete coupon"), _deleted),
    MAIL: (gettext_lazy("Mail coupon"), _mailed),
    MAIL_FAILED: (gettext_lazy("Coupon not mailed"), _not_mailed),
}
