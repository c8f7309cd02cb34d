"""Our HTTP routes: what they give, to whom, and what they refuse."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request

from dashboard import access, links
from dashboard.routes import FOR_GOOD, ROUTES
from engine.embeddings import save_embedding
from engine.files import write_array, write_json
from engine.geometry.neighbours import load_graph
from engine.home import remember_project
from engine.images.prepare import prepare
from engine.images.read import read_image
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, create_project
from engine.slides.plan import TileConfig
from engine.slides.tile import tile_project
from tests.slides.pyramid import write_pyramid

Fetch = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture
def fetch() -> Fetch:
    """Asks the routes as a browser would: path → status, headers, body."""
    app = Starlette(routes=ROUTES)

    def ask(path: str, host: str = "127.0.0.1:8501", **headers: str) -> tuple[int, dict[str, str], bytes]:
        plain, _, query = path.partition("?")
        named = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        scope = {
            "type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "path": unquote(plain),
            "raw_path": plain.encode(), "root_path": "",
            "query_string": query.encode(), "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 8501),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }  # fmt: skip
        answer: dict[str, object] = {"body": b""}

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                answer.update(status=message["status"], headers=message["headers"])
            elif message["type"] == "http.response.body":
                answer["body"] += message.get("body", b"")  # type: ignore[operator]

        with ThreadPoolExecutor(1) as thread:  # a browser test in the same process has a loop running in this one
            thread.submit(lambda: asyncio.run(app(scope, receive, send))).result()  # type: ignore[arg-type]
        got = {name.decode(): value.decode() for name, value in answer["headers"]}  # type: ignore[union-attr, attr-defined]
        return answer["status"], got, answer["body"]  # type: ignore[return-value]

    return ask


def test_the_name_of_the_project_screen_leads_to_the_front_address(fetch: Fetch) -> None:
    status, headers, _ = fetch("/project?project=%2Fmine")
    assert (status, headers["location"]) == (307, "../?project=%2Fmine")


@pytest.fixture
def known(project: Project) -> Project:
    """A project among the recent ones."""
    remember_project(project.root)
    return project


@pytest.fixture
def mixed(tmp_path: Path) -> Project:
    """Images that browsers show wrongly or not at all, beside one that they do."""
    folder = tmp_path / "mixed" / "images"
    folder.mkdir(parents=True)
    grey = np.linspace(0, 60000, 64, dtype=np.uint16).reshape(8, 8)
    Image.fromarray(grey).save(folder / "deep.tif")
    Image.new("RGB", (9, 7), (10, 200, 30)).save(folder / "plain.png")
    project = create_project(tmp_path / "mixed" / "project", folder)
    prepare(project)
    remember_project(project.root)
    return project


def test_a_thumbnail_is_a_webp_that_may_be_kept_for_good(known: Project, fetch: Fetch) -> None:
    status, headers, body = fetch(links.thumb_url(known, read_table(known).contents[0]))
    assert (status, headers["content-type"]) == (200, "image/webp")
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert max(Image.open(io.BytesIO(body)).size) <= 192


def test_a_thumbnail_needs_no_table_as_those_of_all_recent_projects_are_asked_for(known: Project, fetch: Fetch) -> None:
    address = links.thumb_url(known, read_table(known).contents[0])
    known.table_path.unlink()
    assert fetch(address)[0] == 200


def test_an_image_that_browsers_show_comes_as_the_file_itself(mixed: Project, fetch: Fetch) -> None:
    table = read_table(mixed)
    row = list(table.paths).index("plain.png")
    status, headers, body = fetch(links.image_url(mixed, table.ids[row]))
    assert (status, headers["content-type"]) == (200, "image/png")
    assert body == (mixed.images / "plain.png").read_bytes()


def test_a_16_bit_tif_comes_as_png_with_the_pixels_the_engine_reads(mixed: Project, fetch: Fetch) -> None:
    table = read_table(mixed)
    row = list(table.paths).index("deep.tif")
    _, headers, body = fetch(links.image_url(mixed, table.ids[row]))
    assert headers["content-type"] == "image/png"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(body))), read_image(mixed.images / "deep.tif"))


def test_an_unchanged_image_is_not_sent_twice(known: Project, fetch: Fetch) -> None:
    url = links.image_url(known, read_table(known).ids[0])
    _, headers, _ = fetch(url)
    status, _, body = fetch(url, if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


def test_points_come_in_the_order_of_the_table_with_nan_for_unknown_images(known: Project, fetch: Fetch) -> None:
    table = read_table(known)
    about = {"images": table.fingerprint, "created": "2026-01-01"}
    ids = list(table.ids[1:][::-1])  # the first image is not in the embedding, the others in reverse
    embedding = save_embedding(known, "some", np.eye(len(ids), 4, dtype=np.float32), ids, about)
    places = np.arange(2 * len(ids), dtype=np.float32).reshape(-1, 2)
    folder = known.map_folder("some", "umap")
    write_array(folder / "points.npy", places)
    write_json(folder / "about.json", {"embedding": embedding.fingerprint})
    status, _, body = fetch(links.points_url(known, "some", "umap", "1"))
    points = np.frombuffer(body, "<f4").reshape(-1, 2)
    assert status == 200
    assert np.isnan(points[0]).all()
    assert np.array_equal(points[1:], places[::-1])


def test_contents_are_16_bytes_an_image(known: Project, fetch: Fetch) -> None:
    table = read_table(known)
    _, _, body = fetch(links.contents_url(known, table.fingerprint))
    assert [body[16 * row : 16 * row + 16].hex() for row in range(len(table))] == list(table.contents)


def test_contents_of_another_table_are_not_given(known: Project, fetch: Fetch) -> None:
    status, headers, body = fetch(links.contents_url(known, "0123456789abcdef"))
    assert (status, headers["cache-control"]) == (404, "no-store")
    assert b"Reload the page" in body


def test_a_card_says_what_the_table_says(known: Project, fetch: Fetch) -> None:
    table = read_table(known)
    url = links.cards_url(known, table.fingerprint).replace("ROW", "3")
    card = json.loads(fetch(url)[2])
    assert (card["id"], card["path"]) == (table.ids[3], table.paths[3])
    assert set(card["columns"]) == set(table.metadata)


@pytest.mark.parametrize(
    "path",
    [
        "/handful/thumb/{key}/00000000000000000000000000000000.webp",
        "/handful/thumb/{key}/..%2f..%2fproject.json.webp",
        "/handful/image/{key}/../../project.json",
        "/handful/image/{key}/..%2f..%2fproject.json",
        "/handful/image/{key}/000000000000",
        "/handful/image/0000000000000000/000000000000",
        "/handful/points/{key}/..%2f../umap",
        "/handful/points/{key}/none/umap",
    ],
)
def test_what_is_not_in_the_project_is_not_there(path: str, known: Project, fetch: Fetch) -> None:
    assert fetch(path.format(key=links.project_key(known)))[0] == 404


def test_a_project_that_was_never_opened_here_is_not_there(project: Project, fetch: Fetch) -> None:
    status, _, body = fetch(links.image_url(project, read_table(project).ids[0]))
    assert status == 404
    assert b"not among the recent ones" in body


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "[::1]:8501"])
def test_this_machines_own_names_are_served(host: str) -> None:
    assert access.refusal(host, None, "same-origin") == ""


def test_a_foreign_name_for_this_machine_is_refused(known: Project, fetch: Fetch) -> None:
    assert fetch(links.thumb_url(known, read_table(known).contents[0]), host="evil.example:8501")[0] == 403


@pytest.mark.parametrize("headers", [{"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}])
def test_pages_of_other_sites_are_refused(headers: dict[str, str], known: Project, fetch: Fetch) -> None:
    assert fetch(links.thumb_url(known, read_table(known).contents[0]), **headers)[0] == 403


def test_every_route_is_guarded() -> None:
    request = Request({"type": "http", "headers": [(b"host", b"evil.example")], "method": "GET", "path": "/"})
    assert [route.endpoint(request).status_code for route in ROUTES] == [403] * len(ROUTES)


def test_an_image_comes_with_its_label_and_what_is_most_alike(embedded: Project, fetch: Fetch) -> None:
    remember_project(embedded.root)
    table, store = read_table(embedded), LabelStore(embedded)
    kind = store.add_class("tumour", "ana").id
    near = load_graph(embedded, "toy").indices[0]
    store.label([table.ids[0], table.ids[near[1]]], kind, "ana", "key")
    status, headers, body = fetch(links.about_url(embedded, table.fingerprint, "toy").replace("ROW", "0"))
    about = json.loads(body)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert {name: about["label"][name] for name in ("class_id", "how", "who")} == {
        "class_id": kind, "how": "key", "who": "ana",
    }  # fmt: skip
    assert [one["row"] for one in about["neighbours"]] == near[:12].tolist()
    assert [one["class_id"] for one in about["neighbours"][:3]] == [None, kind, None]


def test_without_an_embedding_an_image_comes_without_neighbours(known: Project, fetch: Fetch) -> None:
    _, _, body = fetch(links.about_url(known, read_table(known).fingerprint, "").replace("ROW", "0"))
    assert json.loads(body) == {"label": None, "neighbours": []}


@pytest.mark.parametrize(("row", "version"), [("60", None), ("0", "0123456789abcdef")])
def test_of_no_image_or_another_table_nothing_is_told(
    known: Project, fetch: Fetch, row: str, version: str | None
) -> None:
    version = version or read_table(known).fingerprint
    assert fetch(links.about_url(known, version, "").replace("ROW", row))[0] == 404


@pytest.fixture
def tiled(tmp_path: Path) -> Project:
    """A tiled slide, whose name needs quoting, among the recent projects."""
    slides = write_pyramid(tmp_path / "slides" / "S 1#a.tif").parent
    project, _ = tile_project(tmp_path / "tiled", slides, TileConfig(size=128, mpps="0.5,1"))
    prepare(project)
    remember_project(project.root)
    return project


def test_a_slide_comes_as_an_overview_that_may_be_kept_for_good(tiled: Project, fetch: Fetch) -> None:
    status, headers, body = fetch(links.slide_url(tiled, "S 1#a", read_table(tiled).fingerprint))
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "image/webp", FOR_GOOD["Cache-Control"])
    assert Image.open(io.BytesIO(body)).size == (1024, 768)


def test_tiles_come_with_row_place_side_field_and_layer(tiled: Project, fetch: Fetch) -> None:
    table = read_table(tiled)
    _, _, body = fetch(links.tiles_url(tiled, "S 1#a", table.fingerprint))
    rows, x, y, side, field, layer = np.frombuffer(body, "<f4").reshape(-1, 6).T
    assert rows.tolist() == list(range(32))
    assert x.tolist() == table.column("x").tolist() and y.tolist() == table.column("y").tolist()
    assert set(zip(layer.tolist(), side.tolist(), strict=True)) == {(0, 128), (1, 256)}
    assert np.bincount(field.astype(int)).tolist() == [2] * 16


@pytest.mark.parametrize("what", ["slide/{key}/other.webp", "tiles/{key}/other", "slide/{key}/..%2f..%2fproject.webp"])
def test_slides_that_the_project_does_not_know_are_not_there(tiled: Project, fetch: Fetch, what: str) -> None:
    version = read_table(tiled).fingerprint
    assert fetch(f"/handful/{what.format(key=links.project_key(tiled))}?v={version}")[0] == 404


def test_tiles_of_another_table_are_not_given(tiled: Project, fetch: Fetch) -> None:
    assert fetch(links.tiles_url(tiled, "S 1#a", "0123456789abcdef"))[0] == 404
