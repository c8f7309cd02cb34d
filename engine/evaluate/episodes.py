"""N-way K-shot episodes: how well a method tells a few classes apart from a few labels of each, over many draws.

The protocol of Vinyals et al., NIPS 2016, https://arxiv.org/abs/1606.04080, with 15 queries a class and the mean and
95 % interval over 600 episodes as in Chen et al., ICLR 2019, https://arxiv.org/abs/1904.04232. Differs: vectors are
centred by the mean of the whole embedding, as there are no base classes. Methods that learn from the queries too
(spreading, TIM, PT-MAP and others) see those of one episode together, as many of each class: easier than real images.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.classify.base import Task
from engine.classify.run import answer_task
from engine.errors import SettingInvalid
from engine.evaluate.known import known_by_truth
from engine.project import Project
from engine.types import UNKNOWN, Array, Floats, Indices, Progress, silent

EPISODES, QUERIES = 600, 15  # as in the papers


@dataclass(frozen=True)
class Plan:
    """What every episode is made of."""

    ways: int = 5  # classes
    shots: int = 1  # labels of each
    queries: int = QUERIES  # images of each that are asked
    episodes: int = EPISODES
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Episode:
    """One draw."""

    classes: Indices  # codes [W]
    support: Indices  # rows [W·K]
    queries: Indices  # rows [Q]


@dataclass(frozen=True)
class EpisodeScores:
    """How a method did over all episodes."""

    method: str
    ways: int
    shots: int
    queries: int
    episodes: int
    accuracy: float  # mean over episodes, in [0, 1]
    interval: float  # half of the 95 % interval of that mean
    chance: float  # what guessing gets
    seconds: float

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        return (
            f"{self.method}: {self.accuracy:.1%} ± {self.interval:.1%} of the queries right with {self.ways} classes "
            f"and {self.shots} {'label' if self.shots == 1 else 'labels'} of each, over {self.episodes:,} episodes "
            f"(guessing: {self.chance:.0%})."
        )


def episodes(
    project: Project, embedding: str, truth: Path, column: str, methods: list[str], plans: list[Plan]
) -> list[EpisodeScores]:
    """Score methods on images whose classes a file tells; it reaches nothing else.

    Args:
        embedding: its name.
        truth: CSV or Parquet with a column of paths.
        column: its column of classes.
        methods: names of classifiers or propagations.
        plans: of the episodes; every method plays the same ones.

    Raises:
        TableUnreadable: the file cannot be read or lacks a column.
        SettingInvalid: too few classes have images enough.
        EmbeddingMissing, UnknownName: no such embedding or method.
    """
    known = known_by_truth(project, embedding, truth, column)
    return [play(known.vectors, known.codes, method, plan, known.centre) for plan in plans for method in methods]


def play(
    vectors: Floats,
    truth: Indices,
    method: str,
    plan: Plan,
    centre: Floats | None = None,
    progress: Progress = silent,
) -> EpisodeScores:
    """All episodes of one method.

    Args:
        vectors: [N D].
        truth: class of each [N].
        method: a classifier or propagation.
        plan: of the episodes.
        centre: what is taken as the middle of all vectors [D]; their mean by default.
    """
    began = time.perf_counter()
    rng = np.random.default_rng(plan.seed)
    middle = vectors.mean(axis=0) if centre is None else centre
    large, shares = members(truth, plan), []
    for done in range(plan.episodes):
        shares.append(_share_right(vectors, middle, draw_episode(large, plan, rng), plan, method))
        progress(done + 1, plan.episodes)
    half = 1.96 * float(np.std(shares, ddof=1)) / np.sqrt(len(shares)) if len(shares) > 1 else float("nan")
    return EpisodeScores(
        method=method,
        ways=plan.ways,
        shots=plan.shots,
        queries=plan.queries,
        episodes=plan.episodes,
        accuracy=float(np.mean(shares)),
        interval=float(half),
        chance=1 / plan.ways,
        seconds=time.perf_counter() - began,
    )


def draw_episode(members: dict[int, Indices], plan: Plan, rng: np.random.Generator) -> Episode:
    """Classes, and of each some images to learn from and others to be asked.

    Args:
        members: rows of each class that may be drawn, more than `shots` each.
        plan: of the episode.
        rng: draws.
    """
    classes = rng.choice(np.array(sorted(members)), plan.ways, replace=False)
    drawn = [rng.permutation(members[int(one)])[: plan.shots + plan.queries] for one in classes]
    support, queries = ([rows[part] for rows in drawn] for part in (slice(plan.shots), slice(plan.shots, None)))
    return Episode(classes.astype(np.int64), np.concatenate(support), np.concatenate(queries))


def episode_answers(vectors: Floats, centre: Floats, episode: Episode, shots: int, method: str) -> Floats:
    """Probabilities of the episode's classes for its queries [Q W]."""
    rows = np.concatenate([episode.support, episode.queries])
    labels = np.full(len(rows), UNKNOWN)
    labels[: len(episode.support)] = np.repeat(np.arange(len(episode.classes)), shots)
    task = Task(vectors[rows], labels, len(episode.classes), centre=centre)
    return answer_task(task, method).probabilities[len(episode.support) :]


def _share_right(vectors: Floats, centre: Floats, episode: Episode, plan: Plan, method: str) -> float:
    answers = episode_answers(vectors, centre, episode, plan.shots, method)
    answered = answers.max(axis=1) > 0
    asked = _asked(episode, plan)
    return float((answered & (answers.argmax(axis=1) == asked)).mean())


def _asked(episode: Episode, plan: Plan) -> Array:
    """Place of the true class of each query [Q]."""
    return np.repeat(np.arange(plan.ways), len(episode.queries) // plan.ways)


def members(truth: Indices, plan: Plan) -> dict[int, Indices]:
    """Rows of each class with images enough.

    Raises:
        SettingInvalid: fewer such classes than `ways`.
    """
    needed = plan.shots + plan.queries
    sizes = np.bincount(truth)
    large = np.flatnonzero(sizes >= needed)
    if len(large) < plan.ways:
        raise SettingInvalid(
            f"Episodes with {plan.ways} classes, {plan.shots} labels and {plan.queries} queries of each need "
            f"{plan.ways} classes of {needed} images; {len(large)} of {np.count_nonzero(sizes)} classes have as many. "
            "Ask for fewer ways, shots or queries."
        )
    return {int(one): np.flatnonzero(truth == one) for one in large}
