"""Pictures for reports: figures, tables as pictures, moving skeletons."""
