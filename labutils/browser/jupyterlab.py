"""JupyterLab for a program: on a loopback port with a token, in a folder of its own, away from the user's settings."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat

from labutils import browser
from labutils.bootstrap import ROOT

START_SECONDS, STOP_SECONDS = 120, 30

OPTIONS = [
    "--no-browser",
    "--LabApp.expose_app_in_browser=True",  # as window.jupyterapp: what menus do can be asked for and waited for
    "--LabApp.extension_manager=readonly",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.shutdown_no_activity_timeout=900",  # should we be killed, it ends by itself, kernels first
    "--MappingKernelManager.cull_idle_timeout=900",
]

SETTINGS = {
    "@jupyterlab/apputils-extension:themes": {"theme": "JupyterLab Light", "adaptive-theme": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # else cells out of sight are not there
}


def copy_notebooks(paths, folder):
    """Copy notebooks into a folder, without their outputs: what shows there later has been run there."""
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / path.name)


@contextlib.contextmanager
def jupyterlab(folder, **environment):
    """Start JupyterLab on a folder; stop it, and its kernels, at the end.

    Parameters
    ----------
    folder : Path
        What it serves. Kernels find this ``labutils`` wherever the folder is.
    **environment
        Variables for the server and its kernels, such as LABUTILS_DIGITS.

    Yields
    ------
    Server

    Raises
    ------
    RuntimeError
        It did not start; the message has its last words.
    """
    with tempfile.TemporaryDirectory(prefix="labutils-", ignore_cleanup_errors=True) as own:
        own, token = Path(own), secrets.token_hex(24)
        process = _start(folder, own, token, environment)
        try:
            yield Server(_address(process, own), token)
        finally:
            _stop(process, own, token)


class Server:
    """Where JupyterLab is.

    Attributes
    ----------
    address : str
        With a slash at its end.
    token : str
    """

    def __init__(self, address, token):
        self.address, self.token = address, token

    def url(self, name):
        """str: the address of a notebook, named from the served folder, in a workspace as new."""
        return f"{self.address}lab/tree/{name}?token={self.token}&reset"


def _start(folder, own, token, environment):
    """The process. ``own`` takes its settings, its files and, in a file ``log``, what it says."""
    labconfig = own / "config" / "labconfig"
    labconfig.mkdir(parents=True)
    (labconfig / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    with (own / "log").open("wb") as log:
        return subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "jupyterlab",
                *OPTIONS,
                f"--port={_free_port()}",
                f"--notebook-dir={folder}",
            ],
            cwd=folder,
            env={
                **os.environ,
                "JUPYTER_TOKEN": token,
                "JUPYTER_CONFIG_PATH": browser.config_path(),
                "JUPYTER_CONFIG_DIR": str(own / "config"),
                "JUPYTER_DATA_DIR": str(own / "data"),
                "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
                "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
                "IPYTHONDIR": str(own / "ipython"),
                "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
                **{name: str(value) for name, value in environment.items()},
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that all it started can be ended with it
        )


def _free_port():
    """A port that is free now; should another program be quicker, JupyterLab takes the next one."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def _address(process, own):
    """The address, as the server itself writes it down, once it answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, ValueError, StopIteration):  # not there, or half written
            return json.loads(next((own / "runtime").glob("jpserver-*.json")).read_text("utf-8"))["url"]
        time.sleep(0.1)
    last_words = (own / "log").read_text("utf-8", "replace").strip()[-2000:]
    raise RuntimeError(f"JupyterLab did not start within {START_SECONDS} s; its last words:\n{last_words}")


def _stop(process, own, token):
    """Ask it to shut down, kernels first; where it does not, end all that it started."""
    with contextlib.suppress(Exception):  # it may never have started, or be gone
        request = urllib.request.Request(f"{_address(process, own)}api/shutdown", method="POST")
        request.add_header("Authorization", f"token {token}")
        urllib.request.urlopen(request, timeout=10).close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
