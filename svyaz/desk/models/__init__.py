"""What the desk keeps for the people who sit at it: their views of lists, and the work they gave to many rows."""

from svyaz.desk.models.bulk import BulkRow, BulkRun
from svyaz.desk.models.saved_view import SavedView

__all__ = ["BulkRow", "BulkRun", "SavedView"]
