"""A therapist's plan for a patient, as a file: which exercises on which days, how often, within which limits."""
