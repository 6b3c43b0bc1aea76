"""Writing bgzip: gzip in blocks, which tabix and bcftools can index."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_BLOCK = 65_280  # bytes of content in a block
_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


class BgzfWriter:
    """A text file packed in blocks; `write` and `close` as of a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._held = bytearray()

    def write(self, text: str) -> None:
        """Add text."""
        self._held += text.encode()
        while len(self._held) >= _BLOCK:
            self._write_block(bytes(self._held[:_BLOCK]))
            del self._held[:_BLOCK]

    def close(self) -> None:
        """Write what is held back and the mark of the end."""
        if not self._file.closed:
            if self._held:
                self._write_block(bytes(self._held))
                self._held.clear()
            self._file.write(_END)
            self._file.close()

    def _write_block(self, content: bytes) -> None:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        self._file.write(struct.pack("<4BI2BH2B2H", 31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, len(packed) + 25))
        self._file.write(packed + struct.pack("<2I", zlib.crc32(content), len(content)))
