"""How a private file leaves the server."""

from typing import Any

from django.http import FileResponse

from .uploads import clean_name


def download(content: Any, name: str) -> FileResponse:
    """Always as a download: whatever is in the file, the browser runs nothing of it within this site."""
    response = FileResponse(
        content, as_attachment=True, filename=clean_name(name), content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
