"""Sends what a kernel says to the browser at once: a slider's picture then comes about 30 ms sooner."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter Server's connection of a browser to a kernel, without waiting to fill a packet.

    A slider's answer is several short messages. By default (Nagle's algorithm) the second waits until the browser has
    acknowledged the first, and that takes up to 40 ms.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()
