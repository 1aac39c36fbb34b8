"""Builds physio_bringup for colcon and pip; `launch`, `config` and `models` link to the repository's folders."""

from pathlib import Path

from setuptools import setup

PACKAGE = "physio_bringup"


def shared(folder: str) -> list[tuple[str, list[str]]]:
    """Every file below a folder, for share/physio_bringup."""
    folders = [path for path in (Path(folder), *Path(folder).rglob("*")) if path.is_dir()]
    files = [(f"share/{PACKAGE}/{path}", [str(file) for file in path.iterdir() if file.is_file()]) for path in folders]
    return [(target, sources) for target, sources in files if sources]


setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        # Says to physio_core.share that this package holds the files that ship.
        ("share/ament_index/resource_index/physio_share", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
        *shared("launch"),
        *shared("config"),
        *shared("models"),
    ],
    zip_safe=True,
    extras_require={"test": ["pytest", "pytest-timeout"]},
    license="Apache-2.0",
)
