"""What the desk itself keeps: saved views, work on many rows, drafts of contacts, whom one looked at last."""

from svyaz.desk.models.bulk import BulkRow, BulkRun
from svyaz.desk.models.drafts import Draft, forget_drafts, remove_drafts_of
from svyaz.desk.models.recents import Recent, forget_recents, note_recent, remove_recents_of
from svyaz.desk.models.saved_view import SavedView

__all__ = [
    "BulkRow",
    "BulkRun",
    "Draft",
    "Recent",
    "SavedView",
    "forget_drafts",
    "forget_recents",
    "note_recent",
    "remove_drafts_of",
    "remove_recents_of",
]
