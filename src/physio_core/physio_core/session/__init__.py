"""One session: what is asked for, how far it is, what comes next, and what the patient is told."""
