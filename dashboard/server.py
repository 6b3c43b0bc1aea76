"""`./rbind app`: starts Streamlit on the dashboard, after checking that the port is free."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import sys
import threading
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 8501


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="Port of the dashboard.")
@click.option("--headless", is_flag=True, help="Do not open a browser.")
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
def main(port: int, headless: bool, address: str) -> None:
    """Open the dashboard."""
    if not _is_free(address, port):
        raise click.UsageError(f"port {port} is in use on {address}; choose another with --port")
    _serve(port, headless, address)


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def _import_what_pages_need() -> None:
    """Import slow packages, read atlas and letters, while the browser is still opening; what is missing is met where it is used."""
    for name in (
        *("pandas", "plotly.graph_objects", "openvino.opset13", "scipy.special", "matplotlib.textpath", "RNA"),
        *("pyarrow.parquet", "scipy.cluster.hierarchy", "rbind_core.figures.profile", "rbind_core.figures.motif_comparison"),
    ):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from rbind_core.atlas.files import load_atlas
    from rbind_core.figures.logos import letter_paths

    load_atlas()
    letter_paths()


def _serve(port: int, headless: bool, address: str) -> None:
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import cli

    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from here
    # Until the first st.navigation call a folder named pages/ would be served without app.py, so that a link straight to
    # a page failed on a fresh server. app.py always calls st.navigation, which sets this same flag.
    PagesManager.uses_pages_directory = False
    threading.Thread(target=_import_what_pages_need, daemon=True).start()
    options = {"server.port": port, "server.address": address, "server.headless": headless}
    sys.argv = ["streamlit", "run", str(ROOT / "app.py")] + [f"--{key}={str(value).lower()}" for key, value in options.items()]
    click.echo(f"RBind: http://{'localhost' if address == '127.0.0.1' else address}:{port} (Ctrl-C stops it)")
    sys.exit(cli.main())


if __name__ == "__main__":
    try:
        main(standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"rbind: {error.format_message()}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
