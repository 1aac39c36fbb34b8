"""What the record says of a session or a patient, in words and charts for people."""
