"""What each data prior is worth: trainings with and without it, paired by seed, on real images with known classes.

    python -m tests.benchmarks.priors --data FOLDER [--work FOLDER] [--only coil20,her2st]

Each prior is compared with augmentation alone at the same steps, views, network (nano, SimCLR, 32 pixels) and labels,
by `handful benchmark` with five trainings of each kind. The main figure, fixed before any was seen: logistic regression
at 5 labels a class, on other groups than the labels are from where the images have groups. The slides have no classes:
there, neighbours in the embedding are looked at (tests/benchmarks/priors_slides.py).

Everything is kept in the work folder and found again; results/priors.json (the table of MEASURED.md) and the product's
engine/priors/evidence.json are written from what is done.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine import files, jobs
from engine.bench import load_results, start_bench
from engine.bench.compare import Difference, Question, Row, difference, first_of_kind, is_null, score_of
from engine.bench.results import Results
from engine.bench.score import interval
from engine.documents import RESULTS
from engine.jobs.bench_request import BenchRequest
from engine.priors.evidence import PATH as EVIDENCE
from engine.priors.evidence import Evidence, all_evidence
from tests.benchmarks.priors_data import PROJECTS
from tests.benchmarks.priors_shares import SHARES, gains_at_shares
from tests.benchmarks.priors_slides import measure_slides

REPEATS, DRAWS, LABELS, MAIN = 5, 5, (1, 5, 10, 20), 5
BATCH, SIZE = 128, 32
SERIAL = "serial_section:section=section_order:x=laid_x:y=laid_y"


@dataclass(frozen=True)
class Study:
    """One set of images and the priors that are tried on it."""

    name: str
    project: str  # in priors_data.py
    data: str  # what its images are, in a few words
    priors: tuple[str, ...]  # the first is augmentation alone
    steps: int
    truth: str  # under the data folder, or under the work folder where the tiles are cut here
    column: str = "label"
    group: str = ""
    others: str = ""  # what labels and scores do not share
    seed: int = 0  # of the first training
    note: str = ""  # what explains the figures, as the product says it

    @property
    def folds(self) -> str:
        return "disjoint" if self.group else "all"


TURNING, TISSUE = "objects on a turntable", "spots of breast tissue"
RARE = "Partners of the rarest classes are mostly of other classes there."
STUDIES = (
    Study(
        "coil20",
        "coil20",
        TURNING,
        ("augmentation:grey", "augmentation:grey+temporal_neighbour"),
        150,
        "coil20/labels.csv",
        note="Next frames differ less than the views do.",
    ),
    Study(
        "her2st",
        "her2st",
        TISSUE,
        ("augmentation", "augmentation+spatial_neighbour", f"augmentation+{SERIAL}"),
        80,
        "her2st/labels.csv",
        group="slide",
        others="sections",
        note=RARE,
    ),
    Study(
        "breakhis",
        "breakhis",
        "fields of breast tumours at two magnifications",
        ("augmentation", "augmentation+magnification", "augmentation+same_patient"),
        80,
        "breakhis-tiles/labels.csv",
        column="malignant",
        group="patient",
        others="patients",
    ),
    Study(
        "crc_cells",
        "crc_cells",
        "single cells of the colon",
        ("augmentation", "augmentation+same_patient:mask=false", "augmentation+same_patient:share=0"),
        80,
        "crc_cells/labels.csv",
        group="patient",
        others="patients",
        note="Every patient has every kind of cell there.",
    ),
    # Asked after the first results were seen, hence with seeds that no result had used (see MEASURED.md).
    Study(
        "coil20, longer",
        "coil20",
        TURNING,
        ("augmentation:grey", "augmentation:grey+temporal_neighbour:reach=9"),
        300,
        "coil20/labels.csv",
        seed=10,
        note="Each object is one sequence there, so no pair is wrong.",
    ),
    Study(
        "her2st, longer",
        "her2st",
        TISSUE,
        ("augmentation", "augmentation+spatial_neighbour"),
        300,
        "her2st/labels.csv",
        group="slide",
        others="sections",
        note=RARE,
        seed=10,
    ),
)
PRIOR_WORDS = {  # as asked: (title of its lines, what of it was used)
    "temporal_neighbour": ("temporal neighbour, next frame", "partners 5° apart"),
    "temporal_neighbour:reach=9": ("temporal neighbour, 9 frames", "partners up to 45° apart"),
    "spatial_neighbour": ("spatial neighbour", ""),
    SERIAL: ("serial section", ""),
    "magnification": ("magnification", ""),
    "same_patient": ("same patient, pairs and mask", "pairs and mask"),
    "same_patient:mask=false": ("same patient, pairs only", "pairs alone"),
    "same_patient:share=0": ("same patient, mask only", "the mask alone"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets, each with images/ and labels.csv")
    parser.add_argument("--work", type=Path, default=Path("priors-work"), help="where projects and trainings are kept")
    parser.add_argument("--only", default="", help="names of sets, with commas")
    asked = parser.parse_args()
    data, work = asked.data.resolve(), asked.work.resolve()
    only = asked.only.split(",") if asked.only else [*PROJECTS]
    kept = files.read_json(RESULTS / "priors.json")["sets"] if (RESULTS / "priors.json").exists() else {}
    for study in STUDIES:
        if study.project in only:
            kept[study.name] = measure(study, data, work)
            write(kept)
    if "slides" in only:
        kept["slides"] = measure_slides(PROJECTS["slides"](data, work), REPEATS, BATCH, SIZE)
        write(kept)


def measure(study: Study, data: Path, work: Path) -> dict[str, Any]:
    """The bench of a set, made or found; beside it what shares of the labels give where patients tell."""
    project = PROJECTS[study.project](data, work)
    truth = data / study.truth if (data / study.truth).exists() else work / study.truth
    request = request_of(study, truth)
    run = start_bench(project, request)
    ended = jobs.wait(project, run)
    assert ended.state == "done", ended.error
    results = load_results(project, request.name)
    shares = gains_at_shares(project, results, truth, DRAWS) if study.name == "breakhis" else []
    return {"bench": results, "shares": shares}


def request_of(study: Study, truth: Path) -> BenchRequest:
    """The bench of a set; its trainings are found by their settings wherever they were made before."""
    return BenchRequest(
        truth=str(truth),
        column=study.column,
        group=study.group,
        priors=study.priors,
        labels=LABELS,
        seeds=DRAWS,
        repeats=REPEATS,
        epochs=1,
        size=SIZE,
        training={"steps": study.steps, "batch": BATCH, "seed": study.seed},
        name=f"priors-{study.name.replace(', ', '-')}",
    )


def write(kept: dict[str, Any]) -> None:
    """results/priors.json with the table of MEASURED.md, and the product's evidence."""
    known = [study for study in STUDIES if study.name in kept]
    lines = [line for study in known for line in lines_of(study, kept[study.name])]
    heads = ["images", "trained with", *(f"{count} a class" for count in LABELS), "neighbours"]
    slides = kept.get("slides", {})
    tables = [{"caption": caption(kept), "heads": heads, "lines": lines}]
    tables += [share_table(kept["breakhis"]["shares"])] if "breakhis" in kept else []
    tables += [slides["table"]] if slides else []
    files.write_json(RESULTS / "priors.json", {"tables": tables, "sets": kept})
    found = [one for study in known for one in evidence_of(study, kept[study.name])]
    names = {one.set for one in found}
    files.write_json(
        EVIDENCE, [asdict(one) for one in [*found, *(old for old in all_evidence() if old.set not in names)]]
    )


