"""What no shipped piece may do or leave out, as far as a machine can hold it."""

import re
from pathlib import Path
from statistics import median

import pytest

from homework.library.reading import shipped_activities, shipped_pathways
from tests.homework.reading_level import grade, sentences, words

ACTIVITIES = {piece["slug"]: piece for piece in shipped_activities()}
PATHWAYS = {piece["key"]: piece for piece in shipped_pathways()}
FORMS = {"check-in", "mood-check"}
WORKSHEETS = [slug for slug in ACTIVITIES if slug not in FORMS]
PICTURES = Path(__file__).parents[2] / "templates" / "homework" / "pictures"
ASKS = {
    "short_text",
    "long_text",
    "number",
    "date",
    "single_choice",
    "multiple_choice",
    "rating",
    "slider",
    "checklist",
    "table",
}
DANGER = re.compile(r"suicid|self-harm|kill|hurt(ing)? yourself|end(ing)? (my|your) life|violen|weapon|abuse", re.I)
BOAST = re.compile(
    r"proven|clinically validated|evidence-based|guarantee|will change your life|positive thinking|irrational", re.I
)
WATCHING = re.compile(r"24/7|round the clock|someone is (here|there)|help is on (its|the) way|we are watching", re.I)
MEDICAL = re.compile(r"\b(dose|dosage|tablet|pill|antidepressant|diet|lose weight|diagnos|disorder)", re.I)

each_activity = pytest.mark.parametrize("slug", ACTIVITIES)
each_worksheet = pytest.mark.parametrize("slug", WORKSHEETS)


def blocks(slug):
    return [block for page in ACTIVITIES[slug]["content"]["pages"] for block in page["blocks"]]


def block_texts(block):
    plain = [
        block.get(name, "")
        for name in ("markdown", "label", "help", "description", "caption", "low_label", "high_label")
    ]
    listed = [part["label"] for name in ("options", "items", "columns") for part in block.get(name, [])]
    return [text for text in plain + listed if text]


def client_texts(slug):
    piece = ACTIVITIES[slug]
    titles = [piece["title"], *(page["title"] for page in piece["content"]["pages"])]
    return titles + [text for block in blocks(slug) for text in block_texts(block)]


def everything(piece):
    if isinstance(piece, dict):
        return [text for value in piece.values() for text in everything(value)]
    if isinstance(piece, list):
        return [text for value in piece for text in everything(value)]
    return [piece] if isinstance(piece, str) else []


@each_activity
def test_no_question_asks_about_danger_to_self_or_others(slug):
    asked = [text for block in blocks(slug) if block["type"] in ASKS for text in block_texts(block)]
    assert [text for text in asked if DANGER.search(text)] == []


def said_by_page(slug):
    pages = ACTIVITIES[slug]["content"]["pages"]
    return [" ".join(text for block in page["blocks"] for text in block_texts(block)) for page in pages]


@pytest.mark.parametrize("slug", [slug for slug in ACTIVITIES if slug != "mood-check"])
def test_no_piece_without_a_risk_item_speaks_of_danger(slug):
    assert [text for text in said_by_page(slug) if DANGER.search(text)] == []


def test_form_with_a_risk_item_says_on_the_page_before_who_is_told_and_when():
    pages = ACTIVITIES["mood-check"]["content"]["pages"]
    assert [page["id"] for page in pages if page["blocks"][0]["type"] == "instrument"] == ["form"]
    before = said_by_page("mood-check")[0]
    for needed in ("your therapist is told at once", "even if you do not finish", "working hours", "Help now"):
        assert needed in before


@pytest.mark.parametrize("pattern", [BOAST, WATCHING, MEDICAL])
@pytest.mark.parametrize("piece", [*ACTIVITIES.values(), *PATHWAYS.values()], ids=[*ACTIVITIES, *PATHWAYS])
def test_no_piece_boasts_promises_watching_or_gives_medical_advice(piece, pattern):
    said = [piece["title"], piece["purpose"], piece["evidence"]] + (
        client_texts(piece["slug"]) if "slug" in piece else []
    )
    assert [text for text in said if pattern.search(text)] == []


@pytest.mark.parametrize("piece", [*ACTIVITIES.values(), *PATHWAYS.values()], ids=[*ACTIVITIES, *PATHWAYS])
def test_no_piece_shouts_or_counts(piece):
    said = everything(piece)
    assert [text for text in said if "!" in text] == []
    assert [text for text in said if re.search(r"\b(streak|badge|points|failed|failure|well done)\b", text, re.I)] == []


