"""Recording who opened which card, and reviewing it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from svyaz.access.events import AccessEvent
from svyaz.access.models import Opening, OpeningQuestion
from svyaz.history.actions import record
from svyaz.users.models import User

OPEN_FOR = timedelta(hours=12)


class OpeningAlreadyReviewed(Exception):
    """The opening was reviewed before."""


class QuestionIsEmpty(Exception):
    """A question, like its answer, needs words."""


class QuestionWaits(Exception):
    """The employee was asked already and has not answered yet."""


class NotAsked(Exception):
    """Only who opened the card answers."""


class AlreadyAnswered(Exception):
    """The question was answered before."""


class OwnOpening(Exception):
    """Nobody reviews the cards that he opened himself."""


def record_opening(
    *, party_id: int, basis: str, by: User, at: datetime, reason: str = "", door: str = Opening.Door.DESK
) -> Opening:
    """Record that a card was opened; an identifier or a contact by that opens the relationship for twelve hours."""
    opens = basis in {Opening.Basis.IDENTIFIER, Opening.Basis.CONTACT}
    opens_until = at + OPEN_FOR if opens else None
    return Opening.objects.create(
        party_id=party_id, basis=basis, by=by, at=at, reason=reason, door=door, opens_until=opens_until
    )


def record_openings(openings: Iterable[Opening]) -> None:
    """Record a batch of openings that a door has gathered."""
    Opening.objects.bulk_create(openings)


@transaction.atomic
def review_opening(*, opening: Opening, is_justified: bool, by: User, at: datetime, note: str = "") -> Opening:
    """Say whether a card was rightly opened beyond the area; raise OwnOpening or OpeningAlreadyReviewed."""
    opening = Opening.objects.select_for_update().get(pk=opening.pk)
    if opening.by_id == by.pk:
        raise OwnOpening(opening)
    if opening.reviewed_at is not None:
        raise OpeningAlreadyReviewed(opening)
    opening.reviewed_by, opening.reviewed_at = by, at
    opening.is_justified, opening.review_note = is_justified, note
    opening.save(update_fields=["reviewed_by", "reviewed_at", "is_justified", "review_note"])
    record(
        AccessEvent.OPENING_REVIEWED, subject=opening, party_id=opening.party_id, by=by, at=at,
        is_justified=is_justified, note=note,
    )  # fmt: skip
    return opening


@transaction.atomic
def ask_about_opening(*, opening: Opening, question: str, by: User, at: datetime) -> OpeningQuestion:
    """Ask the employee who opened a card why; the opening goes on waiting for its review.

    Raises OwnOpening, OpeningAlreadyReviewed, QuestionIsEmpty, QuestionWaits.
    """
    opening = Opening.objects.select_for_update().get(pk=opening.pk)
    if opening.by_id == by.pk:
        raise OwnOpening(opening)
    if opening.reviewed_at is not None:
        raise OpeningAlreadyReviewed(opening)
    if opening.questions.filter(answered_at__isnull=True).exists():
        raise QuestionWaits(opening)
    asked = OpeningQuestion.objects.create(opening=opening, question=_words(question), asked_by=by, asked_at=at)
    record(
        AccessEvent.OPENING_ASKED_ABOUT, subject=opening, party_id=opening.party_id, by=by, at=at,
        asked=opening.by_id, question=asked.question,
    )  # fmt: skip
    return asked


@transaction.atomic
def explain_opening(*, question: OpeningQuestion, answer: str, by: User, at: datetime) -> OpeningQuestion:
    """Answer a question about a card that one opened. Raises NotAsked, AlreadyAnswered, QuestionIsEmpty."""
    question = OpeningQuestion.objects.select_for_update(of=("self",)).select_related("opening").get(pk=question.pk)
    if question.opening.by_id != by.pk:
        raise NotAsked(question)
    if question.answered_at is not None:
        raise AlreadyAnswered(question)
    question.answer, question.answered_at = _words(answer), at
    question.save(update_fields=["answer", "answered_at"])
    record(
        AccessEvent.OPENING_EXPLAINED, subject=question.opening, party_id=question.opening.party_id, by=by, at=at,
        asked_by=question.asked_by_id, answer=question.answer,
    )  # fmt: skip
    return question


def _words(text: str) -> str:
    words = " ".join(text.replace("\x00", "").split())[:300]
    if not words:
        raise QuestionIsEmpty
    return words
