"""The lab in a browser: how JupyterLab is started; and for tests and pictures, a Chromium and a notebook in it."""

import os


def config_path():
    """str: what JUPYTER_CONFIG_PATH is for a Jupyter that the lab starts: as it is, and the folder ``config``."""
    config = os.path.join(os.path.dirname(__file__), "config")
    return os.pathsep.join(filter(None, [os.environ.get("JUPYTER_CONFIG_PATH"), config]))
