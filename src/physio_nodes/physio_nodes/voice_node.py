"""Says aloud what the coach says, where there is a loudspeaker; without one it tells once why it is silent."""

from __future__ import annotations

from dataclasses import dataclass

from physio_core.coaching.phrasing import fixed_texts
from physio_core.languages.texts import LanguageConfig, load_texts
from physio_core.speech.speaker import open_voice
from physio_core.speech.voice import Priority, SpeechConfig
from physio_msgs.msg import Speech
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.params import declare
from physio_nodes.qos import RELIABLE
from physio_nodes.run import main_of
from physio_nodes.shell import Shell

PRIORITIES = {Speech.COUNT: Priority.COUNT, Speech.SAFETY: Priority.SAFETY}


@dataclass(frozen=True)
class VoiceConfig(SpeechConfig, LanguageConfig):
    """How the coach sounds, and the language of what is rendered ahead."""


class VoiceNode(Shell):
    """Speaks what comes on `coach/say`."""

    def __init__(self) -> None:
        super().__init__("voice")
        self._config = declare(self, VoiceConfig, self._configure)
        self._voice = open_voice(self._config)
        self._said = 0
        self._told = ""
        self._prepare()
        self.create_subscription(Speech, "coach/say", self._on_say, RELIABLE)
        self._tell_trouble()

    def _configure(self, config: VoiceConfig) -> None:
        load_texts(config.language, config.wording_dir)
        before, self._config = self._config, config
        self._voice.configure(config)
        if (before.language, before.wording_dir, before.rate_wpm) != (config.language, config.wording_dir, config.rate_wpm):
            self._prepare()

    def _prepare(self) -> None:
        self._voice.prepare(fixed_texts(load_texts(self._config.language, self._config.wording_dir)), self._config.language)

    def _on_say(self, msg: Speech) -> None:
        self._said += 1
        self._voice.say(msg.text, msg.language or self._config.language, PRIORITIES.get(msg.kind, Priority.CUE), msg.sound)

    def _tell_trouble(self) -> None:
        trouble = self._voice.trouble
        if trouble and trouble != self._told:
            self._told = trouble
            self.get_logger().warning(trouble)

    def close(self) -> None:
        """Fall silent."""
        self._voice.close()

    def _health(self) -> Health:
        self._tell_trouble()
        trouble, enabled = self._voice.trouble, self._config.enabled
        level = WARN if trouble and enabled else OK
        return level, trouble or ("speaking" if enabled else "turned off"), {"said": self._said}


main = main_of(VoiceNode)

if __name__ == "__main__":
    main()
