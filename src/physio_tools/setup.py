"""Builds physio_tools for colcon and pip."""

from setuptools import find_packages, setup

PACKAGE = "physio_tools"

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
        "launch.frontend.launch_extension": [f"{PACKAGE} = {PACKAGE}.stock_launch"],
        "physio.commands": [
            f"ask = {PACKAGE}.ask:add_commands",
            f"bench = {PACKAGE}.bench:add_commands",
            f"demo = {PACKAGE}.demo:add_commands",
            f"exercise.figures = {PACKAGE}.figures.commands:add_figures",
            f"faults = {PACKAGE}.faults:add_commands",
            f"launch = {PACKAGE}.launcher.commands:add_commands",
            f"parameters = {PACKAGE}.parameters:add_commands",
            f"profile = {PACKAGE}.profile:add_commands",
            f"rearm = {PACKAGE}.rearm:add_commands",
            f"set = {PACKAGE}.setting:add_commands",
            f"screen = {PACKAGE}.screen.commands:add_commands",
        ],
    },
)
