import uuid
from pathlib import Path
from typing import Any


def upload_to(instance: Any, filename: str) -> str:
    return f"tax/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:10]}"
