"""Last layers that a few believed hands teach find the same hand again; a file that is damaged is refused."""

from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError, ModelError
from physio_core.types import FloatArray, Frame
from physio_lab.refining.estimators import LastLayers, load_candidates, load_labelled, save_candidates, save_labelled
from physio_lab.refining.filters import Candidates, FilterConfig, filter_hands, hand_length
from physio_lab.refining.heads import Heads, Rows, fit
from physio_lab.refining.labels import LabelConfig, recoloured
from physio_lab.refining.networks import HandNetworks, in_image, in_region
from physio_lab.refining.seeing import SeeConfig
from physio_lab.synthetic.assembly import Clip, Worker, clips_of


@pytest.fixture(scope="module")
def clip() -> Clip:
    """A bare hand."""
    return next(clips_of(Worker(300, "none")))


def frames(clip: Clip) -> list[Frame]:
    """Some of its images."""
    assert clip.images is not None
    return [Frame(0.2 * n, image) for n, image in enumerate(clip.images[::6])]


def error(found: Candidates, clip: Clip) -> FloatArray:
    """Mean distance of the surest hand's joints from the truth (T,), in hand lengths."""
    return np.asarray(np.linalg.norm(found.points[:, 0, :, :2] - clip.points_px[::6], axis=-1).mean(-1) / clip.length_px[::6])


def test_believed_hands_teach_where_hands_are(clip: Clip, tmp_path: Path) -> None:
    first = LastLayers(HandNetworks(), seen=SeeConfig(most_hands=1), labelled=LabelConfig(looks=2, max_spread=0.1))
    found = first.see(frames(clip))
    save_candidates(tmp_path / "seen.npz", found)
    assert (load_candidates(tmp_path / "seen.npz").points[:, 0] == found.points[:, 0]).all()
    assert np.median(error(found, clip)) < 0.1
    believed = filter_hands(found, FilterConfig(most_hands=1))
    made = first.label(frames(clip), believed, 0)
    assert made.hands == len(frames(clip)) and len(made.rows.palms) and len(made.rows.nothing)
    save_labelled(tmp_path / "taught.npz", made)
    rows = load_labelled(tmp_path / "taught.npz").rows
    taught = first.taught(rows)
    taught.save(tmp_path / "heads.npz")
    again = first.load(tmp_path / "heads.npz").see(frames(clip))
    assert (again.presence[:, 0] > 0.5).all() and (error(again, clip) < 0.1).all()


def test_what_was_damaged_or_teaches_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "heads.npz"
    path.write_bytes(b"PK")
    with pytest.raises(ModelError, match="refine again"):
        Heads.load(path)
    Heads(mark=np.zeros((5, 63))).save(path)
    with pytest.raises(ModelError, match="another version"):
        Heads.load(path)
    with pytest.raises(ConfigError, match="nothing can be taught"):
        fit(Rows())


def test_a_region_and_the_image_tell_the_same(clip: Clip) -> None:
    from physio_core.pose.blaze.hands import hand_region

    points = np.column_stack([clip.points_px[0], np.arange(21.0)])
    region = hand_region(points[:, :2])
    assert np.allclose(in_image(region, in_region(region, points)), points)


def test_only_the_hand_is_painted_over_and_all_else_is_another_room(clip: Clip) -> None:
    assert clip.images is not None
    points = np.column_stack([clip.points_px[0], np.zeros(21)])[None]
    made = [recoloured(clip.images[0], points, np.random.default_rng(seed)).astype(float) for seed in range(6)]
    x, y = clip.points_px[0, 9].astype(int)
    assert np.ptp([one[y, x] for one in made], axis=0).max() > 60.0
    assert made[0].shape == clip.images[0].shape and hand_length(points)[0] > 20.0
