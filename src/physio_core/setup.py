"""Builds physio_core for colcon and pip."""

from setuptools import find_packages, setup

PACKAGE = "physio_core"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=find_packages(exclude=["test"]),
    package_data={PACKAGE: ["py.typed", "evaluation/*.jinja"]},
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
            "action.calibrate = physio_core.evaluation.commands:add_calibrate",
            "action.evaluate = physio_core.evaluation.commands:add_evaluate",
            "action.evaluate-skeletons = physio_core.evaluation.commands:add_evaluate_skeletons",
            "action.learn = physio_core.training.learn_commands:add_commands",
            "action.recognise = physio_core.evaluation.recognise_commands:add_commands",
            "action.speed = physio_core.training.speed_commands:add_commands",
            "exercise = physio_core.exercises.commands:add_commands",
            "exercise.list = physio_core.coach.library_commands:add_list",
            "dataset = physio_core.datasets.commands:add_commands",
            "mount = physio_core.robot.mount:add_commands",
            "record = physio_core.evaluation.record_commands:add_commands",
            "screen = physio_core.screen.commands:add_commands",
            "train = physio_core.training.commands:add_commands",
        ],
    },
)
