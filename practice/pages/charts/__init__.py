"""Charts drawn on the server: the same picture on the page, on paper and in the export.

What lives here: pure arithmetic from numbers to coordinates. What doesn't: SVG text (templates/cotton/chart.html and
sparkline.html) and colours (static/css/components/chart.css). Nothing here knows Django or a request; the caller
passes words already translated, numbers as they are, and whether the page runs from right to left.
"""

from practice.pages.charts.bars import BarChart, bar_chart
from practice.pages.charts.drawn import Chart
from practice.pages.charts.given import Band, Limit, Mark, Pin, Series, Zone
from practice.pages.charts.line import line_chart
from practice.pages.charts.numbers import plain
from practice.pages.charts.spark import Spark, sparkline

__all__ = [
    "Band",
    "BarChart",
    "Chart",
    "Limit",
    "Mark",
    "Pin",
    "Series",
    "Spark",
    "Zone",
    "bar_chart",
    "line_chart",
    "plain",
    "sparkline",
]
