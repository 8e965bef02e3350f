"""Files of a few bytes that would fill a machine: seconds and memory until each is refused.

``python -m benchmarks.bombs FILE`` is the process that is measured; it prints one JSON object.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reconciling import peak_megabytes

ALLOWED_SECONDS, ALLOWED_MEGABYTES = 2, 200


@dataclass
class Refused:
    name: str
    seconds: float
    megabytes: float
    #: Empty where the bomb was taken for a list of customers.
    sentence: str

    @property
    def passed(self):
        return bool(self.sentence) and self.seconds < ALLOWED_SECONDS and self.megabytes < ALLOWED_MEGABYTES


def read(path):
    from oscar_customers_ext.transfers.tables.reading import open_table
    from oscar_customers_ext.transfers.tables.refusals import TableRefused

    before, started, sentence = peak_megabytes(), time.perf_counter(), ""
    try:
        rows = sum(1 for _row in open_table(path, Path(path).name).rows())
        sentence = "" if rows else "There is nothing in it."
    except TableRefused as refused:
        sentence = str(refused)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": peak_megabytes() - before, "sentence": sentence}


def measure():
    from tests.transfers.bombs import ALL_BOMBS

    for bomb, name in ALL_BOMBS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            bomb(path)
            command = [sys.executable, "-m", "benchmarks.bombs", str(path)]
            child = subprocess.run(command, capture_output=True, text=True, check=False)
            if child.returncode:
                raise SystemExit(child.stderr)
        yield Refused(bomb.__name__, **json.loads(child.stdout))


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(read(sys.argv[1])))
