from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates, loads the demo shop and shows the log-ins: three commands, but one start of Python."
    requires_system_checks = ()

    def handle(self, *args, **options):
        # Quiet, because two hundred names of migrations would hide the log-ins.
        self.stdout.write("Bringing the database up to date: half a minute the first time.")
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout, stderr=self.stderr)
        call_command("load_demo_shop", stdout=self.stdout, stderr=self.stderr)
        call_command("show_logins", stdout=self.stdout, stderr=self.stderr)
