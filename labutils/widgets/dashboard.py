"""A training to watch, to pause and to stop, and to look back on: a Keras callback that shows itself."""

import html
import signal
import threading
import time

import keras
import numpy as np
from IPython import get_ipython
from IPython.display import display
from ipywidgets import HTML, Button, HBox, VBox

from labutils import metrics
from labutils.datasets import flatten
from labutils.widgets.dashboard_parts import Moment, story
from labutils.widgets.live import Interactive, bytes_of, pack

SHOWN, SAMPLED = 8, 1000  # test images: reconstructed after each epoch; sent through the encoder to find dead units
KEPT = 100  # epochs of which the replay has the reconstructions; of a longer training not all, or it would be too large
GO, PAUSE, STOP, INTERRUPT = "go", "pause", "stop", "interrupt"  # what one asks of the training
WORDS = """<p role="status" aria-live="polite" style="margin: 4px 0; line-height: 1.5; \
color: var(--jp-content-font-color1, currentcolor)">{}</p>"""


def training_dashboard(test_images, ladder, source=""):
    """Show how a model learns, epoch by epoch, with buttons to pause, go on and stop, and a slider to go back.

    When the training is over, a replay is left that needs no kernel any more.

    Parameters
    ----------
    test_images : uint8 array (n, 28, 28, 1), values 0..255
        The first 8 are reconstructed after each epoch; the first 1,000 are enough to find the dead units of the code.
    ladder : dict of str to float
        From ``metrics.loss_ladder``.
    source : str
        Name of the digits, for the title of the static twin.

    Returns
    -------
    TrainingDashboard, to be passed on: ``model.fit(..., callbacks=[dashboard], verbose=0)``
    """
    return TrainingDashboard(test_images, ladder, source)


