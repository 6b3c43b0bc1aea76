"""A genome in FASTA, read at random places by pyfaidx, and the names of its chromosomes."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from rbind_core.errors import DataError
from rbind_core.genomes.lines import is_packed

_MITOCHONDRION = ("M", "MT")
_COMPLEMENT = str.maketrans("ACGTUNRYSWKMBDHVacgtunryswkmbdhv", "TGCAANYRSWMKVHDBtgcaanyrswmkvhdb")


def reverse_complement(dna: str) -> str:
    """The other strand of DNA letters, 5' to 3'; IUPAC letters are turned too."""
    return dna.translate(_COMPLEMENT)[::-1]


def as_rna(dna: str) -> str:
    """DNA letters as RNA in upper case."""
    return dna.upper().replace("T", "U")


class ChromosomeNames:
    """Names of a genome's chromosomes, found with 'chr' before them or without."""

    def __init__(self, names: Iterable[str]) -> None:
        self._own = {name: name for name in names}
        for name in list(self._own):
            for other in _spellings(name):
                self._own.setdefault(other, name)
        self.translated: dict[str, str] = {}

    def find(self, name: str) -> str | None:
        """The genome's name of a chromosome, or None; spellings that differ are kept in `translated`."""
        found = self._own.get(name)
        if found is not None and found != name:
            self.translated[name] = found
        return found

    @property
    def note(self) -> str | None:
        """How names were read, or None where all are as in the genome."""
        if not self.translated:
            return None
        name, own = next(iter(self.translated.items()))
        return f"names of {len(self.translated)} chromosomes differ from the genome's and were matched, as {name} with {own}"


def _spellings(name: str) -> list[str]:
    bare = name[3:] if name.lower().startswith("chr") else name
    bares = _MITOCHONDRION if bare in _MITOCHONDRION else (bare,)
    return [spelling for one in bares for spelling in (one, f"chr{one}")]


class Genome:
    """Chromosomes of a FASTA file; positions count from 1 and both ends are included.

    An index is made beside the file, or in a temporary folder where that cannot be written. A packed file is unpacked into a
    temporary folder.
    """

    def __init__(self, path: Path) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.path = path
        self.notes: list[str] = []
        self._fasta = self._open()
        self.lengths = {name: len(self._fasta[name]) for name in self._fasta.keys()}  # noqa: SIM118  no mapping
        if not self.lengths:
            self.close()
            raise DataError(f"{path.name} has no chromosome; give a genome in FASTA")
        self.names = ChromosomeNames(self.lengths)

    def _open(self) -> Any:
        import pyfaidx

        packed, source = is_packed(self.path), self.path
        if packed:
            source = self._unpacked()
        try:
            return self._indexed(pyfaidx, source)
        except PermissionError:
            return self._indexed(pyfaidx, source, str(Path(self._temporary()) / "genome.fai"))
        except (pyfaidx.FastaIndexingError, pyfaidx.FastaNotFoundError, ValueError, OSError) as error:
            reason = " ".join(str(error).split())[:120]
            raise DataError(f"{self.path.name} cannot be read as FASTA ({reason})") from None

    @staticmethod
    def _indexed(pyfaidx: Any, source: Path, index: str | None = None) -> Any:
        return pyfaidx.Fasta(str(source), indexname=index, as_raw=True, read_ahead=100_000, rebuild=True)

    def _temporary(self) -> str:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="rbind-genome-", ignore_cleanup_errors=True)
        return self._folder.name

    def _unpacked(self) -> Path:
        plain = Path(self._temporary()) / "genome.fa"
        try:
            with gzip.open(self.path, "rb") as packed, plain.open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.close()
            raise DataError(f"{self.path.name} is damaged or not complete; pack it again") from None
        self.notes.append(f"{self.path.name} is packed and was unpacked for this run; a plain FASTA starts at once")
        return plain

    def fetch(self, chromosome: str, start: int, end: int) -> str:
        """DNA letters of the forward strand as they stand in the file.

        Parameters
        ----------
        chromosome : one of `lengths`.
        start, end : 1-based, both included; cut at the ends of the chromosome.
        """
        start, end = max(start, 1), min(end, self.lengths[chromosome])
        return str(self._fasta[chromosome][start - 1 : end]) if start <= end else ""

    def close(self) -> None:
        """Close the file and delete what was unpacked."""
        if hasattr(self, "_fasta"):
            self._fasta.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Genome:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
