"""RBind: hypothesis tests on neural networks of RNA-protein binding, importable without Streamlit."""

import sys

__version__ = "1.0.0"

# OpenVINO reports each import to Google Analytics, unless this package cannot be imported: nothing here tells others what you do.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
