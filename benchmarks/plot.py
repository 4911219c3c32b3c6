"""The benchmark as a picture."""

from __future__ import annotations

import pygal
from pygal.style import Style

GREY = "#8a94a3"  # is seen on light and on dark ground
STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground=GREY,
    foreground_strong=GREY,
    foreground_subtle=GREY,
    guide_stroke_color=GREY,
    major_guide_stroke_color=GREY,
    colors=("#3f6fb5", "#c7762f", GREY),
    font_family="sans-serif",
)


def plot(times: dict[str, dict[str, float]], stages: int) -> str:
    """Milliseconds a stage by kind and way, as bars in SVG."""
    chart = pygal.Bar(
        title=f"Milliseconds to construct a stage, of {stages:,}",
        style=STYLE,
        width=900,
        height=420,
        js=[],
        no_prefix=True,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
    )
    chart.x_labels = list(times)
    for way, name in {"ours": "stage-constructs", "native": "native L2 and escape hatches", "L1": "L1"}.items():
        chart.add(name, [ways.get(way) for ways in times.values()])
    return str(chart.render(is_unicode=True))
