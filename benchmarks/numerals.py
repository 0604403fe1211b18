"""How numbers are written in a line or a table, and where a percentile lies."""


def number(value: float) -> str:
    """Three digits that say something: 36,700, 20.8, 0.045."""
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 or value == int(value) else f"{value:.1f}" if size >= 10 else f"{value:.3g}"


def percentile(values: list[float], share: float) -> float:
    """The value that this share lies below; nan when there are none."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else float("nan")
