"""One image file → upright uint8 RGB, or one sentence about why not.

- The content decides, strictly: a file that does not hold what its extension says counts as damaged.
- 16-bit, 32-bit and float greys are scaled from black = 0 to white = 2^bits − 1, with the fewest bits out of 8, 10, 12,
  14, 16, … that hold the image's brightest value: what a 12-bit camera stores in 16 bits stays visible. Of 16-bit
  colours the upper 8 bits count.
- Transparency is laid over white; CMYK, YCbCr and palettes become RGB; of several frames or pages the first counts.
- Damage inside the picture data of a JPEG, BMP, WebP or plain TIFF that still decodes cannot be told from a picture:
  these formats carry no checksum.

This file loads without pandas: the decoding processes start with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFile, ImageOps
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from engine.errors import UnreadableImage
from engine.images.integrity import find_damage
from engine.types import Pixels

READING = 1  # raised when the same file would come out as other pixels; caches carry it

MOST_PIXELS = 100_000_000  # larger images are refused: a small file can unfold into more memory than there is

EXTENSIONS = {  # lower-case extension → format it promises
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".webp": "WEBP",
}

# Pillow's own classes rather than Image.open, which tries every format it knows and guards by a global limit.
_OPENERS: dict[str, type[ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
    "WEBP": WebPImageFile,
}

_SIGNATURES = (  # first bytes of a file → format
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"BM", "BMP"),
    (b"RIFF", "WEBP"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
)

_DEEP_GREYS = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")


@dataclass(frozen=True)
class Decoded:
    """One picture, ready to resize."""

    image: Image.Image  # mode RGB, upright
    width: int  # pixels of the whole upright picture; `image` is smaller where a reduced one was allowed
    height: int
    mode: str  # as the file stores it: RGB, L, I;16, RGBA, CMYK, P, …


def read_image(path: Path) -> Pixels:
    """The pixels [H W 3] of an image file, upright.

    Raises:
        UnreadableImage: the file is missing, damaged, too large, or not what its extension says.
    """
    try:
        decoded = decode(path.read_bytes(), path.suffix)
    except OSError as error:
        raise UnreadableImage(f"{path} cannot be read: {error.strerror}. Check the disk, then rescan.") from error
    except UnreadableImage as error:
        raise UnreadableImage(f"{path} cannot be read: {error} Replace or remove the file, then rescan.") from error
    return np.array(decoded.image)


def decode(content: bytes, extension: str, shorter_side: int = 0) -> Decoded:
    """Decode the bytes of an image file, wholly and strictly.

    Args:
        content: all bytes of the file.
        extension: what the file's name ends in, as in “.jpg”; any case.
        shorter_side: pixels that the shorter side needs at least, where a picture of half, a quarter or an eighth of
            the size will do (2 to 4 times faster for JPEG); 0 for the full size.

    Raises:
        UnreadableImage: with the reason alone, as a sentence.
    """
    kind = _check_format(content, extension)
    try:
        image = _OPENERS[kind](io.BytesIO(content))
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise UnreadableImage(
                f"It is {width} × {height} pixels; images of up to {MOST_PIXELS // 10**6} million pixels are read. "
                "Cut it into tiles."
            )
        if shorter_side:
            reduction = min(width, height) / shorter_side
            image.draft(None, (int(width / reduction), int(height / reduction)))
        mode = image.mode
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.size != image.size and upright.size == (image.height, image.width):
            width, height = height, width
        return Decoded(_to_rgb(upright), width, height, mode)
    except UnreadableImage:
        raise
    except MemoryError as error:
        raise UnreadableImage("Decoding it needs more memory than there is.") from error
    except Exception as error:  # damaged bytes make decoders raise anything, ZeroDivisionError too
        raise UnreadableImage(f"It is damaged ({_plain(error)}).") from error


def _check_format(content: bytes, extension: str) -> str:
    """The format that both the content and the extension say, of a file without visible damage."""
    if not content:
        raise UnreadableImage("The file is empty.")
    promised = EXTENSIONS.get(extension.lower())
    if promised is None:
        raise UnreadableImage(f"Files ending in “{extension}” are not read.")
    found = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), "")
    if not found:
        raise UnreadableImage(f"It does not begin as a {promised} file does: it is damaged or something else.")
    if found != promised:
        raise UnreadableImage(f"It is named {extension} but holds {found}: the name or the content is wrong.")
    if damage := find_damage(content, found):
        raise UnreadableImage(f"It is damaged ({damage}).")
    return found


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in _DEEP_GREYS:
        return Image.fromarray(_scale_grey(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image.convert("RGB")


def _scale_grey(grey: np.ndarray[Any, Any]) -> Pixels:
    """Greys [H W] of any depth → uint8 [H W]; floats of at most 1 are taken as shares of white."""
    values = np.nan_to_num(grey.astype(np.float64), nan=0, posinf=0, neginf=0).clip(min=0)
    brightest = values.max()
    bits = max(8, 2 * -(-int(brightest).bit_length() // 2))
    white = 1.0 if grey.dtype.kind == "f" and brightest <= 1 else 2.0**bits - 1
    scaled: Pixels = np.rint(values * (255 / white)).astype(np.uint8)
    return scaled


def _plain(error: Exception) -> str:
    """What a decoder said, on one line."""
    return " ".join(str(error).split())[:120] or type(error).__name__
