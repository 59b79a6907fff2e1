"""How the lab starts JupyterLab: this folder is on Jupyter's configuration path. The command line has the last word."""

c = get_config()  # noqa: F821 - Jupyter provides it

c.Application.log_level = c.LabApp.log_level = "ERROR"  # shows the address, and not the forty lines of a start
c.ServerApp.allow_root = True  # as in a container
c.KernelManager.transport_encryption = "auto"  # else each kernel warns that it talks in the clear
c.ServerApp.kernel_websocket_connection_class = "labutils.browser.websocket.PromptConnection"
