"""Words that are read out, for the training dashboard."""

import html

import ipywidgets


class Words(ipywidgets.HTML):
    """A paragraph that a screen reader says when it changes."""

    def say(self, text):
        """Say this plain text now."""
        self.value = (
            '<p role="status" aria-live="polite" style="margin: 4px 0; line-height: 1.5; '
            f'color: var(--jp-content-font-color1, #1f1f1f)">{html.escape(text)}</p>'
        )
