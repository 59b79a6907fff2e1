"""What a check found, and how it shows: as a card in a notebook, and as the same words in plain text."""

import re
from dataclasses import dataclass
from html import escape

_STATES = {  # word, sign, colour of the edge: at least 3:1 against white and against black, and never the only sign
    "passed": ("passed", "✓", "#1a8a68"),
    "not-attempted": ("not attempted", "○", "#7d7d7d"),
    "not-yet": ("not yet", "✗", "#d0602a"),
}

# JupyterLab's own colours follow its theme; the second value of each is for pages that define none of them.
_STYLE = {
    "card": "background: var(--jp-layout-color1, #ffffff); color: var(--jp-content-font-color1, #1f1f1f); "
    "border: 1px solid var(--jp-border-color1, #bdbdbd); border-left: 6px solid {edge}; border-radius: 4px; "
    "padding: 8px 14px 10px; margin: 4px 0; max-width: 52em; line-height: 1.5;",
    "head": "margin: 0 0 4px; font-weight: 600;",
    "text": "margin: 4px 0;",
    "hint": "margin: 6px 0 0 2px;",
    "summary": "cursor: pointer; width: fit-content; text-decoration: underline; text-underline-offset: 3px;",
    "name": "font-weight: normal; font-size: 85%; opacity: 0.85;",
    "code": "background: var(--jp-layout-color2, #eeeeee); color: inherit; padding: 0 3px; border-radius: 3px;",
}


@dataclass(frozen=True)
class CheckResult:
    """The verdict on one exercise; true when passed.

    Attributes
    ----------
    passed : bool
    code : str
        Stable name of what was found: ``"ok"``, ``"not-attempted"``, ``"not-scaled"``, ...
    message : str
        What was found, with the numbers seen. Code is in `backticks`.
    hint : str
        Steps towards the idea, one on each line, from the general to the concrete; empty when passed.
    exercise : str
        The heading of the card, such as ``"1.1 preprocess"``.
    """

    passed: bool
    code: str
    message: str
    hint: str = ""
    exercise: str = ""

    def __bool__(self):
        return self.passed

    @property
    def state(self):
        """``"passed"``, ``"not attempted"`` or ``"not yet"``."""
        return _STATES[self._kind][0]

    @property
    def _kind(self):
        return "passed" if self.passed else self.code if self.code == "not-attempted" else "not-yet"

    @property
    def _heading(self):
        return f"Exercise {self.exercise}: {self.state}" if self.exercise else self.state.capitalize()

    def __str__(self):
        code = f" ({self.code})" if self._kind == "not-yet" else ""
        lines = [f"{_STATES[self._kind][1]} {self._heading}{code}", self.message]
        lines += [f"  Hint {step}: {hint}" for step, hint in enumerate(self.hint.splitlines(), 1)]
        return "\n".join(lines)

    def _repr_pretty_(self, printer, cycle):
        printer.text(str(self))

    def _repr_html_(self):
        _, sign, edge = _STATES[self._kind]
        code = f' <span style="{_STYLE["name"]}">({escape(self.code)})</span>' if self._kind == "not-yet" else ""
        return (
            f'<section role="group" aria-label="{escape(self._heading)}" style="{_STYLE["card"].format(edge=edge)}">'
            f'<p style="{_STYLE["head"]}"><span aria-hidden="true">{sign} </span>{escape(self._heading)}{code}</p>'
            f'<p style="{_STYLE["text"]}">{_html(self.message)}</p>{_hints(self.hint.splitlines())}</section>'
        )


def _hints(steps, first=1):
    """Each step behind a switch of its own, the next inside it; works by keyboard and without JavaScript."""
    if not steps:
        return ""
    return (
        f'<details style="{_STYLE["hint"]}"><summary style="{_STYLE["summary"]}">'
        f"{'Show a hint' if first == 1 else 'Show the next hint'}</summary>"
        f'<p style="{_STYLE["text"]}">{_html(steps[0])}</p>{_hints(steps[1:], first + 1)}</details>'
    )


def _html(text):
    """Escaped, with `code` in backticks shown as code and line breaks kept."""
    marked = re.sub(r"`([^`]+)`", rf'<code style="{_STYLE["code"]}">\1</code>', escape(text))
    return marked.replace("\n", "<br>")