def caption(kept: dict[str, Any]) -> str:
    """What the numbers of the first table are."""
    steps = ", ".join(f"{study.steps} for {study.name.replace(', ', ' ')}" for study in STUDIES if study.name in kept)
    return (
        f"Balanced accuracy of a logistic regression, mean of {REPEATS} trainings with {DRAWS} draws of labels each; "
        "in brackets the gain over augmentation alone in points with its 95 % interval, paired by seed. SimCLR, nano, "
        f"{SIZE} pixels, batches of {BATCH}, one thread; steps: {steps}. Neighbours: with all labels known but the "
        "image's own (its group's, where labels and scores come from different groups)."
    )


def lines_of(study: Study, kept: dict[str, Any]) -> list[list[str]]:
    """The lines of a set: what was not trained, augmentation alone, then each prior with its gain."""
    results: Results = kept["bench"]
    lines = []
    for row in results["rows"]:
        first = first_of_kind(results["rows"], row, study.priors[0])
        cells = []
        for count in LABELS:
            question = Question("linear", count, study.folds)
            score = score_of(row, question)
            cells.append(cell(score["mean"] if score else None, difference(row, first, question) if first else None))
        cells.append(cell(row["neighbours"], of_neighbours(row, first) if first else None))
        lines.append([study.name, title_of(row, study), *cells])
    return lines


