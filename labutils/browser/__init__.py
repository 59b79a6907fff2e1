"""The lab in a real browser, for tests and pictures: JupyterLab, a Chromium, and a notebook in it."""
