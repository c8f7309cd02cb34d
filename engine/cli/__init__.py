"""The command line: parse → one engine call → print. Nothing else in the engine prints.

Exit codes: 0 done, 1 a user's error (one sentence on stderr), 2 bad usage.
"""

from __future__ import annotations

import sys

import typer

from engine.cli import advising, auditing, bench, catalogue, checking, labelling, learning, projects, stages
from engine.errors import EngineError

app = typer.Typer(
    name="engine",
    help="Handful: label a handful of images, get the rest.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (projects, advising, learning, stages, labelling, auditing, checking, bench, catalogue):
    part.add_commands(app)


def main() -> None:
    """Run one command; an EngineError, or what the disk refuses, becomes its sentence and exit code 1."""
    try:
        app()
    except EngineError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        print(f"{error.filename or 'The disk'} cannot be used ({error.strerror or error}).", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("Stopped. What was finished is saved.", file=sys.stderr)
        sys.exit(1)