def share_table(shares: list[dict[str, Any]]) -> dict[str, Any]:
    """Gains where much is labelled, as a table of its own."""
    names = dict.fromkeys((one["prior"], one["init"]) for one in shares)
    lines = []
    for prior, init in names:
        own = [one for one in shares if (one["prior"], one["init"]) == (prior, init)]
        title = PRIOR_WORDS[bare(prior)][0] if bare(prior) else "augmentation alone"
        if not prior:
            title = "random weights (null)" if init == "random" else "frozen ImageNet (null)"
        lines.append([title, *(f"{_plain(one['mean'])}{_beside(one.get('in_points', ''))}" for one in own)])
    text = (
        "BreakHis fields, malignant or not: logistic regression on a share of the labels of half of the patients, "
        "scored on the other half; otherwise as above."
    )
    heads = ["trained with", *(f"{share:.0%} of the labels" for share in SHARES)]
    return {"caption": text, "heads": heads, "lines": lines}


def title_of(row: Row, study: Study) -> str:
    """What a row is, in words."""
    if is_null(row):
        return "random weights (null)" if row["init"] == "random" else "frozen ImageNet (null)"
    return PRIOR_WORDS[bare(row["prior"])][0] if row["prior"] != study.priors[0] else "augmentation alone"


def bare(prior: str) -> str:
    """A prior as it was asked, without the augmentation beside it."""
    return "+".join(part for part in prior.split("+") if not part.startswith("augmentation"))


def of_neighbours(row: Row, first: Row) -> Difference:
    """The paired difference of the vote of the nearest neighbours."""
    pairs = zip(row["repeats"], first["repeats"], strict=True)
    gains = [mine["neighbours"] - theirs["neighbours"] for mine, theirs in pairs]
    return Difference(float(np.mean(gains)), *interval(gains))


def cell(score: float | None, gain: Difference | None) -> str:
    """A score, and how much it gained."""
    if score is None:
        return ""
    return f"{_plain(score)}{_beside(gain.in_points if gain else '')}"


def _plain(score: float) -> str:
    return f"{score:.3f}".removeprefix("0")


def _beside(points: str) -> str:
    """“+2.3 (+0.4 to +4.2)” within one pair of brackets."""
    return f" ({points.replace(' (', '; ').removesuffix(')')})" if points else ""


def evidence_of(study: Study, kept: dict[str, Any]) -> list[Evidence]:
    """The main figure of each prior of a set, as the product keeps it."""
    question, results = Question("linear", MAIN, study.folds), kept["bench"]
    found = []
    for row in results["rows"]:
        first = first_of_kind(results["rows"], row, study.priors[0])
        gain = difference(row, first, question) if first else None
        if gain:
            asked = bare(row["prior"])
            points = [round(value * 100, 1) for value in (gain.mean, gain.low, gain.high)]
            name = asked.partition(":")[0]
            most = [one for one in kept["shares"] if one["prior"] == row["prior"] and one["share"] == 1]
            notes = [study.note] if study.note else []
            notes += [f"With every label of half of the {study.others}: {one['in_points']}." for one in most]
            how, about = PRIOR_WORDS[asked][1], (study.name, study.data, MAIN)
            found.append(Evidence(name, how, *about, *points, REPEATS, study.others, " ".join(notes)))
    return found


if __name__ == "__main__":
    main()
