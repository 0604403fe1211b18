"""Where words go on a picture so that they cover as little as possible."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle by its corner and sides."""

    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: "Box") -> float:
        """The shared area, 0 when they are apart."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(across, 0) * max(down, 0)


def point_box(x: float, y: float, reach: float = 8) -> Box:
    """The room that a point takes."""
    return Box(x - reach, y - reach, 2 * reach, 2 * reach)


def best_place(choices: Sequence[Box], busy: Sequence[Box], within: tuple[float, float, float, float]) -> Box:
    """The first of the choices that covers least of what is there and stays inside left, right, top, bottom."""
    left, right, top, bottom = within

    def cost(box: Box) -> float:
        outside = max(left - box.x, 0) + max(box.x + box.width - right, 0)
        outside += max(top - box.y, 0) + max(box.y + box.height - bottom, 0)
        return sum(box.overlap(other) for other in busy) + outside * 100

    return min(choices, key=cost)
