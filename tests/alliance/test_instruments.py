"""The shipped files: shape, agreement with each other and with what is offered."""

import json

import pytest
from jsonschema import Draft202012Validator

from alliance.instruments import structure, wording
from alliance.instruments.structure import UnknownInstrument, instrument, offered, shipped

PACKS = sorted(wording.FOLDER.glob("*/*.json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", shipped())
def test_structure_follows_its_schema(name):
    Draft202012Validator(read(structure.FOLDER / "schema.json")).validate(read(structure.FOLDER / f"{name}.json"))


@pytest.mark.parametrize("path", PACKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_wording_follows_its_schema(path):
    Draft202012Validator(read(wording.FOLDER / "schema.json")).validate(read(path))


@pytest.mark.parametrize("name", shipped())
def test_structure_agrees_with_itself(name):
    found = instrument(name)

    assert found.id == name
    assert [item.number for item in found.items] == list(range(1, len(found.items) + 1))
    assert found.low < found.high
    assert {item.subscale for item in found.items} <= {rule.name for rule in found.rules} | {""}
    assert {rule.of for rule in found.rules} <= {rule.name for rule in found.rules} | {""}
    assert found.signal_sd.keys() <= {rule.name for rule in found.rules}


@pytest.mark.parametrize("name", shipped())
def test_bands_rise_and_begin_at_the_bottom(name):
    found = instrument(name)

    for bands in (found.bands, *found.band_sets.values()):
        for score_name, listed in bands.items():
            starts = [band.start for band in listed]
            assert starts == sorted(set(starts))
            assert starts[0] == found.score_range(score_name)[0]
            assert starts[-1] < found.score_range(score_name)[1]


def test_what_ships_is_what_could_be_confirmed():
    assert set(shipped()) == {
        *("wai", "wai-s", "wai-sr", "haq-ii", "haq-i", "har", "arm-5", "seq", "check-in"),
        *("phq-9", "phq-2", "gad-7", "gad-2", "core-10", "who-5", "wsas", "k10"),
    }


@pytest.mark.parametrize("name", ["arm", "arm-12"])
def test_what_could_not_be_confirmed_says_why(name):
    with pytest.raises(UnknownInstrument, match="could not be confirmed"):
        instrument(name)


def test_only_forms_with_words_are_offered():
    assert [found.id for found in offered()] == ["check-in", "phq-9", "seq", "wai-sr"]
    assert {path.stem for path in PACKS} == {found.id for found in offered()}


@pytest.mark.parametrize("path", PACKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_pack_words_every_item_for_every_rater(path):
    found, pack = instrument(path.stem), read(path)

    assert set(pack["forms"]) == set(found.raters)
    for form in pack["forms"].values():
        assert list(form["items"]) == [str(item.number) for item in found.items]
        steps = found.high - found.low + 1
        for item in form["items"].values():
            anchors = item.get("anchors", form.get("anchors"))
            assert len(anchors) == steps if found.control == "choice" else {"low", "high"} <= item.keys()


def test_the_original_words_alone_may_show_bands():
    statuses = {path.stem: read(path)["status"] for path in PACKS}

    assert statuses == {"check-in": "own", "seq": "original", "phq-9": "after", "wai-sr": "after"}


def test_wai_is_keyed_as_published():
    found = instrument("wai")

    assert [item.number for item in found.items if item.reversed] == [
        1,
        3,
        7,
        9,
        10,
        11,
        12,
        15,
        20,
        27,
        29,
        31,
        33,
        34,
    ]
    assert {rule.name: len(rule.items) for rule in found.rules if not rule.of} == {
        "task": 12,
        "bond": 12,
        "goal": 12,
        "total": 36,
    }


def test_risk_items_are_the_known_ones():
    risky = {name: [item.number for item in instrument(name).items if item.risk] for name in shipped()}

    assert {name: numbers for name, numbers in risky.items() if numbers} == {"phq-9": [9], "core-10": [6]}


def test_words_fall_back_to_the_parent_language_and_to_english():
    assert wording.wording("check-in", "client", "en-GB").language == "en"
    assert wording.wording("check-in", "client", "de").language == "en"


def test_words_carry_both_names():
    form = wording.wording("check-in", "client").named(therapist="Noor", client="Alex")

    assert form.items[1].high == "Noor got me"
    assert "{" not in form.intro


def test_a_form_nobody_worded_is_refused():
    with pytest.raises(wording.NoWording):
        wording.wording("wai-sr", "therapist")
