"""Recordings from the network, with a server on this machine in its place."""

from __future__ import annotations

import functools
import socket
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.errors import ConfigError, SourceError
from physio_lab.datasets.fetch import fetch


@pytest.fixture
def served(tmp_path):
    """Address of a folder that holds a clip of ten pictures."""
    with VideoWriter(tmp_path / "clip.mp4", 10.0, 64, 64) as writer:
        for index in range(10):
            writer.add(np.full((64, 64, 3), 20 * index, np.uint8))
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_arguments: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.filterwarnings("ignore")  # yt-dlp's own
def test_a_video_is_fetched(served, tmp_path):
    pytest.importorskip("yt_dlp", reason="yt-dlp comes with scripts/setup --training")
    path = fetch(f"{served}/clip.mp4", tmp_path / "fetched")
    assert path.parent == tmp_path / "fetched" and len(list(read_video(path))) == 10


@pytest.mark.filterwarnings("ignore")
def test_no_network_and_no_such_page_are_said(served, tmp_path):
    pytest.importorskip("yt_dlp", reason="yt-dlp comes with scripts/setup --training")
    with socket.socket() as taken:  # bound, not listening: nobody answers
        taken.bind(("127.0.0.1", 0))
        for url in (f"http://127.0.0.1:{taken.getsockname()[1]}/clip.mp4", f"{served}/none.mp4"):
            with pytest.raises(SourceError, match="cannot fetch http://127.0.0.1:.*(refused|404)"):
                fetch(url, tmp_path)


def test_without_yt_dlp_the_message_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "yt_dlp", None)
    with pytest.raises(ConfigError, match="scripts/setup --training"):
        fetch("http://127.0.0.1/clip.mp4", tmp_path)
