"""A notebook open in JupyterLab: run it, see what went wrong, move what is in it, measure."""

import contextlib

OPEN_SECONDS = 120
BEGIN = 5000  # milliseconds until a cell that is to run says so
SETTLE = 500  # milliseconds; a kernel's complaints may come later than its answers

# In the page, at its start. What the kernel complains of is listened for: of a widget's callbacks it shows nowhere in a
# notebook. JupyterLab may ask it for a comm of before, which is no fault.
LISTEN = """
() => {
  window.labutils = {errors: []};
  jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, {content, header}) => {
    if (header.msg_type === 'error') labutils.errors.push(`${content.ename}: ${content.evalue}`);
    if (header.msg_type === 'stream' && content.name === 'stderr' && !content.text.startsWith('No such comm'))
      labutils.errors.push(content.text);
  });
}
"""

READY = """
() => {
  const shown = window.jupyterapp?.shell.currentWidget;
  return shown?.context?.isReady && shown.sessionContext?.session?.kernel?.status === 'idle';
}
"""

# A cell has run, or waits with a star for its number. What is said of the kernel does not count: "idle" in long cells.
BEGUN = """
() => jupyterapp.shell.currentWidget.content.widgets.some(
  ({model}) => model.executionCount || model.executionState === 'running'
)
"""

# How many cells with code have not run to their end.
UNRUN = """
() => jupyterapp.shell.currentWidget.content.widgets.filter(
  cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim() && !cell.model.executionCount
).length
"""

ASK = """
async code => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const request = {code: '', store_history: false, user_expressions: {asked: code}};
  const {asked} = (await kernel.requestExecute(request).done).content.user_expressions;
  if (asked.status !== 'ok') throw new Error(`${asked.ename}: ${asked.evalue}`);
  return asked.data['text/plain'];
}
"""

# From a key or a pointer's move until the first frame in which the pictures under an element are others than before.
WATCH = """
root => {
  const hash = canvas => {
    if (!canvas.width || !canvas.height) return 0;
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Uint32Array(data.buffer).reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 7);
  };
  const pictures = () => [...root.querySelectorAll('img, svg, canvas')].map(
    shown => shown.tagName === 'IMG' ? shown.src : shown.tagName === 'CANVAS' ? hash(shown) : shown.outerHTML
  ).join();
  const loaded = () => [...root.querySelectorAll('img')].every(image => image.complete);
  const before = pictures();
  labutils.milliseconds = new Promise(resolve => {
    setTimeout(() => resolve(null), 10000);  // also where no key and no move arrives
    const began = event => {
      for (const kind of kinds) removeEventListener(kind, began, true);
      const look = () => {
        const passed = performance.now() - (event.detail.timeStamp ?? event.timeStamp);
        if (loaded() && pictures() !== before) resolve(passed);
        else if (passed > 2000) resolve(null);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    const kinds = ['keydown', 'labutils-key', 'pointerdown', 'pointermove'];  // the second has the first with it
    for (const kind of kinds) addEventListener(kind, began, true);
  });
}
"""


