"""Reading a method: its timetable, who may lead it, and every fault named with file, line, key and remedy."""

from datetime import date

import pytest

from tests.workflows.calendars import CALENDARS
from workflows.methods import check_method, due_of_evidence, read_method, timetable_of
from workflows.phase_reasons import Drawn

GOOD = """method = "walk-about"
version = "2026.3"
title = "Walk-about"
summary = "Walk round, ask, write it down."
nations = ["england"]
personal_data = "depersonalised only"
outputs = ["note"]

[[basis]]
source = "LGA 2000 s.9F"
confidence = "verified"

[[lead]]
kind = "council-committee"
law = "LGA 2000 s.9F"

[[join]]
kind = "panel"
law = "by agreement"

[[phases]]
key = "walk"
title = "Walk"
duration = 5
unit = "wd"

[[phases]]
key = "write"
title = "Write"
after = "walk"
duration = 2
unit = "weeks"

[[phases]]
key = "reply"
title = "Reply"
after = "write"
offset = 0
offset_unit = "cd"
duration = 2
unit = "months"
statutory = true

[[lines]]
key = "seen"
title = "Seen"
text = "What did we see?"

[[evidence]]
key = "map"
title = "Map"
question = "Where are your assets?"
agencies = ["unitary", "police"]
line = "seen"
due_phase = "walk"
power = "osc_docs"

[[evidence]]
key = "count"
title = "Count"
question = "How many?"
agencies = ["police"]
line = "seen"
clock = "working_day_number:3"

[judgement]
kind = "flags"
[[judgement.options]]
key = "red"
label = "Red"
[[judgement.options]]
key = "green"
label = "Green"

[accuracy_check]
clock = "working_after:10"
who = "everybody"

[sign_off]
rule = "committee-vote"
who = ["the committee"]

[[responses]]
agencies = ["unitary"]
own = "only"
clock = "months_beginning_with:2"
words = "within two months"
[[responses]]
clock = "reasonable:20"
words = "if it will"

[[follow_ups]]
title = "Look again"
after = 6
unit = "months"
outcome = "red"
"""
NAME = "walk-about-2026.3.toml"
KNOWN = {"agency_kinds": ["unitary", "police"], "powers": ["osc_docs"]}
MONDAY = date(2026, 3, 2)


def test_a_good_method_is_read_into_values() -> None:
    method = read_method(GOOD, NAME)
    assert (method.key, method.version, method.name) == ("walk-about", "2026.3", "walk-about-2026.3")
    assert [item.key for item in method.evidence_for("police")] == ["map", "count"]
    assert [item.key for item in method.evidence_for("unitary")] == ["map"]
    assert [option.label for option in method.judgement.options] == ["Red", "Green"]
    assert method.digest == read_method(GOOD, NAME).digest != read_method(GOOD + "\n", NAME).digest


def test_who_may_lead_and_who_may_join_is_told_in_a_sentence() -> None:
    method = read_method(GOOD, NAME)
    assert method.why_not_lead("council-committee") == ""
    assert method.why_not_lead("inspectorate") == (
        "An inspectorate may not lead the method “Walk-about”: only a council scrutiny committee may (LGA 2000 s.9F)."
    )
    assert method.why_not_join("panel") == ""
    assert "may not join" in method.why_not_join("place-board")


def test_the_timetable_follows_phase_on_phase_and_says_why() -> None:
    walk, write, reply = timetable_of(read_method(GOOD, NAME), MONDAY, CALENDARS)
    assert (walk.starts_on, walk.ends_on) == (MONDAY, date(2026, 3, 6))
    assert (write.starts_on, write.ends_on) == (date(2026, 3, 9), date(2026, 3, 22))
    assert (reply.starts_on, reply.ends_on) == (date(2026, 3, 22), date(2026, 5, 21))
    assert reply.statutory
    (why,) = write.why
    assert isinstance(why, Drawn)
    assert (why.duration, why.unit, why.offset, why.offset_unit) == (2, "weeks", 1, "wd")
    assert (why.anchor, why.event, why.before) == (date(2026, 3, 6), "ends", "Walk")


