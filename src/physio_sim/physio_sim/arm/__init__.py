"""An arm of four joints in MuJoCo, led by a device and held by a patient."""
