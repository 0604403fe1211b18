"""The permission table: what everybody gets from every route, written by hand, one file a room.

A row names a route (`namespace:name`), a method, and for each person of `PEOPLE` the status they get. The walk
(tests/house/test_permission_table.py) asks for each of them and compares. A route without any row fails the walk;
a method without a row must be refused (405, or 404 or the sign-in page before it gets that far), so give each view
`@require_GET`, `@require_POST` or `@require_http_methods`.

    from tests.permissions.row import Row, only, only_api, staff, clients, everyone

    def of_client(world):                       # "own" is always world.client's
        return {"client_id": world.client.pk}

    ROWS = [
        Row("clients:today", "GET", staff(200)),
        Row("clients:client-overview", "GET", only(therapist=200), of_client),
        Row("clients:client-change", "POST", only(therapist=302), of_client, data=lambda world: {"name": "Sam"}),
        Row("homework:draft", "PATCH", only_api(client=200), of_response, data=a_draft, json=True),
    ]

Someone else's object is 404, never 403. `kwargs` and `data` get the world and may make what they name (open
`world.scope()`); they run once a person, on a copy of the world, inside a
transaction that is rolled back. A set such as `{200, 302}` allows
either. Sockets stand in `SOCKET_ROWS`, by their key in SOCKET_ROUTES.
"""

from importlib import import_module

from tests.permissions.row import Row, SocketRow

ROOMS = ("practice", "admin", "clients", "messaging", "homework", "alliance")
ROWS: list[Row] = []
SOCKET_ROWS: list[SocketRow] = []
for room in ROOMS:
    module = import_module(f"tests.permissions.{room}")
    ROWS += module.ROWS
    SOCKET_ROWS += getattr(module, "SOCKET_ROWS", [])
