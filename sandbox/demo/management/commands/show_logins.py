from django.core.management.base import BaseCommand

from demo.logins import LOGINS, PASSWORD

ADDRESSES = (
    ("Shop", "http://localhost:8000/"),
    ("Wagtail admin", "http://localhost:8000/admin/"),
    ("Oscar dashboard", "http://localhost:8000/shop/dashboard/"),
)


class Command(BaseCommand):
    help = "Prints where the sandbox is served and who can sign in."
    requires_system_checks = ()

    def handle(self, *args, **options):
        rows = [*ADDRESSES, ("", ""), *((login.email, login.role) for login in LOGINS)]
        width = max(len(left) for left, _right in rows) + 2
        lines = [f"  {left:<{width}}{right}".rstrip() for left, right in rows]
        self.stdout.write("\n".join(["", *lines, "", f"  Password of all: {PASSWORD}", ""]))
