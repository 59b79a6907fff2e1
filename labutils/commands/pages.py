"""The pages that ``run`` writes: one file each, pictures and formulas in it, to be read without a network."""

import html

import latex2mathml.converter
import nbformat
from jinja2 import pass_context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# nbconvert's page for JupyterLab, without the three scripts that it would fetch from the network, and with the words
# for each picture, which that page leaves out
TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block data_png scoped -%}
{%- set words = output | get_metadata("alt", "image/png") or "" -%}
{{ super() | replace("<img ", '<img alt="' ~ (words | escape_html) ~ '" ') }}
{%- endblock -%}
"""

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The autoencoder lab</title>
<style>
  :root {{ color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }}
  body {{ max-width: 50rem; margin: 3rem auto; padding: 0 1rem }}
  pre {{ overflow-x: auto }}
</style>
</head>
<body>
<main>
<h1>The autoencoder lab</h1>
<ul>
{links}
</ul>
<pre>{summary}</pre>
</main>
</body>
</html>
"""


def write(notebook, path, folder):
    """Write an executed notebook to the folder, as it is and as a page; path is where it came from."""
    nbformat.write(notebook, folder / path.name)
    resources = {"metadata": {"name": path.stem, "path": str(path.parent)}}
    page, _ = _PageExporter(raw_template=TEMPLATE).from_notebook_node(notebook, resources)
    (folder / f"{path.stem}.html").write_text(page, "utf-8")


def write_index(executions, summary, folder):
    """Write the page that leads to the others, and return where it is."""
    links = "\n".join(
        f'<li><a href="{execution.name}.html">{execution.name}</a></li>'
        for execution in executions
        if execution.notebook is not None
    )
    index = folder / "index.html"
    index.write_text(INDEX.format(links=links, summary=html.escape(summary)), "utf-8")
    return index


class _PageExporter(HTMLExporter):
    @pass_context
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
