"""Fetches recordings from the network; the only file that imports yt-dlp."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError, SourceError

HEIGHT_PX = 480
"""Pictures larger than this would only be shrunk again."""
TIMEOUT_S = 20


def fetch(url: str, folder: Path) -> Path:
    """Download the video of a page into a folder.

    Raises:
        SourceError: no network, no such page, no video on it, or it ended up nowhere.
        ConfigError: yt-dlp is not installed.
    """
    try:
        import yt_dlp
    except ImportError as error:
        raise ConfigError(f"{url} needs yt-dlp: run scripts/setup --training") from error
    folder.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {
        "format": f"bv*[height<={HEIGHT_PX}]/b[height<={HEIGHT_PX}]/bv*/b",  # the sound is not needed
        "outtmpl": {"default": str(folder / "%(id).80s.%(ext)s")},
        "restrictfilenames": True,
        "noplaylist": True,
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "retries": 2,
        "extractor_retries": 1,
        "socket_timeout": TIMEOUT_S,
        "logger": _Silent(),
    }
    try:
        with yt_dlp.YoutubeDL(options) as downloader:
            found = downloader.extract_info(url, download=True)
    except yt_dlp.utils.YoutubeDLError as error:
        said = str(error).removeprefix("ERROR: ").split(" (caused by ")[0].splitlines()  # the cause says the same again
        reason = said[0] if said else type(error).__name__
        raise SourceError(f"cannot fetch {url}: {reason}") from error
    files = [Path(part["filepath"]) for part in (found or {}).get("requested_downloads", ()) if "filepath" in part]
    if not files or not files[0].exists():
        raise SourceError(f"cannot fetch {url}: no video there")
    return files[0]


class _Silent:
    """Keeps yt-dlp from writing over the progress bar; its errors come as exceptions."""

    def debug(self, message: str) -> None:
        """Nothing."""

    info = warning = error = debug
