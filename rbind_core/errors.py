"""Errors that a user can put right: each message is one sentence with the bad value and what is allowed."""


class RBindError(ValueError):
    """Base of all errors shown to a user as one line, never as a traceback."""

    def __str__(self) -> str:
        """The sentence on one line, without quoted control characters, which a terminal would obey."""
        return "".join(sign if sign.isprintable() else " " if sign.isspace() else "?" for sign in super().__str__())


class SequenceError(RBindError):
    """A sequence that is not RNA, or not of a usable length."""


class ConstructError(RBindError):
    """A pattern or construct that cannot be read or does not fit."""


class BackgroundError(RBindError):
    """A background that is unknown or cannot be drawn as asked."""


class ModelError(RBindError):
    """A model that is unknown, missing or broken."""


class DataError(RBindError):
    """A data file that is missing, damaged or not in a known format."""


class ExperimentError(RBindError):
    """A setting of an experiment that is not allowed."""


class ClusterError(RBindError):
    """A Dask scheduler that cannot be used, or a number of workers or cores that is not allowed."""


class RunError(RBindError):
    """A training run that cannot be started, resumed or deleted."""
