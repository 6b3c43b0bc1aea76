"""A self-contained report of one result: an HTML file with figures, numbers, settings, versions and citations.

It loads nothing, so it can be mailed, kept and printed; the same input gives the same bytes.
"""

from rbind_core.report.page import Section as Section
from rbind_core.report.writing import experiment_report as experiment_report
from rbind_core.report.writing import importance_report as importance_report
from rbind_core.report.writing import report as report
