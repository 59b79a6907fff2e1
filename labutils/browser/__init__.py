"""The lab in a browser: how JupyterLab is started; and for tests and pictures, a Chromium and a notebook in it."""

# For JupyterLab as the lab starts it.
OPTIONS = [
    "--log-level=ERROR",  # shows the address, and not the forty lines of a start
    "--LabApp.log_level=ERROR",
    "--LabApp.news_url=None",  # nobody is asked about news before the first cell
    "--KernelManager.transport_encryption=auto",  # else each kernel warns that it talks in the clear
    "--ServerApp.kernel_websocket_connection_class=labutils.browser.websocket.PromptConnection",
]
