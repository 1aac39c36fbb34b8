"""Builds physio_records for colcon and pip."""

from setuptools import find_packages, setup

PACKAGE = "physio_records"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=find_packages(exclude=["test"]),
    package_data={PACKAGE: ["py.typed", "report/*.jinja", "report/*.css"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    zip_safe=False,
    extras_require={"test": ["pytest", "pytest-timeout"]},
    license="Apache-2.0",
    entry_points={"physio.commands": [f"records = {PACKAGE}.commands:add_commands"]},
)
