"""Train: wait for the device, prepare the pixels, then take steps and save until done or asked to stop.

torch is loaded only when it is this run's turn; a run that waits costs nothing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError, RunActive
from engine.images.cache import PixelCache, build_cache
from engine.images.table import ImageTable, read_table
from engine.jobs.context import Context
from engine.jobs.hardware import device_name
from engine.jobs.queue import device_turn
from engine.jobs.reporter import Stopped
from engine.jobs.request import EmbedRequest, TrainRequest
from engine.jobs.request import Training as TrainingRequest
from engine.jobs.semi_supervised import FineTuneRequest
from engine.jobs.start import start
from engine.jobs.tasks.companions import companions
from engine.jobs.tasks.curve import Curve, keep_points
from engine.jobs.tasks.given_labels import keep_given_labels
from engine.jobs.weights import bring_weights
from engine.labels.store import LabelStore
from engine.priors import Pairing, build_priors
from engine.run_folder import RunFolder
from engine.train.balance import owners_of
from engine.train.judgement import judgement, stopped_early

if TYPE_CHECKING:
    from engine.jobs.tasks.lesson import Lesson
    from engine.jobs.tasks.looks import Looks
    from engine.jobs.tasks.snapshots import Snapshots
    from engine.train.loop import Step, Training
    from engine.train.monitors import Support

PATIENT = "patient"  # the column whose values are told apart when neighbours are compared
SAVING_SHARE = 0.05  # of the time that saving at the ends of epochs may cost


def run(context: Context) -> None:
    """Train to the end, then start the embedding where that was asked for.

    Raises:
        Stopped: the run was asked to stop; its checkpoint says where it was.
        EngineError: what is wrong with images, settings or the checkpoint.
    """
    request, report = context.request, context.report
    assert isinstance(request, TrainingRequest)
    if not isinstance(request, TrainRequest):
        keep_given_labels(context.project, context.folder)
    if not isinstance(request, FineTuneRequest):  # which begins where a run ended
        bring_weights(request.encoder, request.init, request.download, report)
    device = device_name(request.device)
    with device_turn(device, report.record.queued, report.wait_in_queue):
        report.take_device(device)
        table = read_table(context.project)
        pairing = Pairing.of(table, build_priors(request.priors))
        report.begin("Preparing images")
        cache = build_cache(context.project, table, request.config.size, report.progress)
        if pairing.recipe.stain_normalise != "no":
            cache = _in_one_stain(context, request, table, pairing, cache)
        report.begin("Training", "Training: loading")
        with companions(context.folder, request.config.processes, device):
            _train(context, request, table, pairing, cache)
    if request.embed_after:
        _start_embedding(context, request.device)


def _start_embedding(context: Context, device: str) -> None:
    """Start the run that embeds; where it cannot, the training is done all the same, and the log says why."""
    try:
        following = start(context.project, EmbedRequest(run=context.folder.run, device=device))
    except EngineError as error:
        context.report.say(f"The embedding was not started: {error}")
    else:
        context.report.tell(then=following)


def _in_one_stain(
    context: Context, request: TrainingRequest, table: ImageTable, pairing: Pairing, cache: PixelCache
) -> PixelCache:
    """The images in one stain: that of the recipe, or that of the run which a stage goes on from."""
    from engine.jobs.tasks.stains import to_one_stain, to_stain_of_run
    from engine.train.checkpoint import load_checkpoint

    context.report.begin("Preparing images", "Preparing images: stains")
    if isinstance(request, TrainRequest):
        return to_one_stain(cache, table, pairing.recipe, context.report.progress)
    kept = load_checkpoint(RunFolder.of(context.project, request.before).encoder)
    return to_stain_of_run(cache, kept, context.report.progress)


def _train(context: Context, request: TrainingRequest, table: ImageTable, pairing: Pairing, cache: PixelCache) -> None:
    from engine.jobs.tasks.lesson import Lesson, stage_lesson
    from engine.jobs.tasks.looks import Looks
    from engine.jobs.tasks.network import build_network
    from engine.jobs.tasks.sheet import write_views
    from engine.jobs.tasks.snapshots import Snapshots
    from engine.train.batches import Known
    from engine.train.checkpoint import load_checkpoint
    from engine.train.device import choose_device
    from engine.train.loop import Training

    if isinstance(request, TrainRequest):
        lesson = Lesson(build_network(context.project, request, context.report.say), cache, table.ids)
        kin, support = pairing.kin(), _support(context, table, pairing)
    else:  # labels that are learnt from prove nothing when they are watched
        lesson, kin, support = stage_lesson(context, request, table, pairing, cache), None, None
    device = choose_device(request.device)
    known = Known(kin, owners_of(table, request.config.balance, lesson.ids))
    training = Training(lesson.method, lesson.cache, pairing, known, pairing.recipe, request.config, device, support)
    saver = _Saver(context, training, table.fingerprint)
    if context.folder.checkpoint.exists():
        saver.restore(load_checkpoint(context.folder.checkpoint))
    elif context.folder.metrics.exists():
        context.folder.metrics.unlink()  # a run that was killed before its first checkpoint begins anew
    write_views(context.folder.views, training)
    snapshots, looks = Snapshots(context.folder, training, lesson.ids), Looks(context.folder, training)
    _take_steps(context, training, lesson, saver, snapshots, looks)


def _take_steps(
    context: Context, training: Training, lesson: Lesson, saver: _Saver, snapshots: Snapshots, looks: Looks
) -> None:
    report, curve = context.report, Curve(context.report.point)
    report.resume_from(training.done)
    report.tell(epochs=training.config.epochs)
    for step in lesson.steps(training):
        curve.add(step, training.epoch_steps)
        report.tell(
            epoch=round(step.step / training.epoch_steps, 2),
            loss=step.losses["total"],
            views_per_second=round(curve.views_per_second),
        )
        if step.epoch_ended:
            report.tell(judgement=judgement(step.monitors, training.epoch_losses), monitors=step.monitors)
        snapshots.look()
        looks.look(step.epoch_ended)
        report.advance(step.step, step.steps, f"Training: epoch {step.epoch} of {step.epochs}")
        if report.stop_wanted.is_set() and step.step < step.steps:
            saver.save()
            raise Stopped
        if saver.due(step):
            saver.save()
    saver.save()
    if training.stopped_early:
        planned = -(-training.total_steps // training.epoch_steps)
        why = stopped_early(training.config, len(training.epoch_losses), planned)
        report.say(why)
        report.tell(judgement=f"{why} {report.record.detail.get('judgement', '')}".strip(), outcome=why)


class _Saver:
    """Writes checkpoints when they are due: every so many seconds, and at ends of epochs while that costs little."""

    def __init__(self, context: Context, training: Training, images: str) -> None:
        self._context, self._training, self._images = context, training, images
        self._saved, self._cost = time.monotonic(), 0.0

    def due(self, step: Step) -> bool:
        since = time.monotonic() - self._saved
        cheap = step.epoch_ended and since > self._cost / SAVING_SHARE
        return cheap or since > self._training.config.checkpoint_every

    def save(self) -> None:
        """Write the checkpoint, then the encoder as it is at that moment."""
        from engine.encoders import pack
        from engine.jobs.tasks.stains import about_stain
        from engine.train.checkpoint import save_checkpoint

        began, folder, method = time.monotonic(), self._context.folder, self._training.method
        save_checkpoint(folder.checkpoint, {"images": self._images, "training": self._training.state()})
        about = {"size": self._training.config.size, "step": self._training.done, **about_stain(self._training.cache)}
        save_checkpoint(folder.encoder, {**pack(method.encoder), **about, "keeps": method.keeps()})
        self._saved = time.monotonic()
        self._cost = self._saved - began

    def restore(self, state: dict[str, Any]) -> None:
        """Stand where the checkpoint was written; points of the curves after it are dropped, they come again.

        Raises:
            RunActive: the images have changed since.
            CheckpointUnreadable: it was made for another network or with other settings.
        """
        if state["images"] != self._images:
            raise RunActive(
                "The images have changed since this run was started, so it cannot go on as it was. "
                f"Start a new run that begins with the weights of this one: init {self._context.folder.run}."
            )
        self._training.load(state["training"])
        keep_points(self._context.folder.metrics, self._training.done)


def _support(context: Context, table: ImageTable, pairing: Pairing) -> Support | None:
    """A person's classes, to compare the network's neighbours with, and the patients; None while there are none.

    Where the table names no patients, the groups that a prior knows stand for them.
    """
    from engine.train.monitors import Support

    if not context.project.labels_path.exists():
        return None
    codes, _ = LabelStore(context.project).label_codes(table.ids)
    return Support(codes, table.groups(PATIENT).codes if PATIENT in table.metadata else pairing.groups())