def test_a_review_that_opens_on_a_holiday_begins_on_the_next_working_day() -> None:
    walk = timetable_of(read_method(GOOD, NAME), date(2026, 4, 3), CALENDARS)[0]
    assert (walk.starts_on, walk.ends_on) == (date(2026, 4, 7), date(2026, 4, 13))
    scottish = timetable_of(read_method(GOOD, NAME), date(2026, 4, 3), CALENDARS, "scotland")[0]
    assert scottish.starts_on == date(2026, 4, 6)


def test_a_phase_may_come_before_another_in_the_file_and_after_it_in_time() -> None:
    text = GOOD.replace('title = "Walk"\nduration', 'title = "Walk"\nafter = "prepare"\nduration').replace(
        "[[lines]]", '[[phases]]\nkey = "prepare"\ntitle = "Prepare"\nduration = 1\nunit = "wd"\n\n[[lines]]', 1
    )
    dates = {phase.key: phase.starts_on for phase in timetable_of(read_method(text, NAME), MONDAY, CALENDARS)}
    assert dates["prepare"] == MONDAY
    assert dates["walk"] == date(2026, 3, 3)


def test_where_the_first_day_is_number_one_the_tenth_is_nine_days_on() -> None:
    text = GOOD.replace('after = "walk"\n', 'after = "walk"\ncounted_from = "start"\noffset = 10\nday_number_base = 1\n')
    write = timetable_of(read_method(text, NAME), date(2017, 11, 21), CALENDARS)[1]
    assert write.starts_on == date(2017, 12, 4)  # Haringey's fieldwork, as it was


def test_a_timetable_past_the_calendars_end_says_it_is_provisional() -> None:
    walk = timetable_of(read_method(GOOD, NAME), date(2028, 12, 29), CALENDARS)[0]
    (why,) = walk.why
    assert isinstance(why, Drawn)
    assert why.known_until == date(2028, 12, 31)


def test_evidence_is_due_by_its_clock_or_at_the_end_of_its_phase() -> None:
    method = read_method(GOOD, NAME)
    phases = timetable_of(method, MONDAY, CALENDARS)
    by_phase, by_clock = (due_of_evidence(item, phases, MONDAY, CALENDARS) for item in method.evidence)
    assert (by_phase.due, str(by_phase.clock)) == (date(2026, 3, 6), "stated_date:2026-03-06")
    assert (by_clock.due, str(by_clock.clock)) == (date(2026, 3, 4), "working_day_number:3")


def test_evidence_asked_after_its_phase_is_over_is_given_a_reasonable_time() -> None:
    method = read_method(GOOD, NAME)
    late = due_of_evidence(method.evidence[0], timetable_of(method, MONDAY, CALENDARS), date(2026, 3, 9), CALENDARS)
    assert (late.due, late.expectation) == (date(2026, 3, 23), True)


