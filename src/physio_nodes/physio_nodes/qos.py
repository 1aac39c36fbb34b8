"""Which quality of service each kind of topic has (REP-2003), named once."""

from __future__ import annotations

from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy, qos_profile_sensor_data

IMAGE_OUT = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)
"""Drivers publish reliably."""

NEWEST = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
"""Subscribers of images need the newest only: a queue would add latency."""

NEWEST_OUT = IMAGE_OUT
"""Messages that are worthless once a newer one exists: heartbeats and requests."""

SENSOR = qos_profile_sensor_data
SENSOR_OUT = QoSProfile(depth=5, reliability=ReliabilityPolicy.RELIABLE)
"""Sensor data: a reliable offer serves both kinds of subscriber, also one with the defaults."""

RELIABLE = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)
LATCHED = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)
"""State that a late joiner must know."""

HISTORY = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)
"""Events of the session, all of them for late joiners."""

DIAGNOSTICS = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)
