"""Every instrument against scores worked out by hand: one file of vectors an instrument."""

import json
from pathlib import Path

import pytest

from alliance.domain.scoring import score
from alliance.instruments.answers import read_line
from alliance.instruments.structure import instrument, shipped

FOLDER = Path(__file__).parent / "vectors"
VECTORS = [
    pytest.param(path.stem, vector, id=f"{path.stem}: {vector['why']}")
    for path in sorted(FOLDER.glob("*.json"))
    for vector in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "vector"), VECTORS)
def test_score_is_what_the_hand_gets(name, vector):
    found = instrument(name)

    result = score(found, read_line(found, vector["answers"])).as_json()

    assert result == {
        "instrument": name,
        "version": found.version,
        **{part: vector[part] for part in ("scores", "bands", "missing", "prorated", "risk")},
    }


def test_every_instrument_has_vectors():
    assert tuple(sorted(path.stem for path in FOLDER.glob("*.json"))) == shipped()
