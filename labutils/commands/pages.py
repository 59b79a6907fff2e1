"""The pages that ``run`` writes: one file each, with all that is in it, to be read from a disk or from any server."""

import html
import re
from pathlib import Path

import jinja2
import latex2mathml.converter
import nbformat
from markupsafe import Markup
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from labutils.opening import LAB, opening

# nbconvert's page for JupyterLab, without the three scripts that it would fetch from the network, with the words for
# each picture, which that page leaves out, in the reader's theme, and with the way to the other pages
TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block notebook_css -%}
{{ super() }}
{{ resources.include_css("static/theme-dark.css")
  | replace('<style type="text/css">', '<style media="(prefers-color-scheme: dark)">') }}
<style>
:root {
  color-scheme: light dark;
  --jp-cell-prompt-not-active-opacity: 1;
  --jp-cell-prompt-not-active-font-color: var(--jp-content-font-color1);
  --jp-mirror-editor-comment-color: #2f6f6f; --jp-mirror-editor-number-color: #007000;
  --jp-mirror-editor-operator-color: #8800dd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --jp-mirror-editor-comment-color: #6fb3b3; --jp-mirror-editor-number-color: #66bb6a;
    --jp-mirror-editor-operator-color: #cc99ff;
  }
}
body { background: var(--jp-layout-color0); }
nav { padding: 10px; font: 16px/1.6 system-ui, sans-serif; }
nav a { color: var(--jp-content-link-color); display: inline-block; padding: 3px 0; margin-right: 2em; }
@media (max-width: 600px) {
  body.jp-Notebook { padding: 0; }
  .jp-Notebook .highlight pre { white-space: pre-wrap; }
  .jp-Notebook .jp-Cell :is(.jp-InputPrompt, .jp-OutputPrompt) { display: none; }
}
</style>
{%- endblock -%}
{%- block body_header -%}
{{ super() | replace("<main>", '<nav aria-label="Lab"><a href="index.html">The autoencoder lab</a></nav><main>') }}
{%- endblock -%}
{%- block body_footer -%}
<nav aria-label="Go on">
{%- if resources.following -%}
<a href="{{ resources.following.page }}">Next: {{ resources.following.title | escape_html }}</a>
{%- endif -%}
<a href="index.html">All notebooks</a></nav>
{{ super() }}
{%- endblock -%}
{%- block data_png scoped -%}
{%- set words = output | get_metadata("alt", "image/png") or "" -%}
{{ super() | replace("<img ", '<img alt="' ~ (words | escape_html) ~ '" ') }}
{%- endblock -%}
"""

TWIN = re.compile(r'<img class="twin" alt="([^"]*)"[^>]* src="data:image/png;base64,([^"]*)"')


def write(notebook, path, following, folder):
    """Write an executed notebook to the folder, as it is and as a page.

    Parameters
    ----------
    notebook : NotebookNode
    path : Path
        Where it came from.
    following : Path or None
        The notebook that the page leads on to.
    folder : Path
    """
    page = folder / f"{path.stem}.html"
    page.unlink(missing_ok=True)  # one of an earlier run would be taken for this one's
    nbformat.write(notebook, folder / path.name)
    resources = {
        "metadata": {"name": opening(notebook).title or path.stem, "path": str(path.parent)},
        "following": following and _link(following),
    }
    written, _ = _PageExporter(raw_template=TEMPLATE).from_notebook_node(notebook, resources)
    page.write_text(written, "utf-8")


def write_index(executions, summary, rungs, folder):
    """Write the front door, which leads to the other pages.

    Parameters
    ----------
    executions : list of execution.Execution
    summary : list of (str, str)
        What is to be said of the run as a whole.
    rungs : list of (str, float)
        Of the loss ladder, this run's model among them, if it trained one.
    folder : Path

    Returns
    -------
    Path
    """
    notebooks = [_entry(execution, folder) for execution in executions]
    template = jinja2.Template((Path(__file__).parent / "index.html.j2").read_text("utf-8"), autoescape=True)
    about = _to_html(LAB)
    index = folder / "index.html"
    index.write_text(template.render(notebooks=notebooks, about=about, summary=summary, rungs=rungs), "utf-8")
    return index


def _link(path):
    """Where the page of a notebook will be, and its title; None for a file that is no notebook, as it will get none."""
    try:
        title = opening(nbformat.read(path, as_version=4)).title or path.stem
    except Exception:  # nbformat lets the errors of the parsers below it through
        return None
    return {"page": f"{path.stem}.html", "title": title}


def _entry(execution, folder):
    """What the front door says of a notebook."""
    notebook = execution.notebook or nbformat.v4.new_notebook()
    page, opened = f"{execution.name}.html", opening(notebook)
    return {
        "name": execution.name,
        "page": page if (folder / page).is_file() else None,
        "opening": opened,
        "about": _to_html(opened.about),
        "picture": next(_pictures(notebook), None),
        "outcome": f"failed, {execution.failure}" if execution.failure else "done",
        "seconds": execution.seconds,
    }


def _pictures(notebook):
    """Yield the pictures among the outputs, the static twins of interactives among them: ``png`` (base64), ``alt``."""
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        data, metadata = output.get("data", {}), output.get("metadata", {})
        if "image/png" in data:
            yield {"png": data["image/png"].strip(), "alt": metadata.get("image/png", {}).get("alt", "")}
        for alt, png in TWIN.findall(data.get("text/html", "")):
            yield {"png": png, "alt": html.unescape(alt)}


def _to_html(markdown):
    return Markup(MarkdownWithMath(renderer=_Renderer(escape=False)).render(markdown))


class _PageExporter(HTMLExporter):
    @jinja2.pass_context
    def markdown2html(self, context, source):
        renderer = _Renderer(
            escape=False,
            embed_images=True,
            path=context["resources"]["metadata"]["path"],
            attachments=context.get("cell", {}).get("attachments", {}),
        )
        return MarkdownWithMath(renderer=renderer).render(source)


class _Renderer(IPythonRenderer):
    """Formulas as MathML, which browsers show by themselves."""

    def inline_math(self, body):
        return _to_mathml(body, "inline")

    def block_math(self, body):
        return _to_mathml(body, "block")

    def latex_environment(self, name, body):
        return _to_mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")


def _to_mathml(latex, display):
    # HTML needs no namespace, and with one a formula in a heading would not survive nbconvert's anchors.
    try:
        return latex2mathml.converter.convert(latex, display=display, xmlns="")
    except Exception:  # no formula but a lone dollar, or a slip: latex2mathml has an exception for each
        return f"<code>${html.escape(latex)}$</code>"
