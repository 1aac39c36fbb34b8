"""What is trained: a folder for each task, with its network, its data, its loss, its figures and its model folder."""