def test_the_response_rule_that_fits_an_agency_is_found() -> None:
    method = read_method(GOOD, NAME)
    own, other = method.response_rule_for("unitary", own_council=True), method.response_rule_for("unitary")
    assert own
    assert str(own.clock) == "months_beginning_with:2"
    assert other
    assert str(other.clock) == "reasonable:20"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "Walk-about"', "", "walk-about-2026.3.toml, line 1, title: title is missing; add title ="),
        ('personal_data = "dep', 'personal_data = "Dep', "line 6, personal_data: personal_data is 'Depersonalised only'"),
        ('outputs = ["note"]', 'outputs = "note"', "line 7, outputs: outputs is 'note', of the wrong type; write a list"),
        ('outputs = ["note"]', "outputs = []", "line 7, outputs: outputs is empty; name at least one"),
        ('version = "2026.3"', 'version = "2026.4"', "line 2, version: the file is named walk-about-2026.3.toml but holds"),
        ('version = "2026.3"', "version = 2026.3", "line 2, version: version is 2026.3, of the wrong type"),
        ('version = "2026.3"', 'version = "three"', "write year and number"),
        ('kind = "council-committee"', 'kind = "council-comittee"', "line 14, lead.1.kind: kind is 'council-comittee'"),
        ('after = "walk"', 'after = "wlak"', "line 30, phases.2.after: there is no phase 'wlak'; write start or one of walk"),
        ('title = "Walk"\n', 'title = "Walk"\nafter = "reply"\n', "go round in a circle: walk after reply after write"),
        ('after = "walk"', 'after = "write"', "the phases go round in a circle: write after write"),
        ('key = "write"', 'key = "walk"', "line 28, phases.2.key: key 'walk' is used twice; give this one another"),
        ("duration = 5", "duration = 0", "line 24, phases.1.duration: duration is 0; write a whole number of 1 or more"),
        ("duration = 5", "duration = 1000", "line 24, phases.1.duration: duration is 1000; write a whole number of 999 or less"),
        ("after = 6\n", "after = 99999999999999999999\n", "after is 99999999999999999999; write a whole number of 999"),
        ('after = "walk"', 'after = ""', "phases.2.after: there is no phase ''; write start or one of walk"),
        ("working_day_number:3", "clear_before:5", "evidence.2.clock: clear_before:5 counts back from a meeting"),
        ("duration = 5", "duration = 2.5", "duration is 2.5, of the wrong type; write a whole number"),
        ("duration = 5", "duration = true", "duration is True, of the wrong type"),
        ("duration = 5\n", "", "line 21, phases.1.duration: duration is missing"),
        ('unit = "weeks"', 'unit = "fortnights"', "line 32, phases.2.unit: unit is 'fortnights'"),
        ("statutory = true", "statuary = true", "line 42, phases.3.statuary: statuary is not a key known here; write statutory"),
        ('line = "seen"', 'line = "sene"', "evidence.1.line: line is 'sene', which is not known here; write seen"),
        ('agencies = ["unitary", "police"]', 'agencies = ["unitary", "polise"]', "agencies is 'polise', which is not known here"),
        ('power = "osc_docs"', 'power = "osc_doc"', "power is 'osc_doc', which is not known here; write osc_docs"),
        ('due_phase = "walk"\n', "", "it is not said once when this is due; write either clock or due_phase"),
        ('due_phase = "walk"', 'due_phase = "stroll"', "due_phase is 'stroll', which is not known here"),
        ("working_day_number:3", "working_days:3", "evidence.2.clock: There is no clock 'working_days:3'; write one of"),
        ('kind = "flags"', 'kind = "none"', "there is no grade, yet options are listed"),
        ('kind = "flags"', 'kind = "stars"', "judgement.kind: kind is 'stars'"),
        ('key = "green"', 'key = "red"', "judgement.options.2.key: key 'red' is used twice"),
        ('rule = "committee-vote"', 'rule = "show-of-hands"', "sign_off.rule: rule is 'show-of-hands'"),
        ("[sign_off]", "[signoff]", "sign_off: sign_off is missing; add sign_off = a table headed [sign_off]"),
        ('outcome = "red"', 'outcome = "blue"', "follow_ups.1.outcome: there is no judgement 'blue'"),
        ('personal_data = "depersonalised only"', 'personal_data = "statutory"', "personal files may be held, but not how long"),
        ('due_phase = "walk"', 'due_phase = "walk"\nmarking = "personal"', "personal evidence, though the method is for"),
        ('key = "walk"', 'key = "Walk!"', "key is 'Walk!'; use small letters, digits and hyphens"),
        ('[[phases]]\nkey = "walk"', '[phases]\nkey = "walk"', "this is not good TOML"),
        ('title = "Walk"', 'title = "Walk', "line 23: this is not good TOML"),
        ('clock = "working_day_number:3"', 'clock = "stated_date:2026-02-30"', "names no date that exists"),
    ],
)
def test_a_fault_is_named_with_file_line_key_and_remedy(old: str, new: str, told: str) -> None:
    assert old in GOOD
    faults = check_method(GOOD.replace(old, new, 1), NAME, **KNOWN)
    assert told in "\n".join(fault.sentence for fault in faults)
    assert all(fault.file == NAME and fault.line and fault.remedy for fault in faults)


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("duration = 5", "duration = 0").replace('"committee-vote"', '"x"').replace("nations", "nation")
    faults = check_method(text, NAME, **KNOWN)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert len(faults) == 4  # nations missing, nation unknown, duration, rule
    assert check_method(GOOD, NAME, **KNOWN) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[judgement]", "[judgment]"),
        ("[sign_off]", "[signoff]"),
        ('due_phase = "walk"', "due_phase = 3"),
        ("[[lines]]", "[[lnes]]"),
    ],
)
def test_what_is_missing_or_of_the_wrong_type_is_told_once(old: str, new: str) -> None:
    faults = check_method(GOOD.replace(old, new), NAME, **KNOWN)
    assert len([one for one in faults if "not a key known here" not in one.problem]) == 1, faults


