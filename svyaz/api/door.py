"""The API as a whole: its resources, who may call, how it answers errors, and its OpenAPI document."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from svyaz.access.permissions import public
from svyaz.api import customer360, customers, decisions, interactions, merges, references, search
from svyaz.api.auth import BearerToken
from svyaz.api.bodies import StrictParser
from svyaz.api.errors import answer_errors

api = NinjaAPI(
    title="Svyaz",
    version="1.0.0",
    description="TM Forum Open APIs, version 4, and under /svyaz/v1/ what TM Forum has no resource for.",
    urls_namespace="tmf",
    docs_url=None,
    openapi_url=None,
    auth=BearerToken(),
    parser=StrictParser(),
)
answer_errors(api)
api.add_router("/svyaz/v1", customer360.router)
api.add_router("/svyaz/v1", decisions.router)
api.add_router("/svyaz/v1", merges.router)
api.add_router("/svyaz/v1", search.router)
api.add_router("", references.router)
api.add_router("/customerManagement/v4", customers.router)
api.add_router("/partyInteractionManagement/v4", interactions.router)


def addresses() -> list[URLPattern | URLResolver]:
    """Return the addresses of the resources, without the page that the library would put at the root."""
    return [entry for entry in api.urls[0] if getattr(entry, "name", "") != "api-root"]


@cache
def document() -> bytes:
    """Return the OpenAPI document."""
    schema = api.get_openapi_schema(path_prefix="/tmf-api/")
    return json.dumps(schema, ensure_ascii=False).encode()


@public
@require_GET
def openapi_json(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI document: it tells what can be asked and nothing of the base, so anyone may read it."""
    return HttpResponse(document(), content_type="application/json")
