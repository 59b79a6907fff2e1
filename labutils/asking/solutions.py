"""The lab's own versions of earlier exercises, in the sandbox: there only when the examiner hands them over.

The copy of labutils that the sandbox shows has none of them. Where an earlier exercise did not pass, or a cell of the
lab calls its version in labutils, it is put back where it was.
"""

import sys

_given = {}  # module -> {name: source}


def give(solutions):
    """Put solutions back into their modules, now or when these are imported.

    Parameters
    ----------
    solutions : list of (module, name, source)
        Without a module for an instructor's own, whose source brings what it needs.
    """
    for module, name, source in solutions:
        if source != _given.setdefault(module, {}).get(name):
            _given[module][name] = source
            if module in sys.modules:
                exec(source, vars(sys.modules[module]))


def restore(module):
    """Called at the end of each module that a solution was taken out of, with its globals."""
    for source in _given.get(module["__name__"], {}).values():
        exec(source, module)


def get(name):
    """The solution of that name; None if it was not handed over."""
    from importlib import import_module

    for module, given in _given.items():
        if name in given:
            own = vars(import_module(module)) if module else {}
            if not module:
                exec(given[name], own)
            return own[name]
    return None
