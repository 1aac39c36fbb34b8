"""The promises of ARCHITECTURE.md, kept: imports go one way, one heavy library has one door, nodes are thin."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "src/physio_core/physio_core"
PACKAGES = [ROOT / f"src/physio_{name}/physio_{name}" for name in ("core", "nodes", "sim", "bringup")]
FILES = sorted(file for package in PACKAGES for file in package.rglob("*.py"))
NODES = sorted([*PACKAGES[1].glob("*_node.py"), *PACKAGES[1].glob("stop_guard.py"), *PACKAGES[2].glob("*_node.py")])

LEVELS = [
    {"errors"},
    {"params", "share", "files"},
    {"types", "csv_table"},
    {"skeleton"},
    {"plot"},
    {"motion"},
    {"camera"},
    {"pose"},
    {"datasets"},
    {"action"},
    {"evaluation"},
    {"exercises"},
    {"coach"},
    {"screen", "robot"},
    {"training"},
    {"cli", "terminal"},
    {"start"},
]
"""The stages of the core, each importing only itself and those before it."""

DOORS = {
    "av": ["physio_core/camera/video.py", "physio_core/camera/writer.py"],
    "cv2": ["physio_core/camera/"],
    "mediapipe": ["physio_core/pose/mediapipe"],
    "onnxruntime": ["physio_core/action/"],
    "torch": ["physio_core/training/"],
    "lightning": ["physio_core/training/"],
    "openvino": ["physio_core/action/"],
    "matplotlib": ["physio_core/plot/"],
    "PIL": ["physio_core/plot/"],
    "pyarrow": ["physio_core/datasets/columns.py"],
    "ray": ["physio_core/datasets/parallel.py"],
    "scipy": ["physio_core/datasets/"],
    "yt_dlp": ["physio_core/datasets/fetch.py"],
    "pygame": ["physio_core/screen/drawing/"],
    "mujoco": ["physio_sim/"],
    "cv_bridge": ["physio_nodes/images.py"],
    "rosbags": ["physio_nodes/images.py"],
}
ROS = {"rclpy", "std_msgs", "sensor_msgs", "geometry_msgs", "nav_msgs", "diagnostic_msgs", "builtin_interfaces", "physio_msgs"}
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


def test_the_core_knows_no_ros_and_no_other_package():
    forbidden = ROS | {"physio_nodes", "physio_sim", "physio_bringup"}
    found = {name_of(file): {name.split(".")[0] for name in imports(file)} & forbidden for file in CORE.rglob("*.py")}
    assert not {file: names for file, names in found.items() if names}


def test_imports_in_the_core_go_one_way():
    level_of = {stage: level for level, stages in enumerate(LEVELS) for stage in stages}
    wrong = []
    for file in CORE.rglob("*.py"):
        own = file.relative_to(CORE).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        used = {name.split(".")[1] for name in imports(file) if name.startswith("physio_core.")}
        wrong += [f"{own} imports {other} ({file.name})" for other in used - {own} if level_of[other] >= level_of[own]]
    assert not wrong


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
