"""The chosen priors of a project, and how large the groups of a column are."""

import numpy as np

from engine.images.table import read_table
from engine.priors import PriorSpec
from engine.priors.choice import read_choice, save_choice
from engine.priors.sizes import group_sizes
from engine.project import Project


def test_until_something_is_chosen_an_image_is_paired_with_itself(project: Project) -> None:
    assert read_choice(project) == [PriorSpec("augmentation")]


def test_a_choice_is_read_back_as_it_was_saved(project: Project) -> None:
    chosen = [PriorSpec("same_group", {"column": "slide", "share": 0.7}), PriorSpec("augmentation", {"hue": 0.0})]
    save_choice(project, chosen)
    assert read_choice(project) == chosen


def test_group_sizes_are_those_that_counting_gives_largest_first(project: Project) -> None:
    table = read_table(project)
    counted = table.column("patient").value_counts()
    sizes, others = group_sizes(table, "patient", most=2)
    assert [size for _, size in sizes] == list(counted.head(2))
    assert others == len(counted) - 2
    assert np.sum([size for _, size in group_sizes(table, "patient", most=1000)[0]]) == len(table)
