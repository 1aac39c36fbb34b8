"""Builds physio_sim for colcon and pip."""

from setuptools import find_packages, setup

PACKAGE = "physio_sim"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=find_packages(exclude=["test"]),
    package_data={PACKAGE: ["py.typed"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
        (f"share/{PACKAGE}/worlds", ["worlds/clinic.sdf", "worlds/coach_robot.sdf"]),
    ],
    zip_safe=True,
    extras_require={"test": ["pytest", "pytest-timeout"]},
    license="Apache-2.0",
    entry_points={
        "console_scripts": [f"{node} = physio_nodes.start:main" for node in ("clinic_node", "arm_node")],
        "physio.commands": [f"sim = {PACKAGE}.commands:add_commands"],
    },
)
