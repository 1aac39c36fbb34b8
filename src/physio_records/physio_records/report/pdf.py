"""The page as PDF; the only door to WeasyPrint. It fetches nothing: the page needs no other file."""

from __future__ import annotations

import warnings

from physio_core.errors import ConfigError

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a library of the system that only makes it faster
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
except (ModuleNotFoundError, OSError):  # a robot has none, or not the libraries of the system that it needs
    HTML = None


def need_pdf() -> None:
    """See that there can be a PDF, before the work.

    Raises:
        ConfigError: WeasyPrint or Pango is not installed.
    """
    if HTML is None:
        raise ConfigError("a PDF needs WeasyPrint and Pango, which come with the laboratory: scripts/setup; or name a file .html")


def pdf(html: str) -> bytes:
    """The page as PDF; errors as :func:`need_pdf`."""
    need_pdf()
    return bytes(HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf())
