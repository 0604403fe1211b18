"""A mypy plugin: what our middleware does to every request.

`request.seat` and `request.htmx` are there, and `request.user` is our `User`. Views of signed-out people ask
`is_authenticated` first, which a `User` has too. Without this each view would have to say so again.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, TypeInfo, Var
from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.types import AnyType, Instance, Type, TypeOfAny

REQUESTS = ("django.http.request.HttpRequest", "rest_framework.request.Request")
ADDED = ("seat", "htmx")
USER = "practice.people.models.User"


def add_attributes(context: ClassDefContext) -> None:
    """Give the request what middleware puts there."""
    info = context.cls.info
    for name in ADDED:
        variable = Var(name, AnyType(TypeOfAny.explicit))
        variable.info = info
        variable._fullname = f"{info.fullname}.{name}"
        info.names[name] = SymbolTableNode(MDEF, variable, plugin_generated=True)


def our_user(context: AttributeContext) -> Type:
    """The type of `request.user`; left as it was in modules that mypy reads before ours."""
    module, _, name = USER.rpartition(".")
    known = context.api.modules.get(module)  # type: ignore[attr-defined]
    node = known.names.get(name) if known else None
    if node is None or not isinstance(node.node, TypeInfo):
        return context.default_attr_type
    return Instance(node.node, [])


class RequestPlugin(Plugin):
    """Hooks of the plugin."""

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """Called for each class."""
        return add_attributes if fullname in REQUESTS else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Called for each attribute that is read."""
        return our_user if fullname in {f"{name}.user" for name in REQUESTS} else None


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return RequestPlugin
