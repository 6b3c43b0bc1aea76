"""`./rbind app`: starts app.py, after checking that the port is free."""

from __future__ import annotations

import contextlib
import importlib.util
import ipaddress
import logging
import os
import runpy
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

import click

from dashboard.server.home import find_home
from dashboard.server.middleware import SHARED
from rbind_core.system.error_messages import in_one_sentence

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8501
NEEDED = ("streamlit", "numpy", "plotly")  # without these no page can say what else is missing
PATIENCE = 60  # seconds to wait for the server before opening a browser


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="Port of the dashboard.")
@click.option("--headless", is_flag=True, help="Do not open a browser.")
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--shared/--one-owner",
    default=None,
    help="Keep apart what each browser makes [when others can reach the address], or give all of it to you.",
)
def main(port: int, headless: bool, address: str, shared: bool | None) -> None:
    """Open the dashboard."""
    for name in NEEDED:
        if importlib.util.find_spec(name) is None:
            raise ModuleNotFoundError(name=name)
    if note := find_home():
        click.echo(f"note: {note}", err=True)
    if not _is_free(address, port):
        raise click.UsageError(f"port {port} is in use on {address}; choose another with --port")
    os.environ[SHARED] = "1" if (not _is_this_computer_only(address) if shared is None else shared) else "0"
    _serve(port, headless, address)


def _is_this_computer_only(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (socket.gaierror, TypeError, UnicodeError):
            raise click.UsageError(
                f"{address[:60]!r} is not an address of this computer; use 127.0.0.1, or 0.0.0.0 for all that it has"
            ) from None
        except OSError:
            return False
    return True


def _serve(port: int, headless: bool, address: str) -> None:
    is_shared = os.environ[SHARED] == "1"
    place = f"port {port}, shared: what each browser makes is kept apart" if is_shared else _url(address, port)
    click.echo(f"RBind: {place} (Ctrl-C stops it)")
    if not (headless or is_shared):  # a shared server is for others
        threading.Thread(target=_open_browser, args=(address, port), daemon=True).start()
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.levelno >= logging.WARNING)  # it would repeat the line above
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from here
    sys.argv = [str(ROOT / "app.py")]  # Streamlit puts its folder first on the path
    app = runpy.run_path(sys.argv[0])["app"]  # by its path, since a user may have an app.py too
    app.run(config={"server.port": port, "server.address": address, "server.headless": headless})


def _url(address: str, port: int) -> str:
    host = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::") else address
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _open_browser(address: str, port: int) -> None:
    """Open the dashboard as soon as the server listens."""
    url = _url(address, port)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health"):
            webbrowser.open(url)
            return
        time.sleep(0.1)


def _leave(status: int) -> None:
    """Exit at once: Python's normal exit would crash with threads that are still computing."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    try:
        main(standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"rbind: {error.format_message()}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        _leave(130)
    except SystemExit as end:
        _leave(end.code if isinstance(end.code, int) else 0)
    except (ImportError, OSError) as error:
        sentence = in_one_sentence(error)
        if sentence is None:
            raise
        click.echo(f"rbind: {sentence}", err=True)
        sys.exit(2)
