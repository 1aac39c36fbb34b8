"""What an exercise is, as data: today the figure that shows it, stored beside its file."""
