"""The atlas as a columnar file (Parquet): a row per model, and the provenance in the file's metadata."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.atlas.measure import PAIRING, VERSION, Row
from rbind_core.errors import DataError
from rbind_core.model.registry import Model
from rbind_core.system.files import Stamp, stamp
from rbind_core.system.paths import atlas_file, model_folders

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_PROVENANCE = b"rbind"


def schema() -> pa.Schema:
    """Columns of the file: single numbers first, then the lists behind them."""
    import pyarrow as pa

    text, number, count, table = pa.string(), pa.float64(), pa.int32(), pa.list_
    numbers = [
        *("top_importance", "sites_r_squared", "sites_slope", "sites_first"),
        *("sites_per_cent_of_sum", "sites_per_cent_of_sum_standard_error", "sites_sum", "sites_sum_standard_error"),
        *("sites_mean_score", "spacing_per_cent_of_sum", "spacing_per_cent_of_sum_standard_error"),
        *("gc_five", "gc_five_standard_error", "gc_three", "gc_three_standard_error"),
        *("gc_difference", "gc_difference_standard_error"),
        *(f"{name}{of}" for name in PAIRING for of in ("", "_standard_error", "_by_letters")),
        *("pairing_matters_from", "letters_correlation", "loop_over_stem", "loop_over_stem_standard_error"),
    ]
    effect = [("standard_error", number), ("samples", count)]
    of_study = [("study", text), ("background", text)]
    arm = [*of_study, ("label", text), ("pattern", text), ("series", text), ("x", number), ("global_importance", number), *effect]
    arm += [("positive_share", number), ("mean_score", number)]
    comparison = [*of_study, ("first", text), ("second", text), ("difference", number), ("p_holm", number), *effect]
    comparison += [("by_letters", number), ("beyond_standard_error", number)]
    claim = [*of_study, ("claim", text), ("says", text), ("value", number), ("standard_error", number)]
    fit = [*of_study, ("series", text), ("slope", number), ("intercept", number), ("r_squared", number), ("points", count)]
    spread = [("study", text), ("label", text), ("values", table(number))]
    kmer = [("kmer", text), ("global_importance", number), ("standard_error", number), ("p_holm", number)]
    return pa.schema(
        [
            *((name, text) for name in ("experiment", "protein", "species", "reads", "grade", "weights_sha256")),
            *(
                (name, count)
                for name in (
                    "samples",
                    "elsewhere_samples",
                    "taught_samples",
                    "taught_elsewhere_samples",
                    "scan_samples",
                    "folding_samples",
                )
            ),
            *((name, count) for name in ("network_samples", "seed", "version", "predictions")),
            *((name, text) for name in ("top_kmer", "sites_verdict", "pairing_verdict")),
            *((name, number) for name in numbers),
            ("motif", table(table(number))),
            ("kmer_effects", table(table(number))),
            ("top_kmers", table(pa.struct(kmer))),
            ("verdicts", table(pa.struct([("study", text), ("agrees", pa.bool_()), ("verdict", text)]))),
            ("claims", table(pa.struct(claim))),
            ("networks", table(text)),
            ("spreads", table(pa.struct(spread))),
            ("arms", table(pa.struct(arm))),
            ("comparisons", table(pa.struct(comparison))),
            ("fits", table(pa.struct(fit))),
            ("scan", table(pa.float32())),
            ("scan_standard_error", table(pa.float32())),
        ]
    )


_LISTS = (
    *("motif", "kmer_effects", "top_kmers", "verdicts", "claims", "networks", "spreads", "arms", "comparisons", "fits"),
    *("scan", "scan_standard_error"),
)


class Atlas:
    """Rows of one or more atlas files, one per model.

    Parameters
    ----------
    table : with the columns of `schema`.
    provenance : how and with what it was made.
    """

    def __init__(self, table: pa.Table, provenance: dict[str, Any]) -> None:
        self.table, self.provenance = table, provenance

    @classmethod
    def empty(cls) -> Atlas:
        """An atlas without any model."""
        return cls(schema().empty_table(), {})

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the measured weights, by experiment."""
        return dict(zip(self.table["experiment"].to_pylist(), self.table["weights_sha256"].to_pylist(), strict=True))

    @cached_property
    def overview(self) -> pd.DataFrame:
        """One row per model, without the lists, indexed by experiment."""
        return self.table.drop_columns(list(_LISTS)).to_pandas().set_index("experiment", drop=False)

    def rows(self) -> list[Row]:
        """All rows as plain records, in the order of the file."""
        return self.table.to_pylist()

    def entry(self, experiment: str) -> Row | None:
        """The row of one model; None if there is none.

        Parameters
        ----------
        experiment : id of the model.
        """
        position = self._positions.get(experiment)
        return None if position is None else self.table.slice(position, 1).to_pylist()[0]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {experiment: position for position, experiment in enumerate(self.digests)}

    def scans(self, experiments: Iterable[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Global importances of all 6-mers, in alphabetical order, of some models.

        Parameters
        ----------
        experiments : ids of models with a scan.

        Returns
        -------
        (NDArray, NDArray)
            (m, 4096) float32 means and standard errors.
        """
        import pyarrow as pa

        chosen = self.table.take(pa.array([self._positions[experiment] for experiment in experiments], pa.int64()))
        means, errors = (np.array(chosen[name].to_pylist(), np.float32) for name in ("scan", "scan_standard_error"))
        return means, errors

    @cached_property
    def scanned(self) -> list[str]:
        """Models with a scan of all 6-mers."""
        import pyarrow.compute as pc

        return self.table.filter(pc.greater(pc.list_value_length(self.table["scan"]), 0))["experiment"].to_pylist()


def read_atlas(path: Path) -> Atlas:
    """Read an atlas file; a missing one is empty.

    Raises
    ------
    DataError
        If the file is damaged, of another kind or of an earlier version.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        return Atlas.empty()
    table = None
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        provenance = json.loads((table.schema.metadata or {})[_PROVENANCE])
        return Atlas(table.cast(schema()), provenance)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is damaged or of another kind"
        if table is not None and _is_earlier(table):
            reason = "an earlier version of RBind measured other things"
        raise DataError(f"{path.name}: the atlas cannot be read ({reason}); './rbind atlas' makes it anew") from None


def _is_earlier(table: pa.Table) -> bool:
    return "version" in table.column_names and any(known is not None and known < VERSION for known in table["version"].to_pylist())


def write_atlas(path: Path, rows: Iterable[Row], provenance: dict[str, Any], others: Atlas | None = None) -> None:
    """Write an atlas file atomically.

    Parameters
    ----------
    rows : from `measure`, one per model.
    provenance : how and with what they were made.
    others : an atlas whose rows are kept, but for those of the same models; they are not taken apart, which would take seconds.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist(list(rows), schema())
    if others is not None:
        replaced = pa.array(table["experiment"].to_pylist(), pa.string())
        kept = others.table.filter(pc.invert(pc.is_in(others.table["experiment"], value_set=replaced)))
        table = pa.concat_tables([kept.replace_schema_metadata(None), table])
    table = table.sort_by("experiment").replace_schema_metadata({_PROVENANCE: json.dumps(provenance).encode()})
    part = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, part, compression="zstd", write_page_checksum=True)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DataError(f"{path}: the atlas cannot be written ({error.strerror or error})") from None


def load_atlas(folders: Iterable[Path] | None = None) -> Atlas:
    """Read the bundled atlas together with that of the user's own models.

    Parameters
    ----------
    folders : of models; the bundled ones and the user's own when None.

    Returns
    -------
    Atlas
        A model of a later folder replaces one of the same name. A damaged file counts as empty; its problem is in the
        provenance.
    """
    files = [atlas_file(folder) for folder in (model_folders() if folders is None else folders)]
    return _load(tuple((path, stamp(path)) for path in files if path.is_file()))


@lru_cache(maxsize=16)
def _load(stamps: tuple[tuple[Path, Stamp], ...]) -> Atlas:
    import pyarrow as pa

    provenance: dict[str, Any] = {}
    tables, seen = [], set()
    for path, _ in reversed(stamps):
        try:
            atlas = read_atlas(path)
        except DataError as error:
            provenance.setdefault("problems", []).append(str(error))
            continue
        fresh = [number for number, experiment in enumerate(atlas.digests) if experiment not in seen]
        tables.append(atlas.table.take(pa.array(fresh, pa.int64())).replace_schema_metadata(None))
        seen |= set(atlas.digests)
        provenance |= atlas.provenance
    return Atlas(pa.concat_tables(tables) if tables else schema().empty_table(), provenance)


def is_current(atlas: Atlas, model: Model) -> bool:
    """Tell whether the atlas has a row of this model with these weights.

    Returns
    -------
    bool
        False if the model is new or was retrained since.
    """
    return atlas.digests.get(model.experiment) == model.weights_sha256
