# The fork adds no column, so it runs Oscar's own migrations instead of keeping copies of them.
from oscar.apps.partner import migrations

__path__ = migrations.__path__
