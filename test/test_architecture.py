"""The promises of ARCHITECTURE.md, kept: imports go one way, one heavy library has one door, nodes are thin."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("core", "records", "nodes", "sim", "lab", "tools", "testing")
PACKAGES = {f"physio_{name}": ROOT / f"src/physio_{name}/physio_{name}" for name in NAMES}
FILES = sorted(file for package in PACKAGES.values() for file in package.rglob("*.py"))
NODES = sorted(file for package in PACKAGES.values() for file in (*package.glob("*_node.py"), *package.glob("stop_guard.py")))

MAY_IMPORT = {
    "physio_core": set(),
    "physio_records": {"physio_core"},
    "physio_nodes": {"physio_core", "physio_records"},
    "physio_sim": {"physio_core", "physio_nodes"},
    "physio_lab": {"physio_core", "physio_sim"},
    "physio_tools": {"physio_core", "physio_records", "physio_nodes", "physio_sim", "physio_lab"},
    "physio_testing": {"physio_core", "physio_records", "physio_nodes", "physio_sim", "physio_lab", "physio_tools"},
}
"""Packages, each with those of ours that it may import. The run time never sees the laboratory, the tools or the test rigs."""

GROUND = {"errors", "params", "share", "files", "types", "csv_table", "yaml_file", "patient_code", "whole_table", "lean"}
ROOMS: dict[str, dict[str, set[str]]] = {
    "physio_core": {
        "errors": set(),
        "params": {"errors"},
        "share": {"errors"},
        "files": {"errors"},
        "types": {"errors"},
        "csv_table": {"errors", "files"},
        "yaml_file": {"errors"},
        "patient_code": {"errors"},
        "lean": set(),
        "languages": GROUND,
        "speech": GROUND,
        "skeleton": GROUND,
        "trajectories": GROUND | {"skeleton", "runners"},
        "motion": GROUND | {"skeleton", "trajectories"},
        "hands": GROUND | {"skeleton", "motion", "runners"},
        "camera": GROUND | {"skeleton"},
        "runners": GROUND,
        "pose": GROUND | {"skeleton", "camera", "runners"},
        "action": GROUND | {"skeleton", "runners"},
        "exercises": GROUND | {"skeleton", "motion", "hands", "trajectories"},
        "assessment": GROUND | {"skeleton", "exercises", "trajectories"},
        "judging": GROUND | {"skeleton", "motion", "action", "exercises", "assessment", "hands", "trajectories"},
        "coaching": GROUND | {"languages", "exercises", "assessment", "judging"},
        "session": GROUND | {"languages", "coaching", "skeleton", "exercises", "assessment", "judging", "trajectories"},
        "screen": GROUND
        | {
            "languages",
            "coaching",
            "skeleton",
            "motion",
            "hands",
            "exercises",
            "assessment",
            "judging",
            "session",
            "trajectories",
        },
        "programme": GROUND | {"exercises", "assessment", "session"},
        "personal": GROUND | {"trajectories", "exercises", "assessment", "session"},
        "robot": GROUND | {"session", "trajectories"},
        "cli": {"errors"},
        "terminal": set(),
        "whole_table": set(),
        "start": {"cli", "terminal"},
    },
    "physio_records": {
        "entries": set(),
        "store": {"entries"},
        "journal": {"entries"},
        "made_up": {"entries"},
        "recorder": {"entries", "store", "journal"},
        "scribe": {"entries"},
        "skeletons": {"entries", "store"},
        "exports": {"entries", "store"},
        "report": {"entries", "store"},
        "upkeep_commands": {"store"},
        "bench": {"store", "made_up", "exports", "report"},
        "report_command": {"store", "report", "upkeep_commands"},
        "correct_command": {"entries", "store", "upkeep_commands"},
        "personal_command": {"entries", "store", "upkeep_commands"},
        "commands": {
            "entries",
            "store",
            "exports",
            "report_command",
            "correct_command",
            "personal_command",
            "upkeep_commands",
        },
    },
    "physio_lab": {
        "plot": set(),
        "reports": set(),
        "augment": set(),
        "datasets": {"augment", "plot"},
        "taught": {"datasets", "evaluation"},
        "evaluation": {"augment", "datasets", "plot", "reports"},
        "estimators": {"evaluation", "reports", "synthetic"},
        "quality": {"datasets", "evaluation", "reports"},
        "synthetic": {"datasets", "plot", "evaluation", "reports"},
        "scoring": {"datasets", "evaluation", "reports", "quality", "synthetic"},
        "hands": {"plot", "reports", "evaluation", "taught", "synthetic"},
        "refining": {"datasets", "evaluation", "reports", "synthetic"},
        "landmarks": {"datasets", "evaluation", "reports", "synthetic", "refining"},
        "engine": {"plot", "reports"},
        "tasks": {
            "augment",
            "datasets",
            "plot",
            "evaluation",
            "reports",
            "synthetic",
            "taught",
            "engine",
            "scoring",
            "landmarks",
        },
    },
    "physio_sim": {
        "params": set(),
        "truth": set(),
        "real_time": set(),
        "options": {"params"},
        "world": {"params"},
        "patient": {"params", "truth", "world"},
        "arm": {"params", "patient"},
        "messages": {"params", "truth", "world"},
        "clinic": {"params", "truth", "real_time", "world", "patient"},
        "window": {"clinic"},
        "benchmark": {"params", "clinic"},
        "commands": {"params", "options", "patient", "clinic", "benchmark", "arm"},
        "ears": {"truth", "clinic"},
        "arm_node": {"params", "arm"},
        "clinic_node": {"params", "clinic", "messages", "window", "ears"},
    },
}
"""Rooms of a package, each with those that it may import: a partial order, so that what stands side by side stays apart."""

DOORS = {
    "aeon": ["physio_lab/quality/rocket.py"],
    "babel": ["physio_core/languages/"],
    "av": ["physio_core/camera/video.py", "physio_core/camera/writer.py"],
    "cv2": ["physio_core/camera/", "physio_lab/augment/video.py"],
    "mediapipe": ["physio_core/pose/mediapipe"],
    "onnxruntime": ["physio_core/runners/", "physio_lab/tasks/stgcn/backends.py"],
    "torch": ["physio_lab/engine/", "physio_lab/tasks/"],
    "lightning": ["physio_lab/engine/"],
    "optuna": ["physio_lab/engine/search.py"],
    "openvino": ["physio_core/runners/", "physio_lab/estimators/to_onnx.py"],
    "matplotlib": ["physio_lab/plot/"],
    "PIL": ["physio_lab/plot/"],
    "pyarrow": ["physio_lab/datasets/parquet.py", "physio_records/exports/parquet.py"],
    "sqlalchemy": ["physio_records/store/"],
    "alembic": ["physio_records/store/"],
    "weasyprint": ["physio_records/report/pdf.py"],
    "fhir": ["physio_records/exports/fhir.py"],
    "mcap_ros2": ["physio_records/skeletons.py", "physio_testing/recordings.py"],
    "ray": ["physio_lab/datasets/parallel.py"],
    "scipy": ["physio_lab/datasets/"],
    "sklearn": [
        "physio_lab/evaluation/support_vectors.py",
        "physio_lab/hands/clusters.py",
        "physio_lab/refining/heads.py",
        "physio_lab/scoring/regression.py",
    ],
    "yt_dlp": ["physio_lab/datasets/fetch.py"],
    "pygame": ["physio_core/screen/drawing/", "physio_core/speech/player.py"],
    "mujoco": ["physio_sim/", "physio_lab/synthetic/"],
    "cv_bridge": ["physio_nodes/images.py"],
    "rosbags": ["physio_nodes/images.py"],
}
ROS = {"rclpy", "std_msgs", "sensor_msgs", "geometry_msgs", "nav_msgs", "trajectory_msgs", "diagnostic_msgs"}
ROS |= {"builtin_interfaces", "physio_msgs"}
NODE_LINES = 150
FILE_LINES = 400
FUNCTION_LINES = 60


def imports(file: Path) -> set[str]:
    """Every module a file imports, at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT / "src")).split("/", 1)[1]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_heavy_library_is_imported_only_at_its_door(file):
    for library in {name.split(".")[0] for name in imports(file)} & set(DOORS):
        assert any(name_of(file).startswith(door) for door in DOORS[library]), f"{library} in {name_of(file)}"


