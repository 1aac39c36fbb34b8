"""Says what the coach thinks: one sentence for the screen on `display_message`, and what is said aloud on `coach/say`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from std_msgs.msg import String, UInt32

from physio_core.coaching.adviser import AdviceConfig
from physio_core.exercises.catalogue import Catalogue
from physio_core.judging.judgement import Judgement
from physio_core.languages.texts import LanguageConfig, load_texts
from physio_core.params import param
from physio_core.session.events import Event, EventKind
from physio_core.session.messages import message
from physio_core.session.narrator import Narrator
from physio_core.session.status import Status
from physio_msgs.msg import Speech
from physio_nodes.convert import saying_to_msg
from physio_nodes.qos import LATCHED, RELIABLE
from physio_nodes.shell import Shell


@dataclass(frozen=True)
class AnnouncerConfig(AdviceConfig, LanguageConfig):
    """In which words, and how much, the coach says."""

    session_number: int = param(
        0, "Which session of the patient it is, so that none sounds like the last; 0: as the record says, else by the day.", low=0
    )


class Announcer:
    """Speaks for the node that runs the session."""

    def __init__(self, node: Shell, catalogue: Catalogue, config: AnnouncerConfig) -> None:
        """Offer the topics.

        Args:
            node: its node.
            catalogue: the exercises, with their words and faults.
            config: language and amount.

        Raises:
            ConfigError: no texts in the language.
        """
        self._node, self._catalogue, self._config, self._sentence = node, catalogue, config, ""
        self._untold: list[Judgement] = []
        texts = load_texts(config.language, config.wording_dir)
        self._phrases = texts.part("coach")
        self._narrator = Narrator(catalogue, texts, config, self._session(0))
        self._message = node.create_publisher(String, "display_message", LATCHED)
        self._say = node.create_publisher(Speech, "coach/say", RELIABLE)
        node.create_subscription(UInt32, "session/number", self._on_number, LATCHED)

    def configure(self, config: AnnouncerConfig) -> None:
        """Speak like this from now on; errors as at the start, and then nothing changes."""
        texts = load_texts(config.language, config.wording_dir)
        self._phrases = texts.part("coach")
        self._narrator.adviser.phrasing.use(texts)
        self._config = self._narrator.adviser.config = config

    def _on_number(self, msg: UInt32) -> None:
        self._narrator.adviser.phrasing.begin(self._session(msg.data))
        if msg.data:
            self._node.get_logger().info(f"session {msg.data} of this patient")

    def _session(self, recorded: int) -> int:
        """Which session it is: as given, as recorded, or where nobody knows (0) as many as there are days."""
        return self._config.session_number or recorded or date.today().toordinal()

    def take(self, event: Event) -> None:
        """Follow what happens in the session."""
        if event.kind is EventKind.REPETITION:
            self._untold.append(event.judgement)

    def announce(self, status: Status) -> None:
        """Say what there is to say; to be called before the status goes out, so that no headline stands over an old sentence."""
        sentence = message(status, self._catalogue, self._phrases, self._config.language)
        if sentence != self._sentence:
            self._sentence = sentence
            self._message.publish(String(data=sentence))
        # Each repetition on its own: several may have become known at once.
        for judgement in self._untold or (Judgement(),):
            for saying in self._narrator.tell(status, sentence, judgement, self._node.now_s()):
                self._say.publish(saying_to_msg(saying, self._config.language, self._node.get_clock().now().to_msg()))
        self._untold.clear()
