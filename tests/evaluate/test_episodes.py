"""Episodes: what is drawn, what is counted, and how sure the mean is."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import SettingInvalid, UnknownName
from engine.evaluate.episodes import Plan, draw_episode, episode_answers, play
from tests.classify.blobs import blobs

MEMBERS = {one: np.arange(one * 100, one * 100 + 30) for one in range(8)}


def test_an_episode_has_its_classes_labels_and_queries_and_shares_no_image() -> None:
    episode = draw_episode(MEMBERS, Plan(ways=5, shots=2, queries=7), np.random.default_rng(0))
    assert len(set(episode.classes)) == 5
    assert (episode.support // 100).tolist() == np.repeat(episode.classes, 2).tolist()
    assert (episode.queries // 100).tolist() == np.repeat(episode.classes, 7).tolist()
    assert not set(episode.support) & set(episode.queries)


def test_separate_classes_are_told_apart_and_equal_ones_guessed() -> None:
    apart, truth = blobs([40] * 6, apart=4)
    alike = np.random.default_rng(0).normal(size=apart.shape).astype(np.float32)
    plan = Plan(ways=4, shots=3, queries=10, episodes=60)
    assert play(apart, truth, "prototype", plan).accuracy == 1
    guessed = play(alike, truth, "prototype", plan)
    assert guessed.chance == 0.25 and abs(guessed.accuracy - 0.25) < 3 * guessed.interval


def test_the_interval_is_that_of_a_mean() -> None:
    """By hand: 1.96 standard errors of the episodes' own shares."""
    vectors, truth = blobs([40] * 4, apart=0.5)
    plan = Plan(ways=3, shots=1, queries=5, episodes=20, seed=7)
    rng, members = np.random.default_rng(7), {one: np.flatnonzero(truth == one) for one in range(4)}
    shares = []
    for _ in range(20):
        episode = draw_episode(members, plan, rng)
        answers = episode_answers(vectors, vectors.mean(axis=0), episode, 1, "prototype")
        shares.append((episode.classes[answers.argmax(axis=1)] == truth[episode.queries]).mean())
    scores = play(vectors, truth, "prototype", plan)
    assert scores.accuracy == pytest.approx(np.mean(shares))
    assert scores.interval == pytest.approx(1.96 * np.std(shares, ddof=1) / np.sqrt(20))


def test_the_same_seed_plays_the_same_episodes_for_every_method() -> None:
    vectors, truth = blobs([40] * 5, apart=0.6)
    plan = Plan(ways=3, shots=1, queries=5, episodes=5)
    assert play(vectors, truth, "knn", plan).accuracy == play(vectors, truth, "knn", plan).accuracy
    one_label = {play(vectors, truth, name, plan).accuracy for name in ("knn", "matching", "prototype")}
    assert len(one_label) == 1  # with one label a class all three take the nearest image


def test_propagations_play_too() -> None:
    vectors, truth = blobs([40] * 3, apart=4)
    assert play(vectors, truth, "spread", Plan(3, 1, 5, 4)).accuracy == 1


def test_too_few_classes_with_images_enough_are_refused_in_words() -> None:
    vectors, truth = blobs([40, 40, 10], apart=1)
    with pytest.raises(SettingInvalid, match="need 3 classes of 16 images; 2 of 3 classes have as many"):
        play(vectors, truth, "knn", Plan(3, 1, 15, 2))


def test_an_unknown_method_is_named() -> None:
    vectors, truth = blobs([40, 40], apart=1)
    with pytest.raises(UnknownName, match="Did you mean spread"):
        play(vectors, truth, "spred", Plan(2, 1, 5, 2))
