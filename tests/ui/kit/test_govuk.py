"""The macros give the very HTML that the stylesheet of this version was written for."""

from typing import Any
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]

from app.ui.kit.render import environment
from tests.ui.govuk_fixtures import kept


def shape(html: str) -> Any:
    """A fragment as nested tuples, white space and the order of attributes and classes aside."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    return _shape(parser.parseFragment(html))


def _shape(element: Element) -> Any:
    attributes = {
        name: sorted(value.split()) if name == "class" else " ".join(value.split())
        for name, value in element.attrib.items()
    }
    inside: list[Any] = [" ".join((element.text or "").split())]
    for child in element:
        inside += [_shape(child), " ".join((child.tail or "").split())]
    return (element.tag, sorted(attributes.items()), inside)


def macro_name(component: str) -> str:
    return "govuk" + "".join(word.capitalize() for word in component.split("-"))


def test_every_macro_gives_what_the_toolkit_gives() -> None:
    examples = kept()
    assert len(examples) > 600
    unlike = []
    for example in examples:
        name = macro_name(example["component"])
        address = f"govuk_frontend_jinja/components/{example['component']}/macro.html"
        template = environment().from_string(
            f"{{% from '{address}' import {name} %}}{{{{ {name}(options) }}}}"
        )
        if shape(template.render(options=example["options"])) != shape(example["html"]):
            unlike.append(f"{example['component']}: {example['name']}")
    assert unlike == []
