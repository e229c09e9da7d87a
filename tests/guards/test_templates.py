"""Pieces of the design system and parts of pages both work: their two packages undo each other's set-up."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import TextNode
from django.template.loader import get_template
from django.test import override_settings

from svyaz.cli.state import PROJECT_DIR

PAGE = """\
<c-flag tone="good">A & {{ name }}</c-flag>
{% partialdef line inline %}<p><c-flag tone="bad">{{ name }}</c-flag></p>{% endpartialdef line %}
"""
FLAG = """<b class="flag-{{ tone }}">{{ slot }}</b>"""
TEMPLATES = PROJECT_DIR / "svyaz" / "desk" / "templates"


@pytest.fixture
def sample(tmp_path: Path) -> None:
    (tmp_path / "cotton").mkdir()
    (tmp_path / "cotton" / "flag.html").write_text(FLAG)
    (tmp_path / "sample.html").write_text(PAGE)


@pytest.fixture
def our_engine(sample: None, tmp_path: Path):
    with override_settings(TEMPLATES=[settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]):
        yield engines["django"]


def test_a_page_shows_its_pieces_and_its_parts(our_engine) -> None:
    shown = our_engine.get_template("sample.html").render({"name": "<Ольга>"})
    assert '<b class="flag-good">A & &lt;Ольга&gt;</b>' in shown
    assert '<p><b class="flag-bad">&lt;Ольга&gt;</b></p>' in shown


def test_a_part_alone_shows_its_pieces(our_engine) -> None:
    shown = our_engine.get_template("sample.html#line").render({"name": "Ольга"})
    assert shown.strip() == '<p><b class="flag-bad">Ольга</b></p>'


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_template_compiles_and_leaves_no_piece_unrendered(path: Path) -> None:
    compiled: Any = get_template(str(path.relative_to(TEMPLATES)))
    left = [node.s for node in compiled.template.nodelist.get_nodes_by_type(TextNode) if "<c-" in node.s]
    assert left == []
