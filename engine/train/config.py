"""How long, how fast and how large to train: everything that is not the method's, the encoder's or the prior's."""

from __future__ import annotations

from dataclasses import dataclass

from engine.settings import COLUMN, setting

USUAL_RATE = {"adamw": 2e-3, "sgd": 0.06}  # at a batch of 256


@dataclass(frozen=True)
class TrainConfig:
    """Settings of one training."""

    epochs: int = setting(40, "passes over all images", minimum=1, maximum=100_000)
    steps: int = setting(
        0, "steps in all, whatever that makes in epochs; 0 goes by epochs", minimum=0, maximum=10**9, advanced=True
    )
    batch: int = setting(
        256, "most images in one step; they are spread evenly, so that no step is small", minimum=2, maximum=65_536
    )
    size: int = setting(32, "side of the views", minimum=16, maximum=512, unit="pixels")
    learning_rate: float = setting(
        0.0, "peak step size; 0 for the optimiser's usual one, fitted to the batch", minimum=0, maximum=100
    )
    weight_decay: float = setting(1e-4, "pull of the weights towards zero; not on norms and biases", minimum=0)
    warmup_epochs: float = setting(2.0, "epochs over which the step size rises to its peak", minimum=0, advanced=True)
    optimiser: str = setting("adamw", "how gradients become steps", choices=("adamw", "sgd"), advanced=True)
    patience: int = setting(
        0,
        "epochs without a gain after which the run ends early; 0 never does. The step size was to fall to the end, so "
        "a run that ends early has taken no small last steps",
        minimum=0,
        maximum=10_000,
        advanced=True,
    )
    min_improvement: float = setting(
        0.01,
        "share by which an epoch's loss must be below the best one before it to count as a gain, for patience",
        minimum=0,
        maximum=1,
        advanced=True,
    )
    balance: str = setting(
        "",
        "column over whose groups each batch is balanced, such as the patient; none: images as they come",
        unit=COLUMN,
    )
    balance_mode: str = setting(
        "spread",
        "spread: every group equally often; within: runs of images of one group, so that colour tells none apart",
        choices=("spread", "within"),
        advanced=True,
    )
    balance_share: float = setting(
        0.25,
        "share of a batch that a run of one group makes up, where the balance is within; large shares do harm",
        minimum=0,
        maximum=1,
        advanced=True,
    )
    positives: int = setting(1, "partners drawn for each image in each step", minimum=1, maximum=16)
    precision: str = setting(
        "auto",
        "number format inside the network; auto takes bfloat16 where the hardware is made for it",
        choices=("auto", "float32", "bfloat16"),
        advanced=True,
    )
    processes: int = setting(
        1,
        "processes of this machine that share each batch, on the CPU; the result is the same but for rounding",
        minimum=1,
        maximum=64,
        advanced=True,
    )
    seed: int = setting(0, "the same seed on the same machine gives the same run", minimum=0, maximum=2**31 - 1)
    checkpoint_every: float = setting(
        60.0, "seconds between checkpoints; one is always written at the end of a run", minimum=1, advanced=True
    )


def steps_in_epoch(images: int, batch: int) -> int:
    """Steps that see every image once; the images are spread evenly over them, none is left out and none is alone."""
    return min(-(-images // batch), max(1, images // 2))


def total_steps(config: TrainConfig, images: int) -> int:
    """Steps of the whole run."""
    return config.steps or config.epochs * steps_in_epoch(images, config.batch)
