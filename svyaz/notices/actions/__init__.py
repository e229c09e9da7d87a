"""What is done about notices: giving, reading, choosing what to hear; coming to a desk or a card and leaving it."""

from svyaz.notices.actions.choose import save_quiet_hours, save_setting
from svyaz.notices.actions.give import give_notices, release_held
from svyaz.notices.actions.presence import (
    arrive_at_card,
    arrive_at_desk,
    forget_the_silent,
    leave_card,
    leave_desk,
    still_at_cards,
)
from svyaz.notices.actions.read import forget_old_notices, mark_read, mark_unread

__all__ = [
    "arrive_at_card", "arrive_at_desk", "forget_old_notices", "forget_the_silent", "give_notices", "leave_card",
    "leave_desk", "mark_read", "mark_unread", "release_held", "save_quiet_hours", "save_setting", "still_at_cards",
]  # fmt: skip
