"""Builds physio_lab for colcon and pip."""

from setuptools import find_packages, setup

PACKAGE = "physio_lab"

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
        "physio.commands": [
            f"action.baseline = {PACKAGE}.evaluation.baseline_commands:add_commands",
            f"action.calibrate = {PACKAGE}.evaluation.commands:add_calibrate",
            f"action.evaluate = {PACKAGE}.evaluation.commands:add_evaluate",
            f"action.evaluate-set = {PACKAGE}.evaluation.set_commands:add_evaluate_set",
            f"action.evaluate-skeletons = {PACKAGE}.evaluation.set_commands:add_evaluate_skeletons",
            f"action.learn = {PACKAGE}.tasks.stgcn.learn_commands:add_commands",
            f"action.recognise = {PACKAGE}.evaluation.recognise_commands:add_commands",
            f"action.speed = {PACKAGE}.tasks.stgcn.speed_commands:add_commands",
            f"angles = {PACKAGE}.synthetic.angle_commands:add_commands",
            f"coach = {PACKAGE}.evaluation.coach_commands:add_commands",
            f"dataset = {PACKAGE}.datasets.commands:add_commands",
            f"exercise.learn = {PACKAGE}.taught.demonstration_commands:add_learn",
            f"faults.evaluate = {PACKAGE}.synthetic.fault_commands:add_evaluate",
            f"hand = {PACKAGE}.hands.commands:add_commands",
            f"hand.learn = {PACKAGE}.hands.learn_commands:add_commands",
            f"hand.draw = {PACKAGE}.synthetic.hand_sheet:add_draw",
            f"hand.see = {PACKAGE}.synthetic.hand_seen_commands:add_see",
            f"hand.cycles = {PACKAGE}.hands.cycles_commands:add_commands",
            f"hand.states = {PACKAGE}.hands.states_commands:add_commands",
            f"hand.tapping = {PACKAGE}.scoring.tapping_commands:add_tapping",
            f"hand.wmft = {PACKAGE}.scoring.wmft_commands:add_wmft",
            f"learning-curve = {PACKAGE}.engine.curves:add_commands",
            f"pose = {PACKAGE}.estimators.commands:add_commands",
            f"quality = {PACKAGE}.quality.commands:add_commands",
            f"quality.fit = {PACKAGE}.quality.model_commands:add_fit",
            f"quality.judge = {PACKAGE}.quality.model_commands:add_judge",
            f"record = {PACKAGE}.evaluation.record_commands:add_commands",
            f"reps = {PACKAGE}.evaluation.counting_commands:add_commands",
            f"reps.evaluate-simulated = {PACKAGE}.synthetic.counted_commands:add_evaluate",
            f"sim.dataset = {PACKAGE}.synthetic.commands:add_dataset",
            f"sim.noise = {PACKAGE}.synthetic.commands:add_noise",
            f"sim.pictures = {PACKAGE}.synthetic.commands:add_pictures",
            f"sim.render = {PACKAGE}.synthetic.commands:add_render",
            f"sim.visibility = {PACKAGE}.synthetic.commands:add_visibility",
            f"trajectory = {PACKAGE}.tasks.paths.evaluate_commands:add_commands",
            f"train = {PACKAGE}.tasks.commands:add_commands",
        ],
    },
)
