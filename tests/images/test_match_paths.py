"""A path in a CSV finds the one image it can mean, and none where it could mean two."""

from __future__ import annotations

import unicodedata

import pytest

from engine.images.match import match


@pytest.mark.parametrize(
    "known, asked, row",
    [
        (["a/1.png", "b/1.png"], "b/1.png", 1),  # the same
        (["a/1.png", "b/1.png"], "images/b/1.png", 1),  # with leading folders
        (["a/1.png", "b/1.png"], "/home/me/images/b/1.png", 1),  # absolute
        (["x/a/1.png", "x/b/1.png"], "b/1.png", 1),  # without a leading folder
        (["a/1.png", "b/2.png"], "2.png", 1),  # a unique file name
        (["a/1.png", "b/2.png"], "elsewhere/2.png", 1),
        (["1.png", "a/1.png"], "images/a/1.png", 1),  # the longest ending wins
        (["a/1.png", "b/1.png"], "1.png", -1),  # could be either
        (["a/1.png", "b/1.png"], "c/1.png", -1),
        (["a/1.png"], "2.png", -1),
        (["a/1.png"], "a\\1.png", 0),  # Windows
        (["a/1.png"], "./a/1.png", 0),
        (["a/1.png"], " a/1.png ", 0),
        (["xa/1.png", "b/1.png"], "images/a/1.png", -1),  # folders count whole
    ],
)
def test_a_path_matches(known: list[str], asked: str, row: int) -> None:
    rows, unmatched = match(known, [asked])
    assert rows.tolist() == [row]
    assert unmatched == ([asked] if row < 0 else [])


def test_a_file_name_asked_for_in_two_folders_matches_neither_by_name() -> None:
    assert match(["a/1.png"], ["b/1.png", "c/1.png"])[0].tolist() == [-1, -1]


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert match([unicodedata.normalize("NFD", "ä.png")], [unicodedata.normalize("NFC", "ä.png")])[0].tolist() == [0]


def test_the_same_path_twice_matches_twice() -> None:
    assert match(["1.png"], ["1.png", "1.png"])[0].tolist() == [0, 0]
