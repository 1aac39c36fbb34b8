"""Builds physio_nodes for colcon and pip."""

from setuptools import find_packages, setup

PACKAGE = "physio_nodes"
NODES = [
    "camera_node",
    "pose_node",
    "hand_node",
    "action_node",
    "coach_node",
    "screen_node",
    "voice_node",
    "robot_node",
    "stop_guard",
    "mount_node",
    "humans_node",
    "records_node",
    "composed",
]

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=find_packages(exclude=["test"]),
    package_data={PACKAGE: ["py.typed"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    zip_safe=True,
    extras_require={"test": ["pytest", "pytest-timeout"]},
    license="Apache-2.0",
    entry_points={
        "console_scripts": [f"{node} = {PACKAGE}.start:main" for node in NODES],
    },
)