@each_activity
def test_first_page_says_who_reads_that_all_may_be_skipped_and_where_help_is(slug):
    first = " ".join(text for block in ACTIVITIES[slug]["content"]["pages"][0]["blocks"] for text in block_texts(block))
    for needed in (
        "Your therapist",
        "before you next meet",
        "care team",
        "skip any question",
        "If it cannot wait",
        "Help now",
    ):
        assert needed.lower() in first.lower(), needed


@each_worksheet
def test_first_page_says_how_long_and_that_nobody_watches(slug):
    first = " ".join(text for block in ACTIVITIES[slug]["content"]["pages"][0]["blocks"] for text in block_texts(block))
    assert "How long" in first
    assert "Nobody watches" in first


@each_worksheet
def test_last_page_says_what_comes_next_and_asks_in_one_tap_how_it_was(slug):
    last = ACTIVITIES[slug]["content"]["pages"][-1]
    assert [block["type"] for block in last["blocks"]] == ["text", "single_choice"]
    assert [option["id"] for option in last["blocks"][1]["options"]] == ["helped", "neutral", "worse", "unsure"]


@each_worksheet
def test_pages_for_another_day_come_last_and_the_page_before_says_that_it_stays_open(slug):
    piece = ACTIVITIES[slug]
    pages = piece["content"]["pages"]
    later = [page["later"] for page in pages]
    assert later == sorted(later)
    assert (piece["open_days"] is not None) == any(later)
    if any(later):
        before = pages[later.index(True) - 1]
        assert "stays open for" in " ".join(text for block in before["blocks"] for text in block_texts(block))
        assert piece["reminder_days"] < piece["open_days"]


@each_activity
def test_sliders_and_ratings_have_words_at_both_ends(slug):
    scales = [block for block in blocks(slug) if block["type"] in {"slider", "rating"}]
    assert all(
        block["low_label"] and block["high_label"] and block["low_label"] != block["high_label"] for block in scales
    )


@each_activity
def test_number_columns_say_what_their_ends_mean(slug):
    columns = [
        column
        for block in blocks(slug)
        for column in block.get("columns", [])
        if column["kind"] in {"number", "slider"}
    ]
    assert [
        column["label"] for column in columns if not re.search(r"\(0 .+, 10 .+\)|\(minutes\)", column["label"])
    ] == []


@each_activity
def test_sentences_for_clients_are_short(slug):
    lengths = [len(words(sentence)) for text in client_texts(slug) for sentence in sentences(text)]
    assert median(lengths) <= 9
    long = [s for text in client_texts(slug) for s in sentences(text) if len(words(s)) >= 15]
    assert long == []


@each_activity
def test_reading_grade_is_kept(slug):
    running = "\n".join(text if text.endswith((".", "?")) else f"{text}." for text in client_texts(slug))
    assert grade(running) <= ACTIVITIES[slug]["reading_grade"] <= 8


@each_activity
def test_each_piece_says_when_it_is_wrong_and_what_may_go_wrong(slug):
    piece = ACTIVITIES[slug]
    assert len(piece["not_for"]) >= 4
    assert any("Acute crisis" in reason for reason in piece["not_for"])
    assert all(piece[name].strip() for name in ("watch_for", "if", "easier", "harder", "for_whom", "purpose"))


@each_activity
def test_evidence_is_three_honest_sentences_with_a_source(slug):
    piece = ACTIVITIES[slug]
    told = [part for part in re.split(r"(?<=[a-z)])\.\s+", piece["evidence"].rstrip(".")) if part]
    assert len(told) == 3
    assert piece["sources"]
    assert re.search(r"has not been tested|nor has our page|not a validated instrument|no cut-offs", piece["evidence"])


@pytest.mark.parametrize("key", PATHWAYS)
def test_each_pathway_names_its_stops_and_what_was_not_tested(key):
    assert any("hold all but the check-in" in stop for stop in PATHWAYS[key]["stops"])
    assert any("no third reminder" in stop for stop in PATHWAYS[key]["stops"])
    assert "have not been tested" in PATHWAYS[key]["evidence"]


@each_activity
def test_each_picture_is_shipped_and_has_a_twin_in_words(slug):
    for block in blocks(slug):
        if block["type"] == "picture":
            assert (PICTURES / f"{block['picture']}.svg").is_file()
            assert len(words(block["description"])) >= 20
