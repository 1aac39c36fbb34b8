"""Every text that a person reads or hears, in each language: one gettext catalogue for each, read as it stands."""
