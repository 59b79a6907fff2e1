"""Loss: the numbers are those of the metrics, the point lies on its curve, and the floor moves with the target."""

import re

import numpy as np
import pytest
from interactives import changes, controls, described, leaked, pages, words

from labutils import figures
from labutils.widgets import pixel_loss
from labutils.widgets.loss import losses

SHARES = (0.0, 0.01, 0.25, 0.5, 0.9, 1.0)


def move(shown, target, output):
    controls(shown)["Target grey"].value, controls(shown)["Output"].value = target, output


@pytest.mark.parametrize("target", SHARES)
@pytest.mark.parametrize("output", SHARES)
def test_costs_what_the_metrics_say(target, output):
    from labutils import metrics

    cross_entropy, floor, squared_error = losses(target, output)
    assert cross_entropy == pytest.approx(metrics.pixel_cross_entropy(target, output), abs=1e-12)
    assert floor == pytest.approx(metrics.pixel_cross_entropy(target, target), abs=1e-12)
    assert squared_error == pytest.approx((target - output) ** 2)
    assert cross_entropy >= floor


def test_says_what_the_pixel_costs():
    shown = pixel_loss()
    move(shown, 0.5, 0.9)
    told = "Target 0.50, output 0.90: cross-entropy 1.204 nats, 0.511 above the floor of 0.693; squared error 0.1600."
    assert words(shown) == told
    assert told in described(shown)
    move(shown, 0.5, 0.5)
    assert "cross-entropy 0.693 nats, exactly the floor;" in words(shown)


def test_the_floor_moves_with_the_target():
    shown = pixel_loss()
    levels = []
    for target in (0, 0.25, 0.5, 0.75, 1):
        move(shown, target, 0.6)
        levels.append(float(re.search(r">floor ([\d.]+)<", pages(shown))[1]))
    assert levels == [0, 0.562, 0.693, 0.562, 0]


@pytest.mark.parametrize(("target", "output"), [(0.25, 0.6), (0.5, 0.5), (0.9, 0.2)])
def test_the_points_lie_on_the_curves(target, output):
    page = pages(pixel_loss(target, output))
    curves = re.findall(r'<path d="M([^"]*)" style="fill:none;stroke:#0072B2', page)
    points = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', page)
    assert len(points) == 2
    for curve, (x, y) in zip(curves, points, strict=True):
        xs, ys = np.array([pair.split() for pair in curve.split("L")], float).T
        assert np.interp(float(x), xs, ys) == pytest.approx(float(y), abs=0.5)


@pytest.mark.parametrize(("target", "output"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_stays_finite_and_inside_at_the_ends(target, output):
    page = pages(pixel_loss(target, output))
    assert not re.search(r"\b(nan|inf)\b", page)
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', page).groups())
    for x, y in re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)"', page):
        assert 0 < float(x) < width
        assert 0 < float(y) < height


def test_a_move_draws_once():
    shown = pixel_loss()
    assert changes(shown, lambda: move(shown, 0.26, 0.6)) == [1, 1]  # the words and the drawing


def test_a_thousand_moves_leave_nothing_behind():
    shown = pixel_loss()
    assert leaked(lambda n: move(shown, n % 101 / 100, 0.6)) == 0
    assert changes(shown, lambda: move(shown, 0.26, controls(shown)["Output"].value)) == [1, 1]


def test_twin_draws_the_curve_of_the_target():
    shown = pixel_loss(target=0.3)
    assert shown.twin().alt == figures.cross_entropy_curves((0, 0.3, 0.5, 1)).alt
    assert "for target 0.3" in shown.twin().alt


def test_controls_can_be_told_apart():
    assert list(controls(pixel_loss())) == ["Target grey", "Output"]


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan"), "0.5", None])
def test_what_is_no_share_of_white_is_refused(share):
    with pytest.raises(ValueError, match=r"The output is .*pass a number from 0 to 1"):
        pixel_loss(0.5, share)