class TrainingDashboard(keras.callbacks.Callback):
    """Shows itself where ``fit`` begins, and grows with each epoch; see ``training_dashboard`` for the parameters.

    Pause and Stop act at the end of the epoch. However a training ends, ``dashboard.model`` is the model as it is then,
    ready to be used. The buttons answer while the cell is busy where the front end gives widgets a thread of their own
    in the kernel, as JupyterLab does from 4.4 on, with ipykernel 7. Everywhere else interrupt the kernel: the first
    time is taken for Stop, the cell ends well and those below it go on; the second time breaks the training off.

    Attributes
    ----------
    moments : list of dashboard_parts.Moment
        Before the first epoch, and after each.
    state : ipywidgets.HTML
        How far the training is, in words; unseen, it also carries the newest epoch to the replay.
    """

    def __init__(self, test_images, ladder, source=""):
        super().__init__()
        self.images, self.pixels = test_images[:SHOWN], flatten(test_images[:SAMPLED])
        self.ladder, self.source = ladder, source
        self.moments, self.total, self.seconds = [], 0, []
        self.asked, self.waiting, self.trouble = GO, False, ""
        self.ended = "not started: pass the dashboard to fit, callbacks=[dashboard]"
        self._places, self._interrupt_handler = (), None
        self._telling = threading.RLock()  # buttons may speak from another thread than the training
        self.pause, self.stop, self.state = Button(), Button(description="Stop", icon="stop"), HTML()
        self.pause.on_click(lambda _: self._ask(GO if self.asked == PAUSE else PAUSE))
        self.stop.on_click(lambda _: self._ask(STOP))
        self.controls = VBox([HBox([self.pause, self.stop]), self.state])
        self.controls.add_class("labutils-training")
        self._tell()

    # ----- what Keras calls -----

    def on_train_begin(self, logs=None):
        self.moments, self.total, self.seconds = [], self.params["epochs"], []
        self.moments.append(self._look())
        self.asked, self.waiting, self.trouble, self.ended = GO, False, "", ""
        self._tell()
        self._take_interrupts()
        if get_ipython():
            # As every version of ipywidgets names widgets to the front end; that of 7, as in Colab, forgets display_id
            view = {"version_major": 2, "version_minor": 0, "model_id": self.controls.model_id}
            buttons = {"application/vnd.jupyter.widget-view+json": view, "text/plain": "Pause and Stop"}
            growing = self.replay(self.state.model_id)
            self._places = display(buttons, raw=True, display_id=True), display(growing, display_id=True)
            get_ipython().events.register("post_run_cell", self._on_cell_end)

    def on_epoch_begin(self, epoch, logs=None):
        self.total = len(self.moments) - 1 + self.params["epochs"] - epoch
        self._started = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        losses = {name: logs[key] for name, key in (("training", "loss"), ("test", "val_loss")) if key in logs}
        if all(np.isfinite(loss) for loss in losses.values()):
            self.moments.append(self._look(losses))
        else:
            self.trouble = "the loss is not a finite number any more (are the pixels scaled to 0..1?); "
        self.seconds.append(time.monotonic() - self._started)
        self._tell()
        self._wait()
        self.model.stop_training |= self.asked in (STOP, INTERRUPT)

    def on_train_end(self, logs=None):
        self._end({STOP: "stopped", INTERRUPT: "interrupted"}.get(self.asked, "finished"))

    # ----- what the reader sees -----

    def _look(self, losses=()):
        """The model as it is now."""
        outputs = np.asarray(self.model(self.pixels[:SHOWN], training=False)).reshape(-1, 28, 28)
        encoder = next((layer for layer in self.model.layers if layer.name == "encoder"), None)
        health = encoder and metrics.latent_health(np.asarray(encoder(self.pixels, training=False)))
        return Moment(len(self.moments), outputs, health, dict(losses))

    def replay(self, channel=None):
        """live.Interactive: all epochs until now, to look back on; more come through the channel, if there is one."""
        count = len(self.moments)
        kept = np.unique(np.linspace(0, count - 1, min(count, KEPT + 1)).round().astype(int))
        data = {"images": bytes_of(self.images), "channel": channel, **self._story([self.moments[i] for i in kept])}
        return Interactive("dashboard", self.twin, data)

    def twin(self):
        """figures.Figure: what stands in where nothing moves."""
        return story(self.images, self.moments, self.ladder, self.source)

    def _story(self, moments):
        """How the training went, for the replay, with what is known of these moments."""
        return {
            "ladder": self.ladder,
            "epochs": max(1, len(self.moments) - 1) if self.ended else self.total,
            "losses": {name: [round(m.losses[name], 6) for m in self.moments[1:]] for name in self.moments[-1].losses},
            "moments": [moment.data(self.ladder["floor"]) for moment in moments],
            "over": bool(self.ended),
        }

    def _tell(self):
        """How far the training is, and what can be asked of it."""
        with self._telling:
            waits, over = self.asked == PAUSE, bool(self.ended) or self.asked in (STOP, INTERRUPT)
            with self.pause.hold_sync():
                self.pause.description, self.pause.icon = ("Go on", "play") if waits else ("Pause", "pause")
                self.pause.disabled = over
            self.stop.disabled = over
            news = self.moments and pack(self._story(self.moments[-1:]))
            carrier = f'<i hidden data-labutils-news="{self.state.model_id}" data-packed="{news}"></i>' if news else ""
            self.state.value = WORDS.format(html.escape(self._told())) + carrier
            _answer_in_any_thread(self.pause)
            _answer_in_any_thread(self.stop)

    def _told(self):
        if not self.moments:
            return self.ended
        done = len(self.moments) - 1
        told = self.moments[-1].told(self.ladder["floor"], f" of {self.total}")
        if self.ended:
            return f"{self.trouble}{self.ended}: {told}{'; the model is kept as it is' * (done < self.total)}"
        if self.waiting:
            return f"paused: {told}"
        if self.asked != GO:
            return f"{told}; {'pauses' if self.asked == PAUSE else 'stops'} at the end of this epoch"
        return f"{self.trouble}{told}{self._time_left(self.total - done)}"

    def _time_left(self, epochs):
        if not self.seconds:
            return "; the first epoch takes longest"
        later = self.seconds[1:] or self.seconds  # the first one includes compilation
        left = epochs * sum(later) / len(later)
        return f", {left:.0f} s left" if left < 90 else f", {left / 60:.0f} minutes left"

    def _repr_mimebundle_(self, **kwargs):
        return self.replay()._repr_mimebundle_() if self.moments else self._words()

    def _words(self):
        return {"text/html": WORDS.format(html.escape(self._told())), "text/plain": self._told()}

    # ----- how a training ends, and what may end it -----

    def _ask(self, wish):
        if not self.ended and self.asked not in (STOP, INTERRUPT):
            self.asked = wish
            self._tell()

    def _wait(self):
        while self.asked == PAUSE:
            if not self.waiting:
                self.waiting = True
                self._tell()
            time.sleep(0.05)
        if self.waiting:
            self.waiting = False
            self._tell()

    def _take_interrupts(self):
        if threading.current_thread() is threading.main_thread():
            self._interrupt_handler = signal.signal(signal.SIGINT, self._on_interrupt)

    def _on_interrupt(self, *_):
        """Does nothing but set a word: the main thread can be anywhere, and hold any lock."""
        self.asked = INTERRUPT
        self._give_interrupts_back()

    def _give_interrupts_back(self):
        if self._interrupt_handler:
            signal.signal(signal.SIGINT, self._interrupt_handler)
            self._interrupt_handler = None

    def _end(self, how):
        """Leave what needs no kernel in place of the buttons and of what grew."""
        self.ended = how
        self._give_interrupts_back()
        self._tell()
        if self._places:
            get_ipython().events.unregister("post_run_cell", self._on_cell_end)
            buttons, growing = self._places
            buttons.update(self._words(), raw=True)
            growing.update(self.replay())
            self._places = ()

    def _on_cell_end(self, result):
        """The training did not end by itself."""
        self._end(f"broken off by {type(getattr(result, 'error_in_exec', None)).__name__}")


def _answer_in_any_thread(widget):
    """Let the front end choose the thread of the kernel that hears this widget.

    JupyterLab chooses one that is free. But ipykernel 7.4 takes the thread that wrote to the widget last, which is the
    one that trains, and would hear a click when the training is over. Other versions keep no such note.
    """
    if widget.comm:
        vars(widget.comm).pop("_reply_subshell_id", None)
