"""Dataclasses whose methods are written when the first one is made: writing those of all is a fifth of a start."""

from __future__ import annotations

import dataclasses
import types
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type | None = None, /, **said: Any) -> Any:
        """``dataclasses.dataclass``, late. One with slots becomes another class, so it is made at once."""
        if said.get("slots"):
            return dataclasses.dataclass(**said)
        return partial(_put_off, said=said) if cls is None else _put_off(cls, said)


def _put_off(cls: type, said: dict[str, Any]) -> type:
    for name in ("__init__", "__dataclass_fields__"):
        setattr(cls, name, Late(cls, name, said))
    return cls


class Late:
    """Stands in a class for what makes one of it, or for what tells of its fields, until somebody looks there."""

    _writing = RLock()  # the same one, for a class may be built on one that is late as well

    def __init__(self, cls: type, name: str, said: dict[str, Any]) -> None:
        self._class, self._name, self._said = cls, name, said

    def __get__(self, one: Any, _owner: type) -> Any:
        cls = self._class
        with self._writing:
            if isinstance(vars(cls)["__init__"], Late):
                _write(cls, self._said)
        found = vars(cls)[self._name]
        return types.MethodType(found, one) if one is not None and callable(found) else found


def _write(cls: type, said: dict[str, Any]) -> None:
    """Make the dataclass; what makes its instances is put in last, whole, for other threads wait to be let through."""
    cls.__doc__ = cls.__doc__ or cls.__name__  # else one would be made of what is not written yet
    dataclasses.dataclass(**said, init=False)(cls)
    fields = [(field.name, field.type, field) for field in dataclasses.fields(cls)]
    names = ("__module__", "__qualname__", "__doc__", "__post_init__")
    space = {name: getattr(cls, name) for name in names if hasattr(cls, name)}
    frozen = said.get("frozen", False)
    twin = dataclasses.make_dataclass(cls.__name__, fields, namespace=space, eq=False, repr=False, frozen=frozen)
    cls.__init__ = vars(twin)["__init__"]  # type: ignore[misc]
