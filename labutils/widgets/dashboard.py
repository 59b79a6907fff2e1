"""A training to watch, to pause and to stop: a Keras callback and a widget in one."""

import signal
import threading
import time

import keras
import numpy as np
from IPython import get_ipython
from IPython.display import display
from ipywidgets import HTML, Button, HBox, Image, IntSlider, Layout

from labutils import metrics
from labutils.datasets import flatten
from labutils.figures.canvas import counted
from labutils.widgets import dashboard_parts
from labutils.widgets.base import Interactive, picture

SHOWN, SAMPLED = 8, 1000  # test images: reconstructed after each epoch; sent through the encoder to find dead units
GO, PAUSE, STOP, INTERRUPT = "go", "pause", "stop", "interrupt"  # what one asks of the training


def training_dashboard(test_images, ladder, source=""):
    """Show how a model learns, epoch by epoch, with buttons to pause, go on and stop, and a slider to go back.

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


class TrainingDashboard(Interactive, keras.callbacks.Callback):
    """Shows itself where ``fit`` begins, and grows with each epoch; see ``training_dashboard`` for the parameters.

    Pause and Stop act at the end of the epoch. However a training ends, ``dashboard.model`` is the model as it is then,
    ready to be used. The buttons answer while the cell is busy where the front end gives widgets a thread of their own
    in the kernel, as JupyterLab does from 4.4 on. Everywhere else interrupt the kernel: the first time is taken for
    Stop, the cell ends well and those below it go on; the second time breaks the training off at once.

    Attributes
    ----------
    moments : list of dashboard_parts.Moment
        Before the first epoch, and after each.
    """

    def __init__(self, test_images, ladder, source=""):
        self.images, self.pixels = test_images[:SHOWN], flatten(test_images[:SAMPLED])
        self.ladder, self.source = ladder, source
        self.moments, self.epochs, self.seconds = [], 0, []
        self.asked, self.paused, self.trouble = GO, False, ""
        self.ended = "not started: pass the dashboard to fit, callbacks=[dashboard]"
        self._place = self._interrupt_handler = None
        self._drawing = threading.RLock()  # buttons and slider may speak from another thread than the training
        self.pause, self.stop = Button(icon="pause", disabled=True), Button(icon="stop", disabled=True)
        self.pause.description, self.stop.description = "Pause", "Stop"
        self.epoch = IntSlider(0, 0, 1, description="Epoch", disabled=True, layout=Layout(width="min(100%, 480px)"))
        self.state, self.chart = HTML(), HTML(layout=Layout(max_width="720px"))
        self.digits = Image(format="png", layout=Layout(max_width="100%", align_self="flex-start"))
        self.pause.on_click(lambda _: self._ask(GO if self.asked == PAUSE else PAUSE))
        self.stop.on_click(lambda _: self._ask(STOP))
        self.epoch.observe(lambda _: self._show_epoch(), "value")
        rows = [HBox([self.pause, self.stop]), self.state, self.chart, self.epoch, self.digits]
        super().__init__(rows, lambda: dashboard_parts.story(self.images, self.moments, ladder, source))
        self.add_class("labutils-dashboard")
        self._draw()

    # ----- what Keras calls -----

    def on_train_begin(self, logs=None):
        self.moments, self.epochs, self.seconds = [self._look()], self.params["epochs"], []
        self.asked, self.paused, self.trouble, self.ended = GO, False, "", ""
        self.epoch.value, self.epoch.max = 0, 1
        self._draw()
        self._await_the_end()
        if get_ipython():
            self._place = display(self, display_id=True)

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs = len(self.moments) - 1 + self.params["epochs"] - epoch
        self._started = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        losses = {name: logs[key] for name, key in (("training", "loss"), ("test", "val_loss")) if key in logs}
        if all(np.isfinite(loss) for loss in losses.values()):
            self.moments.append(self._look(losses))
        else:
            self.trouble = "the loss is not a finite number any more: are the pixels scaled to 0..1? "
        self.seconds.append(time.monotonic() - self._started)
        self._draw()
        if self.asked == PAUSE:
            self._wait()
        self.model.stop_training |= self.asked in (STOP, INTERRUPT)

    def on_train_end(self, logs=None):
        self._end({STOP: "stopped", INTERRUPT: "interrupted"}.get(self.asked, "finished"))

    def _wait(self):
        self.paused = True
        self._draw()
        while self.asked == PAUSE:
            time.sleep(0.05)
        self.paused = False
        self._draw()

    # ----- what the reader sees -----

    def _repr_mimebundle_(self, **kwargs):
        """Widgets and static twin; before there is anything to tell, the widgets alone."""
        if len(self.moments) > 1:
            return super()._repr_mimebundle_(**kwargs)
        return {**super(Interactive, self)._repr_mimebundle_(**kwargs), "text/plain": "Training dashboard"}

    def _look(self, losses=()):
        """The model as it is now."""
        outputs = np.asarray(self.model(self.pixels[:SHOWN], training=False)).reshape(-1, 28, 28)
        encoder = next((layer for layer in self.model.layers if layer.name == "encoder"), None)
        health = encoder and metrics.latent_health(np.asarray(encoder(self.pixels, training=False)))
        return dashboard_parts.Moment(outputs, health, dict(losses))

    def _draw(self):
        """Bring all widgets up to date, with few messages: one to each that changes."""
        with self._drawing:
            last = len(self.moments) - 1
            over = bool(self.ended) or self.asked in (STOP, INTERRUPT)
            waits = self.asked == PAUSE
            with self.pause.hold_sync():
                self.pause.description, self.pause.icon = ("Go on", "play") if waits else ("Pause", "pause")
                self.pause.disabled = over
            self.stop.disabled = over
            self.state.value = f'<div role="status" aria-live="polite">{self._told()}</div>'
            follows = self.epoch.value == last - 1
            if last > 0 and self.epoch.max != last or self.epoch.disabled:
                with self.epoch.hold_sync():
                    self.epoch.max, self.epoch.disabled = max(1, last), last < 1
                    self.epoch.value = last if follows else self.epoch.value
            if last >= 0 and not follows:
                self._show_epoch()
            for widget in (self.pause, self.stop, self.epoch):
                _answer_in_any_thread(widget)

    def _show_epoch(self):
        with self._drawing:
            number = min(self.epoch.value, len(self.moments) - 1)
            moment = self.moments[number]
            floor = self.ladder["floor"]
            told = moment.told(floor)
            title = f"Epoch {number}" if number else "Before training"
            caption = f"<b>{title}</b>{told and ': ' + told}. Above, {SHOWN} test digits; below, their reconstructions."
            drawn = dashboard_parts.curve(self.moments, self.ladder, self.epochs, number)
            drawn += dashboard_parts.units(moment.health) if moment.health else ""
            self.chart.value = f'{drawn}<p style="margin:6px 0 0;line-height:1.4">{caption}</p>'
            with self.digits.hold_sync():
                self.digits.value = picture(_two_rows(self.images[..., 0] / 255, moment.outputs), zoom=3)
                self.digits.tooltip = f"{title}: test digits, and below them their reconstructions; {told}"

    def _told(self):
        """The state of the training in a sentence."""
        done = len(self.moments) - 1
        progress = f"epoch {done} of {self.epochs}"
        if done > 0:
            progress += f", {self.moments[-1].told(self.ladder['floor'])}"
        if self.ended:
            kept = "; the model is kept as it is" if done < self.epochs and done >= 0 else ""
            return self.ended if done < 0 else f"{self.trouble}{self.ended}: {progress}{kept}"
        if self.paused:
            return f"{self.trouble}paused: {progress}"
        if self.asked == PAUSE:
            return f"{self.trouble}{progress}; pauses at the end of this epoch"
        if self.asked in (STOP, INTERRUPT):
            return f"{self.trouble}{progress}; stops at the end of this epoch"
        return f"{self.trouble}{progress}{self._time_left(self.epochs - done)}"

    def _time_left(self, epochs):
        if not self.seconds:
            return "; the first epoch takes longest"
        later = self.seconds[1:] or self.seconds  # the first one includes compilation
        left = epochs * sum(later) / len(later)
        return f", {left:.0f} s left" if left < 90 else f", {counted(round(left / 60), 'minute')} left"

    # ----- how a training ends, and what may end it -----

    def _ask(self, wish):
        if not self.ended and self.asked not in (STOP, INTERRUPT):
            self.asked = wish
            self._draw()

    def _await_the_end(self):
        """Take the first interrupt for Stop; notice it if the cell ends before the training does."""
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT):
            self._interrupt_handler = signal.signal(signal.SIGINT, self._on_interrupt)
        if get_ipython():
            get_ipython().events.register("post_run_cell", self._on_cell_end)

    def _on_interrupt(self, *_):
        """Does nothing but set a word: the main thread can be anywhere, and hold any lock."""
        self.asked = INTERRUPT
        self._give_interrupts_back()

    def _give_interrupts_back(self):
        if self._interrupt_handler:
            signal.signal(signal.SIGINT, self._interrupt_handler)
            self._interrupt_handler = None

    def _on_cell_end(self, result):
        self._end(f"broken off by {type(result.error_in_exec).__name__}")

    def _end(self, how):
        self.ended = how
        self._give_interrupts_back()
        if get_ipython():
            get_ipython().events.unregister("post_run_cell", self._on_cell_end)
        self._draw()
        if self._place:
            self._place.update(self)  # with the static twin: it stays where the widgets go with their kernel


def _two_rows(above, below):
    """Images (n, 28, 28) in two rows, with a thin line between any two."""
    framed = np.pad(np.stack([above, below]), ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=0.5)
    return framed.transpose(0, 2, 1, 3).reshape(58, -1)[:-1, :-1]


def _answer_in_any_thread(widget):
    """Let the front end choose the thread of the kernel that hears this widget.

    JupyterLab chooses one that is free. But ipykernel 7.4 takes the thread that wrote to the widget last, which is the
    one that trains, and would hear a click when the training is over. Other versions keep no such note.
    """
    if widget.comm:
        vars(widget.comm).pop("_reply_subshell_id", None)
