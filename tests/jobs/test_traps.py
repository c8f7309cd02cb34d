"""The traps of a request, as the command line and the Train screen learn of them."""

from engine import jobs
from engine.priors import PriorSpec
from engine.project import Project


def test_what_is_asked_for_is_looked_at_with_the_defaults_of_the_rest(project: Project) -> None:
    sound = {"epochs": 200, "batch": 16}  # of 60 images
    blurred = PriorSpec("augmentation", {"blur": 0.5, "blur_width": 0.1})
    assert jobs.warnings(project, jobs.TrainRequest(training=sound)) == []
    (momentum,) = jobs.warnings(project, jobs.TrainRequest("byol", {"momentum": "0.999"}, training=sound))
    (blur,) = jobs.warnings(project, jobs.TrainRequest(priors=(blurred,), training=sound))
    assert "the run has 800" in momentum and "blur" in blur
