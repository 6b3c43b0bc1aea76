"""`./rbind app`: starts Streamlit on the dashboard, after checking that the port is free."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import ipaddress
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import click

from dashboard.server import packages
from dashboard.server.home import find_home
from rbind_core.system.error_messages import in_one_sentence

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8501
NEEDED = ("streamlit", "numpy", "plotly")  # without them no page can say what else is missing
SHARED = "RBIND_SHARED"  # tells the pages whether several people share this server


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


def _prepare() -> None:
    """Import what pages need, read atlas and letters, while the browser is still opening."""
    packages.load()
    from rbind_core.atlas.files import load_atlas
    from rbind_core.figures.logos import letter_paths

    for read in (load_atlas, letter_paths):
        with contextlib.suppress(Exception):
            read()
    gc.collect()
    gc.freeze()  # what is there for good is not looked through by each full collection, which took 0.15 s


def _serve(port: int, headless: bool, address: str) -> None:
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import cli

    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from here
    # Until the first st.navigation call a folder named pages/ would be served without app.py, so that a link straight to
    # a page failed on a fresh server. app.py always calls st.navigation, which sets this same flag.
    PagesManager.uses_pages_directory = False
    threading.Thread(target=_prepare, daemon=True).start()
    options = {"server.port": port, "server.address": address, "server.headless": headless}
    if os.environ[SHARED] == "1":
        _serve_to_several(options)
        return
    sys.argv = ["streamlit", "run", str(ROOT / "app.py")] + [f"--{key}={str(value).lower()}" for key, value in options.items()]
    click.echo(f"RBind: http://{'localhost' if address == '127.0.0.1' else address}:{port} (Ctrl-C stops it)")
    sys.exit(cli.main())


def _serve_to_several(options: dict[str, Any]) -> None:
    """Serve with a cookie that tells browsers apart; no browser is opened, since the server is for others."""
    import streamlit
    from starlette.middleware import Middleware

    from dashboard.server.browser_cookie import BrowserCookie
    from dashboard.server.secure_headers import SecureHeaders

    sys.argv = [str(ROOT / "app.py")]
    click.echo(f"RBind: port {options['server.port']}, shared: what each browser makes is kept apart (Ctrl-C stops it)")
    streamlit.App(ROOT / "app.py", middleware=[Middleware(SecureHeaders), Middleware(BrowserCookie)]).run(config=options)


def _leave(status: int) -> None:
    """End at once: Python's own way out would take threads that still compute down with a crash."""
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
