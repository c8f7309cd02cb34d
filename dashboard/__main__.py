"""Open the dashboard: `python -m dashboard [--images FOLDER | --project FOLDER] [--port PORT]`.

Without a folder it opens the demo project, which it draws on first use. Binds to 127.0.0.1 only.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from engine.cli.output import progress_bar
from engine.demo import open_demo
from engine.errors import EngineError, SettingInvalid
from engine.home import project_folder_for, remember_project
from engine.images.prepare import prepare
from engine.project import Project, create_project, open_project

SERVER = Path(__file__).with_name("server.py")
HOST = "127.0.0.1"
FIRST_PORT = 8501
STARTUP_SECONDS = 60


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="Open Handful's dashboard.")
    parser.add_argument("--images", type=Path, help="folder of images; its project is made or opened again")
    parser.add_argument("--project", type=Path, help="project folder to open")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (8501, or the next free one)")
    asked = parser.parse_args()
    try:
        project = _project(asked.images, asked.project)
        port = _free_port(asked.port or FIRST_PORT, tries=1 if asked.port else 100)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    remember_project(project.root)
    return _serve(project, port)


def _project(images: Path | None, root: Path | None) -> Project:
    """The project asked for; the demo where none is."""
    if root:
        return open_project(root)
    if not images:
        with progress_bar("Drawing the demo tissue") as progress:
            return open_demo(progress)
    folder = project_folder_for(images)
    if (folder / "project.json").exists():
        return open_project(folder)
    project = create_project(folder, images)
    with progress_bar(f"Reading {project.images}") as progress:
        prepare(project, progress)
    return project


def _serve(project: Project, port: int) -> int:
    """Run the server until it ends or the user stops it; says the address when it answers."""
    options = ["--server.address", HOST, "--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", str(SERVER), *options]
    root = SERVER.parents[1]
    python_path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    server = subprocess.Popen(
        command, cwd=root, env={**os.environ, "PYTHONPATH": python_path}, stdout=subprocess.DEVNULL
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that ending this process ends the server too
    try:
        _announce(f"http://{HOST}:{port}", project, server)
        return server.wait()
    except KeyboardInterrupt:
        print("\nStopped. Labels are saved; a training that runs goes on, and Jobs shows it when you come back.")
        server.terminate()
        server.wait()
        return 0


def _announce(address: str, project: Project, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=1):
                break
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    page = f"{address}/?project={quote(str(project.root))}"
    print(f"Handful is at {page}\nStop it with Ctrl+C.", flush=True)
    if sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform in ("darwin", "win32")):
        webbrowser.open(page)


def _free_port(first: int, tries: int) -> int:
    """The first port from `first` on that nobody listens on.

    Raises:
        SettingInvalid: all that were tried are taken.
    """
    for port in range(first, first + tries):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if probe.connect_ex((HOST, port)) != 0:
                return port
    raise SettingInvalid(f"Port {first} on this machine is taken. Give another with --port, or none.")


if __name__ == "__main__":
    sys.exit(main())
