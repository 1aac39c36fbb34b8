"""What the patient and the therapist see: layout without pygame, drawing with it in one module."""
