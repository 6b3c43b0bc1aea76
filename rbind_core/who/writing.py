"""Effects of variants on all proteins as VCF with INFO fields, as TSV, and as Parquet, written while they come."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from rbind_core import __version__
from rbind_core.errors import DataError
from rbind_core.genomes.bgzf import BgzfWriter
from rbind_core.genomes.vcf import Site
from rbind_core.who.heads import Protein
from rbind_core.who.scoring import COLUMNS, Line, rows_of

_AT_ONCE = 20_000  # rows of a Parquet file that are written together
_NAMES = (
    *("alt", "strand", "gene", "protein", "experiment", "grade"),
    *("reference", "alternative", "difference", "percentile", "agree", "networks"),
)
_FIELDS = "|".join(_NAMES)
_HEADER = (
    f'##INFO=<ID=RBIND,Number=.,Type=String,Description="RBind {__version__}, proteins whose predicted binding changes most, '
    f'z-score units of log intensity: {_FIELDS}">',
    '##INFO=<ID=RBIND_DIFFERENCE,Number=A,Type=Float,Description="Largest difference of any protein on any strand, with its sign">',
    '##INFO=<ID=RBIND_LEFT_OUT,Number=.,Type=String,Description="Why an allele of this line was not scored">',
)
_COLUMNS_OF_VCF = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")


class _Text(Protocol):
    def write(self, text: str) -> Any: ...
    def close(self) -> None: ...


class Writer(Protocol):
    """Writes scored sites to one file."""

    def add(self, line: Line, rows: Sequence[dict[str, Any]]) -> None:
        """Add a site with its rows."""
        ...

    def close(self) -> None:
        """Write what is held back."""
        ...


class TableWriter:
    """Tab-separated text with a header; `gene` and others may be empty."""

    def __init__(self, file: _Text) -> None:
        self._file = file
        file.write("\t".join(COLUMNS) + "\n")

    def add(self, line: Line, rows: Sequence[dict[str, Any]]) -> None:
        """Add the rows of a site."""
        for row in rows:
            self._file.write("\t".join(_shown(row[name]) for name in COLUMNS) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class VcfWriter:
    """The lines as they were read, with INFO fields added; changes given as HGVS become lines of their own."""

    def __init__(self, file: _Text, header: Sequence[str], is_vcf: bool) -> None:
        self._file, self._is_vcf = file, is_vcf
        names = header[-1] if header and header[-1].startswith("#CHROM") else "#" + "\t".join(_COLUMNS_OF_VCF)
        before = [one for one in header if one.startswith("##")] or ["##fileformat=VCFv4.2"]
        before = [one for one in before if not one.startswith("##INFO=<ID=RBIND")]
        file.write("\n".join([*before, *_HEADER, names]) + "\n")

    def add(self, line: Line, rows: Sequence[dict[str, Any]]) -> None:
        """Add the line of a site; one that has no place on the genome is not part of a VCF."""
        site = line.placed.site
        fields = _fields(site, self._is_vcf)
        if fields is None:
            return
        added = _info(line, rows)
        fields += ["."] * (len(_COLUMNS_OF_VCF) - len(fields))
        own = [one for one in fields[7].split(";") if one and one != "." and not one.startswith("RBIND")]
        fields[7] = ";".join([*own, *added]) or "."
        self._file.write("\t".join(fields) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class ParquetWriter:
    """One row for each allele, strand and protein, written in groups."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        text, number, small = pa.string(), pa.float32(), pa.int32()
        numbers = {"reference", "alternative", "difference", "percentile"}
        integers = {"position", "agree", "networks"}
        kinds = {name: number if name in numbers else small if name in integers else text for name in COLUMNS}
        self._schema = pa.schema(list(kinds.items()), metadata={"rbind": __version__})
        self._table: Callable[..., Any] = pa.Table.from_pylist
        self._writer = pq.ParquetWriter(path, self._schema)
        self._held: list[dict[str, Any]] = []

    def add(self, line: Line, rows: Sequence[dict[str, Any]]) -> None:
        """Add the rows of a site."""
        self._held += rows
        if len(self._held) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(self._table(self._held, schema=self._schema))
        self._held.clear()

    def close(self) -> None:
        """Write what is held back and close the file."""
        if self._held:
            self._flush()
        self._writer.close()


