"""The beat: the only table of what ticks when. Intervals in UTC, never a client's time.

Each tick expires before it could pile up: after an outage the next one does the work of all that were missed.
"""

from typing import Any

EMAIL = 2  # practice.notifications.models.Channel, which can't be imported before Django is set up

SCHEDULE: dict[str, dict[str, Any]] = {
    "engine": {"task": "homework.tasks.engine_tick", "schedule": 5.0, "options": {"expires": 10}},
    "outbox-email": {
        "task": "practice.notifications.tasks.outbox_tick",
        "schedule": 2.0,
        "args": [EMAIL],
        "options": {"expires": 10},
    },
    "held-messages": {"task": "messaging.tasks.release_held", "schedule": 30.0, "options": {"expires": 30}},
    "sealer": {"task": "practice.audit.tasks.seal_tick", "schedule": 30.0, "options": {"expires": 30}},
    "planner": {"task": "homework.tasks.planner_tick", "schedule": 60.0, "options": {"expires": 60}},
    "signals": {"task": "alliance.tasks.signals_tick", "schedule": 3600.0, "options": {"expires": 600}},
    "auditor": {"task": "homework.tasks.auditor_tick", "schedule": 3600.0, "options": {"expires": 600}},
}
