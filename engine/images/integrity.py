"""Is a file whole? What the formats themselves promise and decoders do not check.

PNG carries a checksum per chunk, JPEG a strict order of markers up to its end marker, WebP its own length. Sources: PNG
specification (third edition) section 5, ITU-T T.81 annex B, RFC 9649 section 2.3.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable


def find_damage(content: bytes, format: str) -> str:
    """What is broken in the bytes of a file, in a few words; “” where nothing is seen."""
    check = _CHECKS.get(format)
    return check(content) if check else ""


def _check_png(content: bytes) -> str:
    """Every chunk has its length, name and CRC-32; the last one is IEND."""
    at = 8
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if end + 4 > len(content):
            return "cut short"
        if zlib.crc32(content[at + 4 : end]) != int.from_bytes(content[end : end + 4], "big"):
            return f"checksum of its {name.decode('latin-1')!r} part is wrong"
        if name == b"IEND":
            return ""
        at = end + 4
    return "cut short"


def _check_jpeg(content: bytes) -> str:
    """Segments follow each other without gap; scans hold no marker but restarts in turn; the end marker comes."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return "a segment is not where it should be"
        marker = content[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == _END:
            return ""
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == _SCAN:
            at = _end_of_scan(content, at)
            if at < 0:
                return "compressed data are interrupted or cut short"
    return "" if content[at : at + 2] == bytes((0xFF, _END)) else "cut short"


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the first marker after the compressed data of a scan stands; -1 where none comes in turn."""
    turn = 0
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0:  # a stuffed 0xFF of the data
            at += 2
        elif 0xD0 <= marker <= 0xD7:
            if marker != 0xD0 + turn:
                return -1
            turn = (turn + 1) % 8
            at += 2
        else:
            return at if marker in _AFTER_SCAN else -1
    return -1


def _check_webp(content: bytes) -> str:
    """The container is as long as it says and holds WebP."""
    if content[8:12] != b"WEBP":
        return "a RIFF container that holds no WebP"
    return "cut short" if len(content) < 8 + int.from_bytes(content[4:8], "little") else ""


def _check_bmp(content: bytes) -> str:
    """The pixels begin inside the file, behind the headers."""
    start = int.from_bytes(content[10:14], "little")
    return "" if 26 <= start <= len(content) else "its header points outside the file"


_SCAN, _END = 0xDA, 0xD9
_AFTER_SCAN = {
    0xC4,
    0xDB,
    0xDC,
    0xDD,
    0xFE,
    _SCAN,
    _END,
    *range(0xE0, 0xF0),
}  # tables, comments, the next scan, the end

_CHECKS: dict[str, Callable[[bytes], str]] = {
    "PNG": _check_png,
    "JPEG": _check_jpeg,
    "WEBP": _check_webp,
    "BMP": _check_bmp,
}
