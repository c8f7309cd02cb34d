"""Our own HTTP routes beside Streamlit's: thumbnails, images, slides, points of a map, what the table says of an image.

No address holds a path: projects are looked up among the recent ones, images in the project's table. What an address
with a content hash or a version gives is kept by the browser for good, and by nothing between it and the server.
"""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import links, reads, slide_reads
from dashboard.access import guarded
from engine.errors import EmbeddingStale, UnknownImage
from engine.geometry.placement import placed_points
from engine.images.read import read_image
from engine.images.table import ImageTable
from engine.images.thumbnails import read_thumbnail
from engine.labels.about import given, most_alike
from engine.project import Project
from engine.slides.view import slide_picture

FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
ASK_AGAIN = {"Cache-Control": "private, no-cache"}  # keep it, but ask whether it is still the same
NEVER_KEPT = {"Cache-Control": "no-store"}
CONTENT = re.compile("[0-9a-f]{32}")  # a content hash; nothing else becomes part of a path
SHOWN_AS_IT_IS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def thumb(request: Request) -> Response:
    """A thumbnail, by content hash; the Project screen asks for those of many projects, so no table is read for one."""
    project, content = links.find_project(request.path_params["project"]), request.path_params["content"]
    if not CONTENT.fullmatch(content):
        raise UnknownImage("No image has this content. Rescan the project, then reload the page.")
    return Response(read_thumbnail(project, content), media_type="image/webp", headers=FOR_GOOD)


def image(request: Request) -> Response:
    """An image at its native resolution, by id; as it is where a browser shows it right, else as PNG."""
    project, table = _place(request)
    row = int(table.rows([request.path_params["image"]])[0])
    tag = f'"{table.contents[row]}"'
    headers = {**ASK_AGAIN, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    path = project.image_path(str(table.paths[row]))
    media = SHOWN_AS_IT_IS.get(path.suffix.lower())
    if media and table.frame["mode"].iloc[row] in ("RGB", "L") and path.is_file():
        return FileResponse(path, media_type=media, headers=headers)
    return Response(_png(path), media_type="image/png", headers=headers)


def points(request: Request) -> Response:
    """A map as float32 [N 2], little-endian, in the order of the table."""
    project, table = _place(request)
    placed = placed_points(project, request.path_params["embedding"], request.path_params["map"], table)
    return Response(placed.astype("<f4").tobytes(), media_type="application/octet-stream", headers=FOR_GOOD)


def contents(request: Request) -> Response:
    """The content hash of every image as uint8 [N 16], in the order of the table."""
    _, table = _place(request)
    _check_version(request, table)
    packed = bytes.fromhex("".join(table.contents))
    return Response(packed, media_type="application/octet-stream", headers=FOR_GOOD)


def card(request: Request) -> Response:
    """What the table says of one image, by row."""
    project, table = _place(request)
    row = _row(request, table)
    known = table.frame.iloc[row]
    about = {
        "id": known["id"],
        "path": known["path"],
        "width": int(known["width"]),
        "height": int(known["height"]),
        "image": links.image_url(project, known["id"]),
        "columns": {name: _plain(known[name]) for name in table.metadata},
    }
    return Response(json.dumps(about), media_type="application/json", headers=ASK_AGAIN)


def about(request: Request) -> Response:
    """The label that an image has now, and the images most like it in an embedding with theirs."""
    project, table = _place(request)
    row, embedding = _row(request, table), request.query_params.get("embedding", "")
    current = reads.labels_current(project)
    label, alike = given(current, str(table.ids[row])), []
    if embedding:
        graph, made = reads.graph(project, embedding), reads.embedding(project, embedding)
        alike = most_alike(graph, made, table, row, current)
    said = {"label": asdict(label) if label else None, "neighbours": [asdict(one) for one in alike]}
    return Response(json.dumps(said), media_type="application/json", headers={"Cache-Control": "no-store"})


def slide(request: Request) -> Response:
    """The overview of a slide that tiles of the project were cut from."""
    project, table = _place(request)
    name = request.path_params["slide"]
    if name not in slide_reads.tiled_slides(project):
        raise UnknownImage(f"No tile is of the slide “{name}”. Rescan the project, then reload the page.")
    _check_version(request, table)
    return Response(slide_picture(project, name), media_type="image/webp", headers=FOR_GOOD)


def tiles(request: Request) -> Response:
    """Where the tiles of a slide lie, as float32 [M 6]: row of the table, x and y of the centre, side, field, layer."""
    project, table = _place(request)
    _check_version(request, table)
    placed = slide_reads.slide_tiles(project, request.path_params["slide"])
    columns = [placed.rows, *placed.squares.T, placed.fields, placed.layer]
    packed = np.stack([column.astype("<f4") for column in columns], axis=1).tobytes()
    return Response(packed, media_type="application/octet-stream", headers=FOR_GOOD)


def version(request: Request) -> Response:
    """What changes with every act on the labels and with the job at work; open tabs ask every other second."""
    known = reads.version(links.find_project(request.path_params["project"]))
    return Response(json.dumps({"version": known}), media_type="application/json", headers=NEVER_KEPT)


def front(request: Request) -> Response:
    """The Project screen stands at the front address; whoever types its name is led there, with the project."""
    query = request.url.query
    return RedirectResponse(f"../?{query}" if query else "../")


ROUTES = [
    Route("/project", guarded(front)),
    Route(f"{links.ROOT}/thumb/{{project}}/{{content}}.webp", guarded(thumb)),
    Route(f"{links.ROOT}/image/{{project}}/{{image}}", guarded(image)),
    Route(f"{links.ROOT}/points/{{project}}/{{embedding}}/{{map}}", guarded(points)),
    Route(f"{links.ROOT}/contents/{{project}}", guarded(contents)),
    Route(f"{links.ROOT}/slide/{{project}}/{{slide}}.webp", guarded(slide)),
    Route(f"{links.ROOT}/tiles/{{project}}/{{slide}}", guarded(tiles)),
    Route(f"{links.ROOT}/version/{{project}}", guarded(version)),
    Route(f"{links.ROOT}/card/{{project}}/{{row:int}}", guarded(card)),
    Route(f"{links.ROOT}/about/{{project}}/{{row:int}}", guarded(about)),
]


def _place(request: Request) -> tuple[Project, ImageTable]:
    project = links.find_project(request.path_params["project"])
    return project, reads.table(project)


def _check_version(request: Request, table: ImageTable) -> None:
    """A row means another image after a rescan; an answer kept for good must never be of another table."""
    if request.query_params.get("v") != table.fingerprint:
        raise EmbeddingStale("The images have changed since this page was drawn. Reload the page.")


def _row(request: Request, table: ImageTable) -> int:
    _check_version(request, table)
    row: int = request.path_params["row"]
    if row >= len(table):
        raise UnknownImage(f"The table has {len(table):,} images; there is no row {row}. Reload the page.")
    return row


def _png(path: Path) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(read_image(path))).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _plain(value: Any) -> str | int | float:
    """A cell as JSON says it; "" where it is empty."""
    if isinstance(value, str):
        return value
    number = float(value)
    if math.isnan(number):
        return ""
    return int(number) if number.is_integer() else number
