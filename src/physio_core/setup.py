"""Builds physio_core for colcon and pip."""

from setuptools import find_packages, setup

PACKAGE = "physio_core"

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
        "console_scripts": ["physio = physio_core.start:main"],
        "physio.commands": [
            "action = physio_core.action.commands:add_commands",
            "exercise = physio_core.judging.commands:add_commands",
            "language = physio_core.languages.commands:add_commands",
            "pose = physio_core.pose.commands:add_commands",
            "mount = physio_core.robot.mount:add_commands",
        ],
    },
)
