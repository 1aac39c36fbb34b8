"""What an exercise is, as data: its file and the figure that shows it."""
