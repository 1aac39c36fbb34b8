"""Tests run the same in the background, where a shell lets Ctrl-C be ignored by everything that is started there."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
