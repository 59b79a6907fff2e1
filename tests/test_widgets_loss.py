"""Loss: the numbers are those of the metrics, the point lies on its curve, and the floor moves with the target."""

import re

import numpy as np
import pytest
from interactives import slider, words

from labutils import figures, metrics
from labutils.widgets import pixel_loss

SHARES = (0.0, 0.01, 0.25, 0.5, 0.9, 1.0)


def move(page, target, output):
    slider(page, "Target grey").fill(str(target))
    slider(page, "Output").fill(str(output))


def described(page):
    return page.get_by_role("img").get_attribute("aria-label")


def test_costs_what_the_metrics_say(show):
    page = show(pixel_loss())
    for target in SHARES:
        for output in SHARES:
            move(page, target, output)
            cost, floor = (metrics.pixel_cross_entropy(target, each) for each in (output, target))
            above = f"{cost - floor:.3f} above the floor of {floor:.3f}" if output != target else "exactly the floor"
            told = f"cross-entropy {cost:.3f} nats, {above}; squared error {(target - output) ** 2:.4f}."
            assert words(page) == f"Target {target:.2f}, output {output:.2f}: {told}"
            assert told in described(page)


def test_the_floor_moves_with_the_target(show):
    page = show(pixel_loss())
    levels = []
    for target in (0, 0.25, 0.5, 0.75, 1):
        move(page, target, 0.6)
        levels.append(float(re.search(r">floor ([\d.]+)<", page.content())[1]))
    assert levels == [0, 0.562, 0.693, 0.562, 0]


@pytest.mark.parametrize(("target", "output"), [(0.25, 0.6), (0.5, 0.5), (0.9, 0.2)])
def test_the_points_lie_on_the_curves(show, target, output):
    drawn = show(pixel_loss(target, output)).content()
    curves = re.findall(r'<path d="M([^"]*)" style="fill: none; stroke: #0072B2', drawn)
    points = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert len(points) == 2
    for curve, (x, y) in zip(curves, points, strict=True):
        xs, ys = np.array([pair.split() for pair in curve.split("L")], float).T
        assert np.interp(float(x), xs, ys) == pytest.approx(float(y), abs=0.5)


def test_stays_finite_and_inside_at_the_ends(show):
    page = show(pixel_loss())
    for target, output in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        move(page, target, output)
        drawn = page.locator(".panels").inner_html()
        assert not re.search(r"NaN|Infinity", drawn)
        width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())
        for x, y in re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)"', drawn):
            assert 0 < float(x) < width
            assert 0 < float(y) < height


def test_twin_draws_the_curve_of_the_target():
    alt = pixel_loss(target=0.3).twin().alt
    assert alt == figures.cross_entropy_curves((0, 0.3, 0.5, 1)).alt
    assert "for target 0.3" in alt


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan"), "0.5", None])
def test_what_is_no_share_of_white_is_refused(share):
    with pytest.raises(ValueError, match=r"The output is .*pass a number from 0 to 1"):
        pixel_loss(0.5, share)