class Notebook:
    """A notebook in JupyterLab, with a kernel of its own.

    Attributes
    ----------
    page : playwright.sync_api.Page
    """

    def __init__(self, page):
        self.page = page

    def run_all(self, seconds):
        """Run all cells.

        Parameters
        ----------
        seconds : float
            The longest that it may take.

        Raises
        ------
        TimeoutError
        """
        self.start_all()
        self.wait_until_run(seconds)

    def start_all(self):
        """Have all cells run, and come back as soon as the first does."""
        from playwright.sync_api import TimeoutError as TooLate

        for _ in range(5):  # JupyterLab loses the first now and then; what it has taken up would run twice
            self._do("() => jupyterapp.commands.execute('notebook:run-all-cells')")
            with contextlib.suppress(TooLate):
                self.page.wait_for_function(BEGUN, timeout=BEGIN)
                return
        raise TimeoutError("JupyterLab runs no cell, however often it is told to")

    def wait_until_run(self, seconds):
        """Wait for the end of what ``start_all`` began, with an error or without."""
        self._wait(seconds)
        if self.page.evaluate(UNRUN) and not self.errors():
            raise RuntimeError("JupyterLab has left cells undone, and tells of no error")

    def errors(self):
        """List of str: errors and warnings of the kernel so far, in cells, callbacks of widgets or threads."""
        self.page.wait_for_timeout(SETTLE)
        return self.page.evaluate("labutils.errors")

    def interactive(self, name):
        """playwright.sync_api.Locator: the first interactive with this CSS class, such as "labutils-pixels"."""
        return self.page.locator(f".jp-OutputArea-output .{name}").first

    def broken(self):
        """int: widgets that JupyterLab could not show."""
        return self.page.locator(".jupyter-widgets-error-widget").count()

    def ask(self, expression, seconds=60):
        """str: what the kernel's Python says that an expression is; asked after all that it has to do by now."""
        self._do(ASK, expression)
        return self._wait(seconds)

    def use_theme(self, name):
        """Change JupyterLab's theme, to "light" or "dark"."""
        theme = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[name]
        self._do("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        self._wait(30)
        self.page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light", arg=str(name == "light").lower()
        )

    def milliseconds_to_picture(self, root, move):
        """Milliseconds from a move to the frame in which the pictures have changed.

        Parameters
        ----------
        root : playwright.sync_api.Locator
            The element around the pictures.
        move : callable
            Takes nothing; presses a key or moves the mouse.

        Returns
        -------
        float, or None if nothing changed within two seconds
        """
        root.evaluate(WATCH)
        move()
        return self.page.evaluate("labutils.milliseconds")

    def page_memory(self):
        """int: bytes of JavaScript in use, after rubbish was collected."""
        session = self.page.context.new_cdp_session(self.page)
        try:
            session.send("HeapProfiler.collectGarbage")
            session.send("Performance.enable")
            metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
        finally:
            session.detach()
        return int(metrics["JSHeapUsedSize"])

    def kernel_memory(self):
        """int: bytes that the kernel's process holds, after rubbish was collected."""
        return int(self.ask("__import__('gc').collect() * 0 + __import__('psutil').Process().memory_info().rss"))

    def _do(self, function, argument=None):
        """Begin something in the page that takes its time."""
        self.page.evaluate(
            """([source, argument]) => {
              const running = window.labutils.running = {};
              eval(source)(argument).then(value => (running.value = value, running.done = true),
                                          error => (running.error = String(error), running.done = true));
            }""",
            [function, argument],
        )

    def _wait(self, seconds):
        """What came of it."""
        from playwright.sync_api import TimeoutError as TooLate

        try:
            self.page.wait_for_function("labutils.running.done", timeout=seconds * 1000)
        except TooLate:
            raise TimeoutError(f"JupyterLab was not done after {seconds} s") from None
        result = self.page.evaluate("labutils.running")
        if "error" in result:
            raise RuntimeError(result["error"])
        return result.get("value")


@contextlib.contextmanager
def opened(browser, server, name, size):
    """Open a notebook in a page of its own; at the end close that, and end the kernel.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
    server : jupyterlab.Server
    name : str
        The notebook's, such as "01_preprocessing.ipynb".
    size : dict
        The page's ``width`` and ``height``.

    Yields
    ------
    Notebook
    """
    page = browser.new_page(viewport=size)
    try:
        page.set_default_timeout(15_000)
        page.goto(server.url(name), timeout=OPEN_SECONDS * 1000)
        page.wait_for_function(READY, timeout=OPEN_SECONDS * 1000)
        page.evaluate(LISTEN)
        notebook = Notebook(page)
        yield notebook
    finally:
        with contextlib.suppress(Exception):  # a page that crashed has told already why
            notebook._do("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
            notebook._wait(20)
        page.close()
