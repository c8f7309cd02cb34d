"""The process behind `run_parallel`: reads (function, item) from stdin, writes (answered, answer or error) to stdout.

It says that it is ready, and ends when its input does, that is when its parent is done with it or dead.
"""

from __future__ import annotations

import pickle
import signal
import sys

READY = b"ready\n"


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the parent, which ends its helpers
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints stays out of the answers
    sink.write(READY)
    sink.flush()
    while True:
        try:
            function, item = pickle.load(source)
            answer = (True, function(item))
        except EOFError:
            return
        except Exception as error:  # noqa: BLE001 - the parent raises it
            answer = (False, error)
        sink.write(pickle.dumps(answer))
        sink.flush()


if __name__ == "__main__":
    main()
