"""The page that a student's version opens with: name, deadline, what is in it, how to go about it, how far one is."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from labutils.opening import LAB, opening

FILE = "00_start.ipynb"

WELCOME = """\
# {title}

{lab} In the {count} notebooks some cells are yours to write: {exercises} exercises, a few lines each.

| notebook | exercises | minutes |
| --- | --- | --- |
{rows}

**Your name**, please, between the quotation marks. Then run the cell with Shift+Enter and save with Ctrl+S (on a Mac
Cmd+S).\
"""

NAME = 'name = ""'

HOW_TO = """\
## How to go about it

- An exercise is a cell that says *Your code here*. Write your lines in place of `raise NotImplementedError(...)`, run
  it, and run the check below it: that says in words what is right or wrong. Check as often as you like.
- When you are stuck, *Show a hint* in the check's answer names the idea, and *Show the next hint* says a little more.
  They cost nothing.
- An exercise that you leave out does not stop you: its check says *not attempted*, and the lab goes on with its own
  version.
- Functions and cells of your own are welcome everywhere. The cells with checks are locked, so that they stay as they
  are.
- If a notebook does not find `labutils`, open this folder from the lab's own one:
  `python3 -m labutils lab --exercises FOLDER`

## How to hand in

{hand_in}

1. In each notebook, *Kernel*, then *Restart Kernel and Run All Cells* shows whether it works from top to bottom.
2. Save all of them, and this page.
3. Hand in all files of this folder that end in `.ipynb`, this page included, under the names they have.

## How far you are

Run the next cell at any time. Each notebook ends with the same table.\
"""

PROGRESS = "from labutils import checks\n\nchecks.progress()"


def make(notebooks, course=None, deadline=None):
    """The title page.

    Parameters
    ----------
    notebooks : dict of str to NotebookNode
        The student's version of each notebook, by file name.
    course, deadline : str, optional

    Returns
    -------
    NotebookNode
    """
    openings = {name: opening(notebook) for name, notebook in notebooks.items()}
    rows = [
        f"| [{each.title or 'without a title'}]({name}) | {', '.join(each.exercises)} | {each.minutes} |"
        for name, each in openings.items()
    ]
    welcome = WELCOME.format(
        title=f"{course}: the autoencoder lab" if course else "The autoencoder lab",
        lab=LAB,
        count=len(notebooks),
        exercises=sum(len(each.exercises) for each in openings.values()),
        rows="\n".join(rows),
    )
    hand_in = f"**Deadline: {deadline}**" if deadline else "If your course collects the notebooks:"
    page = new_notebook(
        cells=[
            new_markdown_cell(welcome, id="welcome"),
            new_code_cell(NAME, id="name"),  # no nbgrader metadata: it stays what the student writes
            new_markdown_cell(HOW_TO.format(hand_in=hand_in), id="how-to"),
            new_code_cell(PROGRESS, id="progress"),
        ]
    )
    page.metadata.update(next(iter(notebooks.values())).metadata)  # the same kernel
    return page
