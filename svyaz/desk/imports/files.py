"""Files on their way in and out: an upload is sealed as it comes; bad rows go out as CSV."""

import csv
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.permissions import needs
from svyaz.access.queries import rights_of
from svyaz.desk.imports.views import page_of_imports
from svyaz.desk.rendering import EmployeeRequest, see_other
from svyaz.exchange.actions.reading import UnreadableFile
from svyaz.exchange.actions.uploads import folder, receive_file
from svyaz.exchange.models import Import
from svyaz.exchange.permissions import ExchangePermission
from svyaz.exchange.queries import importable_areas
from svyaz.exchange.results import bad_rows_table, notices_table
from svyaz.lib.sealed import SealedWriter
from svyaz.places.models import Area

TOO_LARGE = gettext_lazy("The file is larger than {limit} MB: part it, or ask for the command line.")


class SealedUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that lies sealed in the state folder; nobody reads it here."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(file=None, name=name, size=size)
        self.path = path


class SealingHandler(FileUploadHandler):
    """Seals the file `file` as it comes: at no time does it lie on the disk in clear; stops at the limit."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.writer: SealedWriter | None = None
        self.path = Path()
        self.is_too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a sealed file; a second one or one under another name is refused."""
        super().new_file(*args, **kwargs)
        if self.field_name != "file" or self.writer is not None:
            raise StopUpload(connection_reset=False)
        self.path = folder() / f"{uuid.uuid4().hex}.sealed"
        self.writer = SealedWriter(self.path)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Seal what came; beyond the limit the rest is read and thrown away."""
        assert self.writer is not None
        self.writer.write(raw_data)
        if self.writer.size > settings.IMPORT_LIMIT_MB << 20:
            self.is_too_large = True
            self.throw_away()
            raise StopUpload(connection_reset=False)
        return None

    def file_complete(self, file_size: int) -> SealedUpload | None:
        """Close the sealed file."""
        if self.writer is None:
            return None
        self.writer.close()
        return SealedUpload(self.path, self.file_name or "file", self.writer.size)

    def upload_interrupted(self) -> None:
        """The connection broke: nothing of it stays."""
        if not self.is_too_large:
            self.throw_away()

    def throw_away(self) -> None:
        """Remove what was written."""
        if self.writer is not None:
            self.writer.abandon()
            self.path.unlink(missing_ok=True)


@csrf_exempt  # Reading the token would read the file before our handler is there; `_take` checks it.
@require_POST
@needs(ExchangePermission.IMPORT)
def upload(request: EmployeeRequest) -> HttpResponse:
    """Take a file in, sealed, and open an import for it."""
    handler = SealingHandler(request)
    request.upload_handlers = [handler]
    return _take(request, handler)


@csrf_protect
def _take(request: EmployeeRequest, handler: SealingHandler) -> HttpResponse:
    file = request.FILES.get("file")
    if handler.is_too_large:
        return page_of_imports(request, str(TOO_LARGE).format(limit=settings.IMPORT_LIMIT_MB), status=413)
    if not isinstance(file, SealedUpload):
        return page_of_imports(request, _("Choose a file first."), status=422)
    try:
        if not file.size:
            raise UnreadableFile(_("The file is empty."))
        batch = receive_file(
            stored=file.path.name, file_name=file.name or "file", size=file.size, by=request.user, at=now(),
            repairs=_repaired(request), area=_own_area(request),
        )  # fmt: skip
    except UnreadableFile as error:
        file.path.unlink(missing_ok=True)
        return page_of_imports(request, str(error), status=422)
    return see_other(reverse("desk:import", args=[batch.pk]))


def _repaired(request: EmployeeRequest) -> Import | None:
    number = request.POST.get("repairs", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found: Import | None = Import.objects.visible_to(request.user).filter(pk=int(number)).first()
    return found


def _own_area(request: EmployeeRequest) -> Area | None:
    """Return the area of who imports in one place only: customers whose row names none belong there."""
    if rights_of(request.user).areas[ExchangePermission.IMPORT] is None:
        return None
    return importable_areas(request.user).first()


class _Echo:
    """What csv.writer writes to: gives each line back."""

    def write(self, text: str) -> str:
        return text


def _csv(name: str, rows: Iterable[list[object]]) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        yield "\ufeff"
        writer = csv.writer(_Echo())
        yield from (writer.writerow(row) for row in rows)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@needs(ExchangePermission.READ)
def bad_rows(request: EmployeeRequest, import_id: int) -> StreamingHttpResponse:
    """Give the rows that stayed out, with line, field and reason: repaired, they can be imported as they are."""
    batch = get_object_or_404(Import.objects.visible_to(request.user), pk=import_id)
    return _csv(f"import-{batch.pk}-bad-rows.csv", bad_rows_table(batch))


@require_safe
@needs(ExchangePermission.READ)
def notices(request: EmployeeRequest, import_id: int) -> StreamingHttpResponse:
    """Give what there is to know of the rows that came in."""
    batch = get_object_or_404(Import.objects.visible_to(request.user), pk=import_id)
    return _csv(f"import-{batch.pk}-notices.csv", notices_table(batch))