def test_the_core_the_record_and_the_laboratory_know_no_ros():
    for package in ("physio_core", "physio_records", "physio_lab"):
        found = {name_of(file): {name.split(".")[0] for name in imports(file)} & ROS for file in PACKAGES[package].rglob("*.py")}
        assert not {file: names for file, names in found.items() if names}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_stands_below_it(package):
    allowed = MAY_IMPORT[package] | {package}
    for file in PACKAGES[package].rglob("*.py"):
        used = {name.split(".")[0] for name in imports(file)} & set(PACKAGES)
        assert used <= allowed, f"{name_of(file)} imports {used - allowed}"


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_imports_only_what_stands_below_it(package):
    rooms, folder = ROOMS[package], PACKAGES[package]
    for file in folder.rglob("*.py"):
        own = file.relative_to(folder).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        used = {name.split(".")[1] for name in imports(file) if name.startswith(f"{package}.")} & set(rooms) - {own}
        assert used <= rooms[own], f"{name_of(file)} imports {used - rooms[own]}"


@pytest.mark.parametrize("package", ROOMS)
def test_the_order_of_the_rooms_has_no_circle(package):
    list(TopologicalSorter(ROOMS[package]).static_order())


@pytest.mark.parametrize("file", NODES, ids=name_of)
def test_a_node_is_thin(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= NODE_LINES


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_files_and_functions_keep_to_their_budget_and_say_why_they_exist(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(file.read_text(encoding="utf-8").splitlines()) <= FILE_LINES
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [node.name for node in functions if node.end_lineno - node.lineno >= FUNCTION_LINES]


ABOUT_ONE_TASK = {"Stgcn", "OPENPOSE_18", "UNKNOWN", "IGNORE_INDEX", "labels", "accuracy", "reach", "receptive_field"}


def test_the_engine_knows_no_task():
    for file in sorted((PACKAGES["physio_lab"] / "engine").glob("*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        names = {node.id for node in nodes if isinstance(node, ast.Name)} | {
            node.attr for node in nodes if isinstance(node, ast.Attribute)
        }
        names |= {name.split(".")[-1] for name in imports(file)}
        assert not names & ABOUT_ONE_TASK, name_of(file)


def test_every_decision_stands_in_the_index():
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {file.name for file in folder.glob("[0-9]*.md")}


def test_every_file_that_architecture_names_is_there():
    there = [
        f"/{file.relative_to(ROOT).as_posix()}"
        for folder in ("src", "config", "launch", "docs", "test")
        for file in (ROOT / folder).rglob("*.*")
    ]
    named = re.findall(r"`([\w./-]+\.(?:py|yaml|po))`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    placeholders = {name for name in named if re.search(r"[A-Z]{4}", name)}
    assert len(set(named)) > 200
    assert not [name for name in set(named) - placeholders if not any(file.endswith(f"/{name}") for file in there)]
