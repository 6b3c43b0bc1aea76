"""RBind: hypothesis tests on neural networks of RNA-protein binding, importable without Streamlit."""

__version__ = "0.1.0"
