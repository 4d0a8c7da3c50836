"""Editing the contract: what can be changed, by which form, and what each combination means."""

from qpvdesk.services.editing.forms import FORMS, EditField, EditForm, Input, options

__all__ = ["FORMS", "EditField", "EditForm", "Input", "options"]
