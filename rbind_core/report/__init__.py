"""A report of one result that stands alone: one HTML file with its figures, numbers, settings, versions and citations.

It loads nothing from anywhere, so it can be mailed, kept and printed; the same input gives the same bytes.
"""

from rbind_core.report.page import Section as Section
from rbind_core.report.writing import experiment_report as experiment_report
from rbind_core.report.writing import importance_report as importance_report
from rbind_core.report.writing import report as report
