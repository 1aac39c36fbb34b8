"""Makes the models that `action` runs: synthetic motion, network, training, export."""
