"""A record is what was said once: nobody changes it under a cache, an act or a thread that holds it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from types import ModuleType

import pytest
from msgspec import Struct

from qpvdesk import domain, services, storage

FILLED = {
    "FormDraft": "a form is read field by field",
    "Merged": "what a merge counts as it goes",
    "Row": "a line is completed by what its blanks say",
    "Verdict": "what becomes of a package is gathered author by author",
    "_Content": "the cells of a column are counted",
    "Chains": "the end of each chain moves with its acts",
}
"""The records that are filled as something goes on, and by what."""


def records() -> Iterator[type]:
    for layer in (domain, services, storage):
        for module in _modules(layer):
            yield from (
                found
                for found in vars(module).values()
                if isinstance(found, type)
                and found.__module__ == module.__name__
                and (is_dataclass(found) or issubclass(found, Struct))
            )


def _modules(layer: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(layer.__path__, f"{layer.__name__}."):
        yield importlib.import_module(info.name)


def is_frozen(record: type) -> bool:
    if issubclass(record, Struct):
        return record.__struct_config__.frozen
    return record.__dataclass_params__.frozen  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    "record", list(records()), ids=lambda record: f"{record.__module__}.{record.__name__}"
)
def test_a_record_is_frozen_unless_it_is_filled_as_something_goes_on(record: type) -> None:
    assert is_frozen(record) is (record.__name__ not in FILLED)
