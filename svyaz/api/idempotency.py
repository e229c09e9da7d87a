"""A request with an Idempotency-Key is done once, however often it is sent."""

import hashlib
import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from svyaz.api.auth import caller_of
from svyaz.api.errors import ApiError, BadRequest
from svyaz.api.models import IdempotencyKey

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def answer_once(request: HttpRequest, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Do a request in one transaction with the record of its key; a key that is known is answered as it was then.

    Two that come at once with one key both try; the second's record is refused, its work is undone, and it is answered
    as the first one was.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return do()
    if not _KEY.fullmatch(key):
        raise BadRequest("Idempotency-Key", "must be 1 to 200 visible ASCII characters")
    digest = hashlib.sha256(b"\n".join((str(request.method).encode(), request.path.encode(), request.body))).hexdigest()
    return _known(request, key, digest) or _done(request, key, digest, do)


def _known(request: HttpRequest, key: str, digest: str) -> HttpResponse | None:
    known = IdempotencyKey.objects.visible_to(request.user).filter(key=key).first()
    if known is None:
        return None
    if known.digest != digest:
        raise ApiError(422, "idempotencyKeyReused", "Idempotency-Key: was used for another request")
    response = HttpResponse(known.body, status=known.status, content_type="application/json")
    if known.location:
        response["Location"] = known.location
    response["Idempotent-Replayed"] = "true"
    return response


def _done(request: HttpRequest, key: str, digest: str, do: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        with transaction.atomic():
            response = do()
            IdempotencyKey(
                user_id=caller_of(request).user.pk, key=key, digest=digest, status=response.status_code,
                location=response.get("Location", ""), body=response.content.decode(), created_at=now(),
            ).save(force_insert=True)  # fmt: skip
    except IntegrityError:
        known = _known(request, key, digest)
        if known is None:
            raise
        return known
    return response