def test_phases_in_a_circle_are_told_once() -> None:
    text = GOOD.replace('title = "Walk"\n', 'title = "Walk"\nafter = "reply"\n')
    assert [fault.problem for fault in check_method(text, NAME, **KNOWN)] == [
        "the phases go round in a circle: walk after reply after write after walk"
    ]


def test_a_method_that_a_committee_may_lead_takes_no_personal_data() -> None:
    text = GOOD.replace('"depersonalised only"', '"statutory"\nretention_days = 365')
    (fault,) = check_method(text, NAME, **KNOWN)
    assert (fault.line, fault.key) == (6, "personal_data")
    assert "a council scrutiny committee may lead, which may ask for depersonalised data only" in fault.problem
    assert 'write personal_data = "depersonalised only"' in fault.remedy
    assert check_method(text.replace('"council-committee"', '"inspectorate"'), NAME, **KNOWN) == ()


def test_a_line_inside_a_long_text_is_not_taken_for_a_key() -> None:
    text = GOOD.replace('summary = "Walk round, ask, write it down."', 'summary = """\nWalk round\nversion = 1\n"""')
    faulty = check_method(text.replace('version = "2026.3"', 'version = "2026.4"'), NAME, **KNOWN)
    assert [fault.line for fault in faulty] == [2]


WRONG = [
    "3",
    '"x"',
    "true",
    "[]",
    '["x"]',
    "{}",
    "1.5",
    "2026-01-01",
    "-1",
    "9999999999999999999",
    "[[1]]",
    '""',
    "inf",
    "12:30:00",
    '"\\u0000"',
    "[{}]",
    '"start"',
    "999",
    '"clear_before:9999"',
    '"working_after:9999"',
    "nan",
]


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_stands_at_a_key_the_method_is_refused_in_words_or_can_be_used(wrong: str) -> None:
    lines = GOOD.splitlines()
    keyed = [(place, line, line.partition(" = ")[0]) for place, line in enumerate(lines) if " = " in line]
    assert keyed
    for place, line, key in keyed:
        text = "\n".join([*lines[:place], f"{key} = {wrong}", *lines[place + 1 :]])
        if faults := check_method(text, NAME, **KNOWN):
            assert all(fault.problem and fault.remedy and fault.line for fault in faults), line
            continue
        method = read_method(text, NAME)
        phases = timetable_of(method, MONDAY, CALENDARS)
        for item in method.evidence:
            due_of_evidence(item, phases, MONDAY, CALENDARS)