class Outputs:
    """Several files that are written together; their names appear at the end, when all is written.

    Parameters
    ----------
    paths : ending with .vcf, .tsv or .parquet; text may be packed, with .gz behind it (bgzip).
    header : of the VCF that was read; nothing for changes in HGVS.
    is_vcf : whether the sites were read from VCF.
    """

    def __init__(
        self, paths: Sequence[Path], header: Sequence[str], is_vcf: bool, proteins: Sequence[Protein], networks: int
    ) -> None:
        self._proteins, self._networks = proteins, networks
        self._parts = [(path.with_name(f"{path.name}.{os.getpid()}.part"), path) for path in paths]
        for path in paths:
            kind_of(path)
        self._writers: list[Writer] = []
        self._arguments = header, is_vcf

    def __enter__(self) -> Outputs:
        try:
            self._writers = [_writer(part, kind_of(path), *self._arguments) for part, path in self._parts]
        except OSError as error:
            raise DataError(f"{error.filename} cannot be written ({error.strerror})") from None
        return self

    def add(self, line: Line) -> list[dict[str, Any]]:
        """Write a site everywhere, and give its rows."""
        rows = list(rows_of(line, self._proteins, self._networks))
        for writer in self._writers:
            writer.add(line, rows)
        return rows

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for writer in self._writers:
            writer.close()
        for part, path in self._parts:
            if kind is None:
                part.replace(path)
            else:
                part.unlink(missing_ok=True)


def kind_of(path: Path) -> str:
    """What a file is by its name: 'vcf', 'tsv', 'parquet', and 'vcf.gz' or 'tsv.gz' if packed.

    Raises
    ------
    DataError
        If it is another.
    """
    found = re.search(r"\.((?:vcf|tsv)(?:\.gz)?|parquet)$", path.name.lower())
    if found is None:
        raise DataError(f"{path.name}: a file of effects ends with .vcf, .vcf.gz, .tsv, .tsv.gz or .parquet")
    return found[1]


def _writer(part: Path, kind: str, header: Sequence[str], is_vcf: bool) -> Writer:
    if kind == "parquet":
        return ParquetWriter(part)
    file: _Text = BgzfWriter(part) if kind.endswith(".gz") else part.open("w", newline="\n", encoding="utf-8")
    return VcfWriter(file, header, is_vcf) if kind.startswith("vcf") else TableWriter(file)


def _fields(site: Site, is_vcf: bool) -> list[str] | None:
    if is_vcf:
        fields = site.line.split("\t") if "\t" in site.line else site.line.split()
        return fields if len(fields) >= 5 else None
    if not site.chromosome:
        return None
    alternatives = ",".join(allele.text for allele in site.alleles)
    return [site.chromosome, str(site.position), _plain(site.name), site.reference, alternatives]


def _info(line: Line, rows: Sequence[dict[str, Any]]) -> list[str]:
    site, added = line.placed.site, []
    if rows:
        added.append("RBIND=" + ",".join("|".join(_plain(_shown(row[name])) for name in _NAMES) for row in rows))
        largest = [max((r["difference"] for r in rows if r["alt"] == one.text), key=abs, default=None) for one in site.alleles]
        added.append("RBIND_DIFFERENCE=" + ",".join("." if one is None else f"{one:.4f}" for one in largest))
    if line.placed.problems:
        added.append("RBIND_LEFT_OUT=" + ",".join(_plain(problem) for problem in line.placed.problems))
    return added


def _plain(text: str) -> str:
    """A value of an INFO field, without what separates them."""
    return re.sub(r"[\s;=,|]+", "_", text)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return "" if value is None else str(value)
