"""A template or a regular expression reads columns from names, says what it missed, and says what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PatternInvalid
from engine.images.patterns import Part, escape, parse, parts, read_pattern

WORDS = st.text("abcxyzÄ09", min_size=1, max_size=6)
NUMBERS = st.from_regex(r"[0-9]{1,5}", fullmatch=True)


@settings(max_examples=30)
@given(st.lists(st.tuples(WORDS, NUMBERS, WORDS), min_size=1, max_size=5))
def test_what_a_template_writes_it_reads_again(rows: list[tuple[str, str, str]]) -> None:
    names = [f"deep/{patient}/slide_{number}-{rest}.png" for patient, number, rest in rows]
    values, matched = read_pattern(names, "{patient}/slide_{number:number}-{rest}")
    assert all(matched)
    assert list(zip(values["patient"], values["number"], values["rest"], strict=True)) == rows


@given(st.text(min_size=1, max_size=30), st.sampled_from(["{a}_{b}", "{a:number}*", r"(?P<a>.)(?P<b>\d)?"]))
def test_the_parts_of_a_name_put_together_are_the_name(name: str, pattern: str) -> None:
    assert "".join(part.text for part in parts(name, pattern)) == name


@given(st.text("ab{}*.-_", min_size=1, max_size=12))
def test_escaped_text_stands_for_itself(text: str) -> None:
    assert not parse([f"{text}_7.png"], f"{escape(text)}_{{number}}").unmatched


@pytest.mark.parametrize(
    "template, name, columns",
    [
        ("{patient}-{mag:number}-{seq:number}", "14-10926-100-003.png", {"patient": "14-10926", "mag": "100"}),
        ("{section:letters}{spot:number}", "B4.jpg", {"section": "B", "spot": "4"}),
        ("{patient}/{patient}_{n}", "x/p1/p1_2.png", {"patient": "p1", "n": "2"}),  # the same both times
        ("slide_*_{x:number}", "a/slide_whatever_12.5.png", {"x": "12.5"}),
        ("{name}", "a/b.c.tar.png", {"name": "b.c.tar"}),  # only the last ending is one
        ("/{folder}/{name}", "a/b/c.png", {"folder": "b", "name": "c"}),
    ],
)
def test_a_template_is_read_from_the_end_of_the_path(template: str, name: str, columns: dict[str, str]) -> None:
    values, matched = read_pattern([name], template)
    assert matched == [True]
    assert {column: values[column][0] for column in columns} == columns


@pytest.mark.parametrize(
    "template, name",
    [
        ("{patient}/{patient}_{n}", "p1/p2_2.png"),
        ("{x:number}", "12a.png"),
        ("a_{x}", "ba_1.png"),
        ("{a}/{b}", "c.png"),
    ],
)
def test_a_name_of_another_make_up_does_not_match(template: str, name: str) -> None:
    assert parse([name, name], template).unmatched == [0, 1]


def test_columns_of_numbers_are_numbers_and_unmatched_names_are_empty() -> None:
    read = parse(["x7.png", "other.png", "x12.png"], "x{x:number}")
    assert read.columns["x"].tolist()[::2] == [7, 12]
    assert read.columns["x"].isna().tolist() == [False, True, False]
    assert read.unmatched == [1]


def test_parts_say_which_column_takes_what_and_the_inner_one_shows() -> None:
    assert parts("a/B4_9.png", "{slide}_{x:number}") == [
        Part("a/"), Part("B4", "slide"), Part("_"), Part("9", "x"), Part(".png")
    ]  # fmt: skip
    assert parts("B4.png", r"(?P<slide>(?P<patient>\w)\d)") == [Part("B", "patient"), Part("4", "slide"), Part(".png")]


@pytest.mark.parametrize(
    "pattern, says",
    [
        ("{patient", "without its partner"),
        ("{1st}", "cannot name a column"),
        ("{x:integer}", "{x:number}"),
        ("IMG_*", "names no column"),
        ("(?P<patient>[0-9)", "at character 13"),
        ("(?<patient>.)", "(?P<name>…)"),
        ("(?:a)", "names no column"),
    ],
)
def test_a_broken_pattern_says_where_and_how_to_mend_it(pattern: str, says: str) -> None:
    with pytest.raises(PatternInvalid, match="pattern") as told:
        parse(["1.png"], pattern)
    assert says in str(told.value)
