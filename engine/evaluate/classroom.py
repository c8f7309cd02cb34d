"""One episode to look at: what was learnt from, what was asked, what was answered, and a picture of it in the plane."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from urllib.parse import parse_qs, urlencode

import numpy as np

from engine.classify.base import class_means
from engine.evaluate.episodes import Episode, Plan, draw_episode, episode_answers, members
from engine.evaluate.known import Known
from engine.geometry.neighbours import at_length_one
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True)
class Wish:
    """Which episode is asked for; the same wish on the same images gives the same episode."""

    ways: int = 5
    shots: int = 1
    queries: int = 10
    seed: int = 1
    method: str = "prototype"
    classes: tuple[str, ...] = ()  # to draw from; all where none is named
    truth: str = ""  # path of the file that tells the classes; "" for the project's own labels
    column: str = "label"  # of the file

    @property
    def plan(self) -> Plan:
        """The wish without method and classes, for one episode."""
        return Plan(self.ways, self.shots, self.queries, 1, self.seed)

    def as_text(self) -> str:
        """The wish as one word for an address; what is as usual is left out."""
        usual = asdict(Wish())
        return urlencode({name: value for name, value in asdict(self).items() if value != usual[name]}, doseq=True)

    @classmethod
    def from_text(cls, text: str) -> Wish:
        """What `as_text` wrote; whatever makes no sense is as usual."""
        given = parse_qs(text)
        numbers = {
            name: int(given[name][0])
            for name in ("ways", "shots", "queries", "seed")
            if name in given and given[name][0].isdecimal() and 0 < int(given[name][0]) < 10**6
        }
        words = {name: given[name][0] for name in ("method", "truth", "column") if name in given}
        return cls(**numbers, **words, classes=tuple(given.get("classes", ())))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Lesson:
    """An episode with its answers. Points lie in the plane of the largest scatter of its images."""

    classes: list[str]  # [W] in the order drawn
    support: Indices  # rows of the image table [W·K], class by class
    queries: Indices  # rows of the image table [Q], class by class
    asked: Indices  # place of the true class of each query [Q]
    answered: Indices  # place of the answered class [Q], UNKNOWN where there is none
    confidence: Floats  # probability of the answer [Q]
    support_points: Floats  # [W·K 2]
    query_points: Floats  # [Q 2]
    prototypes: Floats  # [W 2]
    seen: float  # share of the scatter that the plane shows, in [0, 1]

    @property
    def right(self) -> Array:
        """Whether each query was answered right [Q]."""
        right: Array = self.answered == self.asked
        return right

    @property
    def shots(self) -> int:
        return len(self.support) // len(self.classes)


def lesson(known: Known, wish: Wish) -> Lesson:
    """Draw the episode and answer it.

    Raises:
        SettingInvalid: too few classes have images enough.
        UnknownName: there is no such method.
    """
    pool = known.of_classes(wish.classes)
    episode = draw_episode(members(pool.codes, wish.plan), wish.plan, np.random.default_rng(wish.seed))
    answers = episode_answers(pool.vectors, pool.centre, episode, wish.shots, wish.method)
    confidence = answers.max(axis=1)
    points, seen = plane(pool, episode)
    here = len(episode.support)
    prototypes = class_means(points[:here], np.repeat(np.arange(wish.ways), wish.shots), wish.ways)
    return Lesson(
        classes=[pool.names[one] for one in episode.classes],
        support=pool.rows[episode.support],
        queries=pool.rows[episode.queries],
        asked=np.repeat(np.arange(wish.ways), wish.queries),
        answered=np.where(confidence > 0, answers.argmax(axis=1), UNKNOWN).astype(np.int64),
        confidence=confidence,
        support_points=points[:here],
        query_points=points[here:],
        prototypes=prototypes,
        seen=seen,
    )


def plane(known: Known, episode: Episode) -> tuple[Floats, float]:
    """Support and queries in their first two principal axes [W·K+Q 2], and the share of the scatter these show."""
    rows = np.concatenate([episode.support, episode.queries])
    directions = at_length_one(known.vectors[rows] - known.centre)
    centred = directions - directions.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(rows), 2), np.float32)
    points[:, : min(2, len(sizes))] = (left * sizes)[:, :2]
    total = float((sizes**2).sum())
    return points, float((sizes[:2] ** 2).sum() / total) if total else 1.0


def most_shots(known: Known, wish: Wish) -> int:
    """Labels of each class that an episode of two classes could have; below 1 where none can be drawn at all."""
    sizes = np.sort(known.of_classes(wish.classes).sizes)[::-1]
    return int(sizes[1]) - 1 if len(sizes) > 1 else 0


def most_queries(known: Known, wish: Wish) -> int:
    """Queries of each class that an episode of so many ways and shots could have."""
    sizes = np.sort(known.of_classes(wish.classes).sizes)[::-1]
    return int(sizes[wish.ways - 1]) - wish.shots if len(sizes) >= wish.ways else 0


def within(known: Known, wish: Wish) -> Wish:
    """The wish with as many shots, ways and queries as these images allow, where it asks for more."""
    wish = replace(wish, shots=max(1, min(wish.shots, most_shots(known, wish))))
    large = int((known.of_classes(wish.classes).sizes > wish.shots).sum())
    wish = replace(wish, ways=max(2, min(wish.ways, large)))
    return replace(wish, queries=max(1, min(wish.queries, most_queries(known, wish))))
