"""What the API says of itself: landing page, conformance, collections, and its OpenAPI description."""

from __future__ import annotations

from typing import Any

from gis.locate import CHINA
from gis.ogc import collections
from gis.ogc.collections import Collection
from gis.ogc.crs import CRS84, KNOWN
from gis.ogc.params import LIMIT, MOST

GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
]
_TITLE = ("灾情一张图:地理要素服务", "Disaster map: geographic features")


def landing(root: str, language: str) -> dict[str, Any]:
    """Give the landing page; ``root`` is its address without the last stroke."""
    return {
        "title": _TITLE[language.startswith("en")],
        "description": "OGC API – Features",
        "links": [
            link(f"{root}/", "self"),
            link(f"{root}/api", "service-desc", OPENAPI),
            link(f"{root}/conformance", "conformance"),
            link(f"{root}/collections", "data"),
        ],
    }


def listed(root: str, language: str) -> dict[str, Any]:
    """Give all collections."""
    return {
        "links": [link(f"{root}/collections", "self")],
        "crs": list(KNOWN),
        "collections": [collection(one, root, language) for one in collections.all()],
    }


def collection(one: Collection, root: str, language: str) -> dict[str, Any]:
    """Give one collection. Its extent is China: nothing is kept that lies outside."""
    own = f"{root}/collections/{one.name}"
    return {
        "id": one.name,
        "title": one.title(language),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [list(CHINA)], "crs": CRS84.uri}},
        "crs": list(KNOWN),
        "storageCrs": CRS84.uri,
        "links": [
            link(own, "self"),
            {**link(f"{own}/items", "items", GEOJSON), "title": one.title(language)},
        ],
    }


def link(href: str, rel: str, kind: str = "application/json") -> dict[str, str]:
    """Give a link."""
    return {"href": href, "rel": rel, "type": kind}


def openapi(root: str, language: str) -> dict[str, Any]:
    """Describe every address."""
    paths: dict[str, Any] = {
        "/": {"get": _operation("landing", [])},
        "/conformance": {"get": _operation("conformance", [])},
        "/collections": {"get": _operation("collections", [])},
    }
    for one in collections.all():
        own, title = f"/collections/{one.name}", one.title(language)
        paths[own] = {"get": _operation(f"{one.name}.collection", [], title)}
        paths[f"{own}/items"] = {
            "get": _operation(f"{one.name}.items", _asked(one, language), title, GEOJSON)
        }
        key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
        paths[f"{own}/items/{{key}}"] = {"get": _operation(f"{one.name}.item", [key, _CRS], title, GEOJSON)}
    return {
        "openapi": "3.0.3",
        "info": {"title": _TITLE[language.startswith("en")], "version": "1"},
        "servers": [{"url": root}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(
    name: str, parameters: list[Any], title: str = "", kind: str = "application/json"
) -> dict[str, Any]:
    refused = {str(status): {"description": words} for status, words in _REFUSED.items()}
    return {
        "operationId": name,
        "summary": title or name,
        "parameters": parameters,
        "responses": {
            "200": {"description": "OK", "content": {kind: {"schema": {"type": "object"}}}},
            **refused,
        },
    }


_REFUSED = {400: "A parameter can't be read", 401: "No token, or one that ended", 404: "Not found"}
_CRS = {"name": "crs", "in": "query", "schema": {"type": "string", "enum": list(KNOWN), "default": CRS84.uri}}


def _asked(one: Collection, language: str) -> list[dict[str, Any]]:
    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    return [
        {"name": "bbox", "in": "query", "explode": False, "style": "form", "schema": numbers},
        {**_CRS, "name": "bbox-crs"},
        _CRS,
        {"name": "datetime", "in": "query", "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "explode": False, "style": "form", "schema": limit},
        {"name": "after", "in": "query", "schema": {"type": "string"}},
        *(
            {
                "name": name,
                "in": "query",
                "description": each.en if language.startswith("en") else each.zh,
                "schema": {"type": "string"},
            }
            for name, each in one.fields.items()
        ),
    ]
