"""Asking other systems for alerts over HTTP: little at a time, only for news, never what is no address."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_BYTES = 4 * 1024 * 1024
TIMEOUT_S = 20
MAX_ENTRIES = 200
"""The newest of an index; older ones have run out."""
ATOM = "{http://www.w3.org/2005/Atom}"
CAP_TYPE = "application/cap+xml"


class Unreachable(Exception):  # noqa: N818 - a state of the line, told to the administrator
    """An address gave nothing usable."""


class Answer(NamedTuple):
    """What an address gave, and the marks to ask for news by."""

    data: bytes
    etag: str
    modified: str


class Entry(NamedTuple):
    """One alert of an index, and the mark of its version."""

    url: str
    version: str


def get(url: str, *, etag: str = "", modified: str = "") -> Answer | None:
    """Fetch an address; None where there is nothing new.

    Raises
    ------
    Unreachable
        If it is no http address, does not answer, or gives too much.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Unreachable(f"no http address: {url}")
    headers = {"Accept": f"{CAP_TYPE}, application/atom+xml, application/rss+xml, application/xml"}
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was looked at
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
            data = _read(response)
            marks = response.headers
    except urllib.error.HTTPError as error:
        if error.code == http.client.NOT_MODIFIED:
            return None
        raise Unreachable(f"HTTP {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(str(error)) from None
    if len(data) > MAX_BYTES:
        raise Unreachable("too large")
    return Answer(data, marks.get("ETag", ""), marks.get("Last-Modified", ""))


def _read(response: http.client.HTTPResponse) -> bytes:
    """Read the whole, but not for ever: a line that drips is as good as none."""
    until, pieces, size = time.monotonic() + TIMEOUT_S, [], 0
    while piece := response.read1(65_536):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_BYTES:
            raise Unreachable("too large")
        if time.monotonic() > until:
            raise Unreachable("too slow")
    return b"".join(pieces)


def entries(data: bytes, url: str) -> list[Entry] | None:
    """Give the alerts an Atom or RSS index links to; None where it is no index.

    Links to other hosts are left out: nobody may send this server anywhere else.
    """
    try:
        root = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None  # whoever reads it as an alert says what is wrong with it
    if root.tag == f"{ATOM}feed":
        found = [_atom(entry, url) for entry in root.findall(f"{ATOM}entry")]
    elif root.tag in {"rss", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"}:
        found = [_rss(item, url) for item in root.iter() if item.tag.rpartition("}")[2] == "item"]
    else:
        return None
    host = urlsplit(url).netloc
    own = [entry for entry in found if urlsplit(entry.url).netloc == host and len(entry.url) <= 1000]
    return own[:MAX_ENTRIES]


def _atom(entry: Element, base: str) -> Entry:
    links = entry.findall(f"{ATOM}link")
    typed = [link for link in links if link.get("type") == CAP_TYPE]
    plain = [link for link in links if link.get("rel", "alternate") == "alternate"]
    link = next(iter(typed or plain or links), None)
    href = link.get("href", "") if link is not None else ""
    return Entry(urljoin(base, href), (entry.findtext(f"{ATOM}updated") or "")[:100])


def _rss(item: Element, base: str) -> Entry:
    def text(name: str) -> str:
        return next((child.text or "" for child in item if child.tag.rpartition("}")[2] == name), "").strip()

    return Entry(urljoin(base, text("link") or text("guid")), (text("pubDate") or text("date"))[:100])
