"""What a recording of skeletons holds, read as other programs read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory


def recorded(file: Path) -> list[tuple[str, int, Any]]:
    """Topic, time of the image [ns] and message of each skeleton of a finished recording."""
    with file.open("rb") as stream:
        found = make_reader(stream, decoder_factories=[DecoderFactory()]).iter_decoded_messages()
        return [(one.channel.topic, one.message.log_time, one.decoded_message) for one in found]
