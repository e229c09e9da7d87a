"""Sparkline, payment strip, dots and bars as they are drawn on the server."""

import pytest
from django.utils import translation

from svyaz.desk.templatetags.pictures import (
    dot_row,
    dot_tone,
    dot_words,
    percent,
    spark_area,
    spark_line,
    strip_cells,
    strip_width,
    strip_words,
)


def month(tone: str) -> dict[str, str]:
    return {"tone": tone, "title": "May"}


def test_a_sparkline_runs_from_its_least_to_its_greatest_value() -> None:
    assert spark_line([0, 5, 10]) == "M0 18 35 10 70 2"
    assert spark_area([0, 10]) == "M0 20 0 18 70 2 70 20z"


def test_a_flat_sparkline_lies_in_the_middle() -> None:
    assert spark_line([3, 3]) == "M0 10 70 10"


@pytest.mark.parametrize("values", [[], [7]])
def test_fewer_than_two_values_draw_nothing(values: list[int]) -> None:
    assert spark_line(values) == ""
    assert spark_area(values) == ""


def test_a_payment_strip_has_one_cell_a_month_and_worse_stands_taller() -> None:
    good, late, unpaid, nothing = strip_cells([month("good"), month("wait"), month("bad"), {"title": "June"}])
    assert good.height < late.height < unpaid.height
    assert nothing.height < good.height
    assert [cell.x for cell in (good, late, unpaid)] == [0, 10, 20]
    assert strip_width([good, late, unpaid]) == 28


def test_a_payment_strip_is_also_said_in_words() -> None:
    with translation.override("en"):
        assert strip_words([month("good")] * 2 + [month("bad")]) == "3 months: 2 on time, 0 late, 1 unpaid"


def test_a_grade_fills_as_many_dots_and_means_something() -> None:
    assert [on for _x, on in dot_row(3)] == [True, True, True, False, False]
    assert [dot_tone(grade) for grade in range(6)] == ["bad", "bad", "bad", "wait", "good", "good"]
    with translation.override("en"):
        assert dot_words(3) == "3 of 5"


@pytest.mark.parametrize(
    ("value", "maximum", "share"), [(50, 100, 50), (3400, 7043, 48), (9, 3, 100), (-1, 3, 0), (1, 0, 0)]
)
def test_a_share_stays_between_nothing_and_all(value: int, maximum: int, share: int) -> None:
    assert percent(value, maximum) == share
