"""A connection to the server sends at once, also where its listening socket does not say that it is TCP."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


async def sends_at_once() -> bool:
    """Whether Nagle's algorithm is off on a connection accepted by a socket made as Streamlit's is."""
    seen: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        seen.set_result(bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    listening = socket.socket(family=socket.AF_INET)
    listening.bind(("127.0.0.1", 0))
    async with await asyncio.start_server(accept, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        found = await seen
        writer.close()
    return found


@pytest.mark.parametrize(("first", "at_once"), [("", "False"), ("import dashboard.server", "True")])
def test_an_accepted_connection_sends_at_once(first: str, at_once: str) -> None:
    asked = f"{first}\nimport asyncio\nfrom {__name__} import sends_at_once\nprint(asyncio.run(sends_at_once()))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == at_once
