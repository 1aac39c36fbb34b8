"""The commands around the coach, each a group of `physio`."""
