"""RBind: hypothesis tests on neural networks of RNA-protein binding, importable without Streamlit."""

import sys

__version__ = "1.0.0"

# OpenVINO (tried with 2026.4) reports each import to Google Analytics, unless this package cannot be imported: nothing here tells
# others what you do. It stands here, since it must come before whoever imports OpenVINO first.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
