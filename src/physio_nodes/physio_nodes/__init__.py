"""ROS 2 shells around physio_core: each node declares, converts, calls and publishes."""
