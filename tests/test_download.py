"""Fetching a file, from a server of our own on this machine."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.download import BLOCK, fetch
from engine.errors import WeightsMissing

CONTENT = bytes(range(256)) * 4096  # 1 MB
NAME = f"net-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"


@dataclass
class Source:
    """A server that gives CONTENT under any name, and how it misbehaves."""

    url: str = ""
    ranges: bool = True  # whether it can send a part
    break_after: int = 0  # bytes after which the first answer ends; 0 for never
    asked: list[str] = field(default_factory=list)  # the Range of each request


@pytest.fixture
def source() -> Iterator[Source]:
    about = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wished = self.headers.get("Range", "")
            about.asked.append(wished)
            if "missing" in self.path:
                self.send_error(404)
                return
            first = int(re.findall(r"\d+", wished)[0]) if wished and about.ranges else 0
            if first >= len(CONTENT):
                self.send_error(416)
                return
            self.send_response(206 if first else 200)
            if first:
                self.send_header("Content-Range", f"bytes {first}-{len(CONTENT) - 1}/{len(CONTENT)}")
            self.send_header("Content-Length", str(len(CONTENT) - first))
            self.end_headers()
            last, about.break_after = first + (about.break_after or len(CONTENT)), 0
            self.wfile.write(CONTENT[first:last])

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    about.url = f"http://127.0.0.1:{server.server_port}"
    yield about
    server.shutdown()
    server.server_close()


def quiet(done: int, total: int, said: str) -> None:
    """Progress that nobody looks at."""


def test_a_file_is_fetched_whole_and_its_progress_told(source: Source, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    fetch(f"{source.url}/{NAME}", tmp_path / "weights" / NAME, lambda *state: told.append(state))
    assert (tmp_path / "weights" / NAME).read_bytes() == CONTENT
    assert [done for done, _, _ in told] == list(range(BLOCK, len(CONTENT) + 1, BLOCK))
    assert told[-1] == (len(CONTENT), len(CONTENT), f"Fetching {NAME}: 1 of 1 MB")


def test_a_file_that_is_there_is_not_asked_for(source: Source, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    fetch(f"{source.url}/{NAME}", tmp_path / NAME, quiet)
    assert source.asked == [] and (tmp_path / NAME).read_bytes() == b"mine"


def test_a_half_file_is_gone_on_with(source: Source, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:1000])
    fetch(f"{source.url}/{NAME}", tmp_path / NAME, quiet)
    assert source.asked == ["bytes=1000-"] and (tmp_path / NAME).read_bytes() == CONTENT
    assert not (tmp_path / f"{NAME}.part").exists()


def test_a_stop_keeps_what_has_come_and_the_next_fetch_asks_for_the_rest(source: Source, tmp_path: Path) -> None:
    def stop(done: int, total: int, said: str) -> None:
        raise InterruptedByPerson

    with pytest.raises(InterruptedByPerson):
        fetch(f"{source.url}/{NAME}", tmp_path / NAME, stop)
    assert not (tmp_path / NAME).exists()
    fetch(f"{source.url}/{NAME}", tmp_path / NAME, quiet)
    assert source.asked == ["", f"bytes={BLOCK}-"] and (tmp_path / NAME).read_bytes() == CONTENT


class InterruptedByPerson(Exception):
    pass


def test_a_broken_connection_is_taken_up_where_it_broke(source: Source, tmp_path: Path) -> None:
    source.break_after = 5000
    fetch(f"{source.url}/{NAME}", tmp_path / NAME, quiet, pause=0)
    assert source.asked == ["", "bytes=5000-"] and (tmp_path / NAME).read_bytes() == CONTENT


def test_a_server_that_sends_no_parts_sends_the_whole_again(source: Source, tmp_path: Path) -> None:
    source.ranges = False
    (tmp_path / f"{NAME}.part").write_bytes(b"x" * 1000)
    fetch(f"{source.url}/{NAME}", tmp_path / NAME, quiet)
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_taken(source: Source, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT)
    fetch(f"{source.url}/{NAME}", tmp_path / NAME, quiet)
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_another_content_than_the_name_says_is_deleted(source: Source, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"SHA-256 begins with \w{8}, not 00000000"):
        fetch(f"{source.url}/net-00000000.pth", tmp_path / "net-00000000.pth", quiet)
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == []


def test_a_file_that_is_not_there_is_said_at_once(source: Source, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"missing\.pth could not be fetched \(Not Found\)"):
        fetch(f"{source.url}/missing.pth", tmp_path / "missing.pth", quiet, pause=0)
    assert len(source.asked) == 1


def test_without_a_connection_the_address_and_the_folder_are_named(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/{NAME}"
        with pytest.raises(WeightsMissing) as caught:
            fetch(url, tmp_path / NAME, quiet, pause=0)
    assert url in str(caught.value) and str(tmp_path) in str(caught.value) and "refused" in str(caught.value)


def test_an_address_that_is_not_of_the_web_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="no address"):
        fetch("file:///etc/hosts", tmp_path / "hosts", quiet)
