"""Every kind of image file becomes upright RGB as anybody would draw it; everything else is refused with its reason."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import UnreadableImage
from engine.images.read import decode, read_image

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (255, 0, 0)
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".tif": "TIFF", ".bmp": "BMP", ".webp": "WEBP"}


def saved(image: Image.Image, extension: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, FORMATS[extension], **options)
    return file.getvalue()


def pixels(content: bytes, extension: str) -> np.ndarray[Any, Any]:
    return np.asarray(decode(content, extension).image)


def small(extension: str, **options: Any) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (16, 24, 3), dtype=np.uint8)
    return saved(Image.fromarray(noise), extension, **options)


@pytest.mark.parametrize("extension", [".png", ".tif", ".bmp"])
def test_a_lossless_file_gives_the_pixels_that_were_saved(extension: str) -> None:
    image = np.random.default_rng(1).integers(0, 256, (7, 13, 3), dtype=np.uint8)
    assert (pixels(saved(Image.fromarray(image), extension), extension) == image).all()


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (301, 3)])
def test_odd_sizes_are_read(extension: str, size: tuple[int, int]) -> None:
    decoded = decode(saved(Image.new("RGB", size, RED), extension), extension)
    assert (decoded.width, decoded.height) == decoded.image.size == size


@pytest.mark.parametrize("extension", [".PNG", ".Tif"])
def test_extensions_are_read_in_any_case(extension: str) -> None:
    assert pixels(saved(Image.new("RGB", (2, 2), RED), extension.lower()), extension)[0, 0].tolist() == list(RED)


@pytest.mark.parametrize("extension", [".png", ".tif"])
def test_full_16_bit_grey_is_divided_by_257(extension: str) -> None:
    deep = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    assert (pixels(saved(Image.fromarray(deep), extension), extension)[..., 0] == np.rint(deep / 257)).all()


def test_12_bits_stored_in_16_are_scaled_from_4095() -> None:
    deep = np.array([[0, 2048, 4095]], dtype=np.uint16)
    assert pixels(saved(Image.fromarray(deep), ".tif"), ".tif")[0, :, 0].tolist() == [0, 128, 255]


def test_big_endian_16_bit_tiff_is_read_like_little_endian() -> None:
    deep = np.array([[0, 32768, 65535]], dtype=np.uint16)
    image = Image.frombytes("I;16B", (3, 1), deep.astype(">u2").tobytes())
    assert pixels(saved(image, ".tif"), ".tif")[0, :, 0].tolist() == [0, 128, 255]


def test_floats_up_to_one_are_shares_of_white_and_what_is_not_a_number_is_black() -> None:
    image = Image.fromarray(np.array([[0.0, 0.5, 1.0, np.nan, -3.0]], dtype=np.float32))
    assert pixels(saved(image, ".tif"), ".tif")[0, :, 0].tolist() == [0, 128, 255, 0, 0]


@pytest.mark.parametrize("mode", ["1", "L"])
def test_grey_and_black_and_white_become_three_equal_channels(mode: str) -> None:
    read = pixels(saved(Image.new(mode, (2, 2), 255), ".png"), ".png")
    assert read.shape == (2, 2, 3)
    assert (read == 255).all()


def test_half_transparent_black_lies_over_white() -> None:
    assert abs(int(pixels(saved(Image.new("RGBA", (1, 1), (0, 0, 0, 128)), ".png"), ".png")[0, 0, 0]) - 127) <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_is_white(mode: str) -> None:
    assert (pixels(saved(Image.new(mode, (1, 1)), ".png"), ".png") == 255).all()


def test_a_palette_gives_its_colours_and_its_transparent_entry_is_white() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    assert pixels(saved(image, ".png"), ".png")[0].tolist() == [[255, 0, 0], [0, 0, 255]]
    assert pixels(saved(image, ".png", transparency=1), ".png")[0].tolist() == [[255, 0, 0], [255, 255, 255]]


@pytest.mark.parametrize("extension", [".jpg", ".tif"])
def test_cmyk_without_ink_is_white_and_with_all_black(extension: str) -> None:
    for ink, colour in ((0, 255), (255, 0)):
        content = saved(Image.new("CMYK", (8, 8), (ink, ink, ink, ink)), extension)
        decoded = decode(content, extension)
        assert decoded.mode == "CMYK"
        assert (np.asarray(decoded.image) == colour).all()


@pytest.mark.parametrize("extension", [".jpg", ".png", ".tif", ".webp"])
def test_exif_orientation_6_turns_the_top_left_to_the_top_right(extension: str) -> None:
    image = Image.new("RGB", (32, 16), WHITE)
    image.paste(BLACK, (0, 0, 16, 8))
    exif = Image.Exif()
    exif[0x0112] = 6
    decoded = decode(saved(image, extension, exif=exif), extension)
    assert (decoded.width, decoded.height) == (16, 32)
    read = np.asarray(decoded.image)
    assert read[2, 13].max() < 60  # black has come to the top right
    assert read[2, 2].min() > 200


def test_the_first_of_several_pages_counts() -> None:
    pages = [Image.new("RGB", (2, 2), colour) for colour in (RED, BLACK)]
    content = saved(pages[0], ".tif", save_all=True, append_images=pages[1:])
    assert pixels(content, ".tif")[0, 0].tolist() == list(RED)


def test_a_smaller_decoding_keeps_the_whole_measures_and_enough_pixels() -> None:
    decoded = decode(saved(Image.new("RGB", (800, 400), RED), ".jpg"), ".jpg", shorter_side=90)
    assert (decoded.width, decoded.height) == (800, 400)
    assert decoded.image.size == (200, 100)


def test_a_file_with_an_unusual_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Gewebe µ 組織 — ñ.png"
    Image.new("RGB", (3, 2), RED).save(path)
    assert read_image(path).shape == (2, 3, 3)


@pytest.mark.filterwarnings("ignore")  # as in the scan's processes: a warning alone must not be what refuses the file
@pytest.mark.parametrize("extension", FORMATS)
def test_a_file_cut_short_anywhere_is_refused(extension: str) -> None:
    content = small(extension)
    for length in range(len(content)):
        with pytest.raises(UnreadableImage):
            decode(content[:length], extension)


@pytest.mark.parametrize("options", [{"progressive": True}, {"optimize": True}, {"quality": 30}])
def test_every_kind_of_jpeg_is_read_whole_and_refused_without_its_end(options: dict[str, Any]) -> None:
    content = small(".jpg", **options)
    assert pixels(content, ".jpg").shape == (16, 24, 3)
    with pytest.raises(UnreadableImage):
        decode(content[:-2], ".jpg")


def test_every_flipped_byte_of_a_png_is_noticed() -> None:
    content = small(".png")
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 0xFF
        with pytest.raises(UnreadableImage):
            decode(bytes(damaged), ".png")


def test_a_jpeg_whose_data_are_interrupted_by_a_foreign_marker_is_refused() -> None:
    content = bytearray(small(".jpg"))
    content[-60:-58] = b"\xff\xd3"
    with pytest.raises(UnreadableImage, match="interrupted"):
        decode(bytes(content), ".jpg")


def test_bytes_behind_the_end_of_a_jpeg_do_no_harm() -> None:
    assert pixels(small(".jpg") + b"camera's own notes", ".jpg").shape == (16, 24, 3)


def test_a_decompression_bomb_is_refused_before_it_unfolds() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    with pytest.raises(UnreadableImage, match="60000 × 60000"):
        decode(bomb, ".png")


def test_an_empty_file_says_so() -> None:
    with pytest.raises(UnreadableImage, match="empty"):
        decode(b"", ".png")


def test_a_wrong_extension_names_what_the_file_holds() -> None:
    with pytest.raises(UnreadableImage, match=r"named \.png but holds JPEG"):
        decode(small(".jpg"), ".png")


def test_text_named_as_an_image_is_refused() -> None:
    with pytest.raises(UnreadableImage, match="does not begin as a PNG"):
        decode(b"path,label\n", ".png")


def test_a_missing_file_says_what_the_system_says(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="No such file"):
        read_image(tmp_path / "gone.png")
