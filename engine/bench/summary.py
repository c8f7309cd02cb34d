"""A bench as a person reads it: one line a row for one question, and in words what may be said of it and what not."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from engine.bench.compare import (
    Difference,
    Question,
    Row,
    difference,
    first_of_kind,
    first_prior,
    is_null,
    pretrained_row,
    random_row,
    ranked,
    score_of,
)
from engine.bench.results import Results
from engine.bench.table import row_title

APART = "not told apart"
NAMED = 4  # rows that a sentence names before it counts


def summary(results: Results, question: Question) -> pd.DataFrame:
    """A line for each row that answers the question, best first.

    Columns: title, method, prior, encoder, null, score, low, high, over_random, over_imagenet, over_first (differences,
    the last to the same training with the first prior; NaN where there is nothing to compare with), beats_random,
    beats_imagenet, beats_first (in words), over_first_interval (in words), and those of the row itself.
    """
    lines, named = [], titles(results)
    for row in ranked(results, question):
        score = score_of(row, question)
        assert score
        over = {name: _over(results, row, question, name) for name in ("random", "imagenet", "first")}
        lines.append(
            {
                "title": named[row["embedding"]],
                "method": row_title(row).replace(" (null)", ", not trained"),
                "prior": _spelt(row["prior"]),
                "encoder": row["encoder"],
                "null": is_null(row),
                "score": score["mean"],
                "low": score["interval"][0],
                "high": score["interval"][1],
                **{f"over_{name}": gain.mean if gain else None for name, gain in over.items()},
                **{f"beats_{name}": _word(gain) for name, gain in over.items()},
                "over_first_interval": over["first"].in_points.replace("-", "−") if over["first"] else "",
                **{name: row[name] for name in ("neighbours", "neighbours_null", "train_seconds", "views_per_second")},
                **{name: row[name] for name in ("steps", "epochs", "leakage", "leakage_chance", "run", "embedding")},
            }
        )
    return pd.DataFrame(lines)


def by_labels(results: Results, question: Question) -> pd.DataFrame:
    """The same question for every number of labels: columns title, null, labels, score, low, high."""
    named = titles(results)
    lines = [
        {
            "title": named[row["embedding"]],
            "null": is_null(row),
            "labels": score["labels"],
            "score": score["mean"],
            "low": score["interval"][0],
            "high": score["interval"][1],
        }
        for row in ranked(results, question)
        for score in row["scores"]
        if (score["classifier"], score["folds"]) == (question.classifier, question.folds)
    ]
    return pd.DataFrame(lines).sort_values("labels", kind="stable") if lines else pd.DataFrame(columns=["title"])


def titles(results: Results) -> dict[str, str]:
    """What each row is, by its embedding: the method, and of prior, encoder and start what tells the rows apart."""
    own = [row for row in results["rows"] if row is not pretrained_row(results)]
    priors, encoders = {row["prior"] for row in own if not is_null(row)}, {row["encoder"] for row in own}
    named = {row["embedding"]: row_title(row).removesuffix(" (null)") for row in results["rows"]}
    for row in own:
        parts = [_spelt(row["prior"]) if len(priors) > 1 else "", row["encoder"] if len(encoders) > 1 else ""]
        named[row["embedding"]] = " · ".join(filter(None, [named[row["embedding"]], *parts]))
    return named


def findings(results: Results, question: Question) -> list[str]:
    """What the draws allow to be said, one sentence each; what they do not allow is said too."""
    frame = summary(results, question)
    trained = frame[~frame["null"]] if len(frame) else frame
    if not len(trained):
        return ["No training has been scored yet."]
    said = [_best(frame, whole=len(results["rows"]) * results["settings"].get("repeats", 1) >= results.get("cells", 0))]
    for name, words in (("imagenet", "frozen ImageNet features"), ("random", "random weights")):
        told = trained[f"beats_{name}"]
        if (told == "").all():
            continue
        parts = [
            _listed("above", trained["title"][told == "above"], len(trained)),
            _listed("below", trained["title"][told == "below"], len(trained)),
            _listed(APART, trained["title"][told == APART], len(trained)),
        ]
        said.append(f"Against {words}: {'; '.join(filter(None, parts))}.")
    for row in trained[trained["beats_first"] != ""].itertuples():
        first = first_prior(results)
        both = f"**{_plainly(row.title)}** against {_plainly(first)}"
        said.append(f"{both}: {row.over_first_interval} points, {row.beats_first}.")
    return said


def _best(frame: pd.DataFrame, *, whole: bool) -> str:
    """The best training; before it what did better without any training.

    Args:
        frame: of the summary.
        whole: whether all has been scored.
    """
    best, training = (_scored(rows.iloc[0]) for rows in (frame, frame[~frame["null"]]))
    so_far = "" if whole else " so far"
    if not frame["null"].iloc[0]:
        return f"Best{so_far}: {best}."
    return f"Best{so_far} without any training: {best}. Of the trainings: {training}."


def _scored(row: pd.Series) -> str:
    return f"**{_plainly(row['title'])}** with {row['score']:.3f} ({row['low']:.3f} to {row['high']:.3f})"


def _over(results: Results, row: Row, question: Question, name: str) -> Difference | None:
    if name == "first":
        other = first_of_kind(results["rows"], row, first_prior(results))
    else:
        other = random_row(results, row["encoder"]) if name == "random" else pretrained_row(results)
    return None if other is None or other is row or is_null(row) else difference(row, other, question)


def _spelt(prior: str) -> str:
    """A prior as on the command line, in words: “same_group:patient” is “same group:patient”."""
    return prior.replace("_", " ")


def _word(gain: Difference | None) -> str:
    if gain is None:
        return ""
    return APART if not gain.clear else "above" if gain.mean > 0 else "below"


def _plainly(title: object) -> str:
    """A title within Markdown, where “:grey” would be taken for an instruction."""
    return str(title).replace(":", "\\:")


def _listed(word: str, titles: Sequence[str] | pd.Series, of: int) -> str:
    count = len(titles)
    if not count:
        return ""
    if word == APART and count == of:
        return "none is told apart"
    named = f" ({', '.join(map(_plainly, titles))})" if count <= NAMED and count < of else ""
    every = "all" if count == of and of > 1 else f"{count} of {of}"
    return f"{every} {word}{named}"
