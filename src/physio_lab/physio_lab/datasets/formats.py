"""Every format by name, so that any set can be opened without knowing its form, and any form turned into any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from physio_core.errors import ConfigError, InputError, OutputError
from physio_lab.datasets import public, ui_prmd
from physio_lab.datasets.files import LABEL_INDEX, LABEL_NAMES, beside, label_file, labels_beside, labels_in
from physio_lab.datasets.given import NOTHING, Given
from physio_lab.datasets.kinetics import SUMMARY, read_kinetics, write_kinetics
from physio_lab.datasets.npy import read_npy, write_npy
from physio_lab.datasets.parquet import need_pyarrow, read_parquet, read_parquet_labels, write_parquet
from physio_lab.datasets.pyskl import read_pyskl, write_pyskl
from physio_lab.datasets.sequence import SkeletonSequence, in_layout
from physio_lab.datasets.split import PARTS, SPLIT

Read = Callable[[Path, Given], Iterator[SkeletonSequence]]
ReadPart = Callable[[Path, Given, str], Iterator[SkeletonSequence]]
Write = Callable[[Path, Iterable[SkeletonSequence], Sequence[str]], int]


@dataclass(frozen=True)
class Format:
    """One way to keep a set.

    Attributes:
        name: as given to ``--format`` and in ``NAME:PATH``.
        what: one line about it.
        holds: patterns, one of which is found in a folder of this format; none: the set is a file.
        suffix: of the file, or of a folder to be written ("").
        read: sequences of a path, streaming; with what a person says about them.
        write: path, sequences, labels in their order; how many were written. None: a public set, only read.
        labels: class names in their order, without reading sequences; none where they are not stored.
        check: raises ConfigError where a library that writing needs is missing.
        read_part: sequences of a part of the set's own, by name; None: it has none.
        companions: endings of the files that stand beside the set, are read with it and written with it.
    """

    name: str
    what: str
    holds: tuple[str, ...]
    suffix: str
    read: Read
    write: Write | None = None
    labels: Callable[[Path], tuple[str, ...]] = lambda _path: ()
    check: Callable[[Path], None] = lambda _path: None
    read_part: ReadPart | None = None
    companions: tuple[str, ...] = ()

    def fits(self, path: Path) -> bool:
        """Whether an existing path looks like this format."""
        if self.holds:
            return path.is_dir() and any(next(path.glob(pattern), None) for pattern in self.holds)
        return path.is_file() and path.suffix == self.suffix


def _knows(read: Callable[[Path], Iterator[SkeletonSequence]]) -> Read:
    """Of a format that stores layout and units: what a person says about them is refused."""

    def reads(path: Path, given: Given) -> Iterator[SkeletonSequence]:
        if given != NOTHING:
            raise ConfigError(
                f"{path} is of a format that stores its joints and units; leave out --input-layout, -units and -size"
            )
        return read(path)

    return reads


def _in_it_or_below(pattern: str) -> tuple[str, str]:
    return pattern, f"*/{pattern}"


def _pyskl(path: Path, given: Given, part: str = "") -> Iterator[SkeletonSequence]:
    return read_pyskl(path, part, given)


def _penn(path: Path, given: Given, part: str = "") -> Iterator[SkeletonSequence]:
    return _knows(lambda folder: public.read_penn(folder, part))(path, given)


FORMATS = {
    one.name: one
    for one in (
        Format("columns", "ours: one Parquet file, lossless, streamed", (), ".parquet", _knows(read_parquet), write_parquet,
               read_parquet_labels, need_pyarrow),
        Format("kinetics", "Kinetics-skeleton: a folder of JSON clips, summary and label file beside it", ("*.json",), "",
               read_kinetics, write_kinetics, labels_beside, companions=(SUMMARY, LABEL_NAMES)),
        Format("npy", "ST-GCN's arrays (N,C,T,V,M) with *_label.pkl", (), ".npy", read_npy, write_npy, labels_beside,
               companions=(LABEL_INDEX, LABEL_NAMES)),
        Format("pyskl", "the pickle of MMAction2 and PYSKL", (), ".pkl", _pyskl, write_pyskl, labels_beside,
               read_part=_pyskl, companions=(LABEL_NAMES,)),
        Format("penn", "Penn Action: labels/*.mat", _in_it_or_below("[0-9][0-9][0-9][0-9].mat"), "", _penn,
               read_part=_penn),
        Format("ui_prmd", "UI-PRMD: the Kinect's text files, or packed positions", ("kinect_int16.npz", *ui_prmd.PATTERNS), "",
               _knows(public.read_ui_prmd)),
        Format("irds", "IntelliRehabDS: packed Kinect v2 positions", ("irds_int16.npz",), "", _knows(public.read_irds)),
        Format("kimore", "KIMORE: packed Kinect v2 positions with clinicians' scores", ("kimore*.npz",), "",
               _knows(public.read_kimore)),
        Format("wmft", "Wolf Motor Function tasks: packed Kinect v2 positions", (public.WMFT_PACKED,), "",
               _knows(public.read_wmft)),
        Format("utd_mhad", "UTD-MHAD: Skeleton/*.mat", _in_it_or_below("a*_s*_t*_skeleton.mat"), "",
               _knows(public.read_utd_mhad)),
    )
}  # fmt: skip


def format_named(name: str) -> Format:
    """The format of that name.

    Raises:
        ConfigError: no format has it.
    """
    if name not in FORMATS:
        raise ConfigError(f"unknown format {name!r}; known: {', '.join(FORMATS)}")
    return FORMATS[name]


@dataclass(frozen=True)
class SequenceSet:
    """A set on disk; may be gone through again and again, each time streaming from the disk.

    Attributes:
        path: where it is.
        format: how it is kept.
        layout: joint order that sequences are turned into; empty: as they are.
        given: what a person says about what the format does not store.
        part: of the set's own parts; empty: all of it.
    """

    path: Path
    format: Format
    layout: str = ""
    given: Given = NOTHING
    part: str = ""

    def files(self) -> list[Path]:
        """The set's own files and those beside it, as far as their names tell; a folder may hold others."""
        own = [file for pattern in self.format.holds for file in self.path.glob(pattern)] if self.path.is_dir() else [self.path]
        others = {beside(self.path, ending) for ending in self.format.companions}
        if LABEL_NAMES in self.format.companions and (names := label_file(self.path)):
            others.add(names)
        return own + sorted(file for file in others if file.exists())

    def __iter__(self) -> Iterator[SkeletonSequence]:
        """Sequences in the order of the set."""
        for sequence in self._read():
            yield in_layout(sequence, self.layout) if self.layout else sequence

    def _read(self) -> Iterator[SkeletonSequence]:
        if self.part and self.format.read_part:
            return self.format.read_part(self.path, self.given, self.part)
        return self.format.read(self.path, self.given)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Class names in their order: as stored, else those that occur (which goes through the set once), sorted."""
        return self.format.labels(self.path) or labels_in(self._read())


def open_set(path: Path | str, layout: str = "", given: Given = NOTHING, part: str = "") -> SequenceSet:
    """Open a set of any format.

    Args:
        path: a file or folder, or ``NAME:PATH`` with the name of a format, e.g. ``penn:data/penn_action``.
        layout: joint order to turn sequences into; empty: as they are.
        given: what a person says about what the format does not store.
        part: of a folder that ``physio dataset split`` wrote, or of a set with parts of its own; empty: all of it.

    Raises:
        ConfigError: no such format, or no such part.
        InputError: nothing there, or nothing that looks like a format.
    """
    name, colon, rest = str(path).partition(":")
    if colon and name in FORMATS:
        return _with_part(SequenceSet(Path(rest), FORMATS[name], layout, given), part)
    place = Path(path)
    if not place.exists():
        raise InputError(f"{place} does not exist; give a file, a folder, or FORMAT:PATH with one of {', '.join(FORMATS)}")
    if is_split(place):
        return open_set(_part_of(place, part), layout, given)
    for one in FORMATS.values():
        if one.fits(place):
            return _with_part(SequenceSet(place, one, layout, given), part)
    raise InputError(f"{place} looks like no format; say which as FORMAT:PATH, with one of {', '.join(FORMATS)}")


def is_split(folder: Path) -> bool:
    """Whether ``physio dataset split`` wrote this folder."""
    return (folder / SPLIT).is_file()


def _part_of(folder: Path, part: str) -> Path:
    endings = [one.suffix for one in FORMATS.values() if one.write]
    held = {name: folder / f"{name}{ending}" for name in PARTS for ending in endings if (folder / f"{name}{ending}").exists()}
    if part not in held:
        raise ConfigError(f"{folder} holds a split; say which part: {', '.join(held) or 'none is left'}, not {part!r}")
    return held[part]


def _with_part(opened: SequenceSet, part: str) -> SequenceSet:
    if part and not opened.format.read_part:
        raise ConfigError(
            f"{opened.path} has no parts, so none called {part!r}; make them: physio dataset split {opened.path} --out DIR"
        )
    return replace(opened, part=part)


def writer_of(path: Path, name: str = "") -> Write:
    """What writes a path: the format of that name, else of the path's ending (none: a Kinetics-skeleton folder).

    Raises:
        ConfigError: it is not known, is only read, the path has another ending, or a library is missing.
    """
    return _written_as(path, name)[1]


def _written_as(path: Path, name: str) -> tuple[Format, Write]:
    writable = {one.name: one for one in FORMATS.values() if one.write}
    if name and name not in writable:
        raise ConfigError(f"format {name!r} cannot be written; those that can: {', '.join(writable)}")
    for one in writable.values():
        if one.write and path.suffix == one.suffix and name in ("", one.name):
            one.check(path)
            return one, one.write
    endings = ", ".join(f"{one.suffix or 'none'} ({one.name})" for one in writable.values() if name in ("", one.name))
    raise ConfigError(f"{path} has ending {path.suffix!r}; need: {endings}")


def check_apart(path: Path, name: str, labels: Sequence[str], reads: Iterable[SequenceSet]) -> None:
    """Refuse to write a set over one that is read; a label file that both share may be written again as it is.

    Args:
        path: to be written.
        name: of its format; empty: by the ending of ``path``.
        labels: that will be written.
        reads: what the work takes in.

    Raises:
        OutputError: the set, or a file beside it, is one that is read.
    """
    written = [path, *(beside(path, ending) for ending in _written_as(path, name)[0].companions)]
    for one in reads:
        kept = {file.resolve() for file in (one.path, *one.files())}
        for file in written:
            if file.resolve() in kept and not (file.name.endswith(LABEL_NAMES) and one.labels == tuple(labels)):
                raise OutputError(f"{file} is what is read, and would be lost; name another set to write")


def write_set(path: Path, sequences: Iterable[SkeletonSequence], labels: Sequence[str] = (), name: str = "") -> int:
    """Write a set; what was there before is replaced only once all is written.

    Args:
        path: file, or folder for Kinetics-skeleton.
        sequences: what to write; an opened set or any iterable.
        labels: every class in its order; empty: the set's own, or those that occur, sorted.
        name: of the format; empty: by the ending of ``path``.

    Returns:
        How many sequences were written.

    Raises:
        ConfigError: the format cannot be written.
        InputError: an empty set, a label that is not in ``labels``, sequences that the format cannot hold, or no place to write.
    """
    write = writer_of(path, name)
    if not labels and isinstance(sequences, SequenceSet):
        labels = sequences.labels
    elif not labels:
        sequences = list(sequences) if isinstance(sequences, Iterator) else sequences
        labels = labels_in(sequences)
    return write(path, sequences, labels)
