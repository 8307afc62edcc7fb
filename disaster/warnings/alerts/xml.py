"""From bytes to checked elements. Pure: no Django here.

The bytes come from outside. They are limited in size and depth; a document type, an entity
or an address to be fetched is refused; and the schema decides before anything is read out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import xmlschema
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from disaster import problems
from disaster.problems import FieldError, Words

MAX_BYTES = 1024 * 1024
"""A national alert with all its polygons is some tens of kilobytes."""
MAX_DEPTH = 30
CAP = "urn:oasis:names:tc:emergency:cap:1.2"
SCHEMA = Path(__file__).parent.parent / "schema"

AGAINST_SCHEMA = Words("不符合 {standard}:{reason}", "Against {standard}: {reason}")
NO_ALERT = Words(
    "根元素须为 CAP 1.2 或 GB/T 35965.1 的 alert", "The root must be an alert of CAP 1.2 or GB/T 35965.1"
)
STANDARDS = {"cap": "CAP 1.2", "gbt": "GB/T 35965.1"}
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    # One superset for the three: what is declared GB2312 is often GBK in truth.
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "utf-16": "utf-16",
}


def read(data: bytes) -> tuple[str, Element]:
    """Give the standard (``cap`` or ``gbt``) and the checked root, its names without CAP's namespace.

    Raises
    ------
    Problem
        413.1 too large, 422.1 no readable XML, 422.2 hostile XML, 422.3 against the schema;
        the last names each element that is wrong by its path.
    """
    if len(data) > MAX_BYTES:
        raise problems.TOO_LARGE(limit=f"{MAX_BYTES // 1024} KB")
    root = _parse(_text(data))
    _measure(root)
    standard = _standard(root)
    if standard == "gbt":
        _bare(root)
    _validate(root, standard)
    _bare(root)
    return standard, root


def _text(data: bytes) -> str:
    """Decode by the byte order mark, else as declared, else UTF-8; never by guessing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        codec = "utf-8-sig"
    else:
        declared = _ENCODING.match(data[:400])
        name = declared[1].decode().lower() if declared else "utf-8"
        if name not in _CODECS:
            raise problems.ALERT_NOT_XML(why=f"encoding {name}")
        codec = _CODECS[name]
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise problems.ALERT_NOT_XML(why=f"{codec}: byte {error.start}") from None
    return _DECLARATION.sub("", text, count=1)


def _parse(text: str) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise problems.ALERT_HOSTILE(why=type(error).__name__) from None
    except (ParseError, ValueError) as error:
        raise problems.ALERT_NOT_XML(why=str(error)) from None
    return root


def _measure(root: Element) -> None:
    """Refuse what is nested too deep to be an alert, before anything recurses into it."""
    layer = [root]
    for _ in range(MAX_DEPTH):
        layer = [child for parent in layer for child in parent]
        if not layer:
            return
    raise problems.ALERT_HOSTILE(why="depth")


def _standard(root: Element) -> str:
    space, _, name = root.tag.rpartition("}")
    own = f"{space}}}" if space else ""
    if name == "alert" and root.find(f"{own}sendTime") is not None and space in {"", f"{{{CAP}"}:
        return "gbt"
    if root.tag == f"{{{CAP}}}alert":
        return "cap"
    raise problems.ALERT_INVALID({"alert": FieldError(NO_ALERT)})


def _bare(root: Element) -> None:
    for element in root.iter():
        if element.tag.startswith(f"{{{CAP}}}"):
            element.tag = element.tag.partition("}")[2]


def _validate(root: Element, standard: str) -> None:
    errors: dict[str, FieldError] = {}
    for error in _schema(standard).iter_errors(root):
        where = short(error.path or "alert")
        reason = (error.reason or "").replace(f"{{{CAP}}}", "")
        errors.setdefault(
            where, FieldError(AGAINST_SCHEMA, {"standard": STANDARDS[standard], "reason": reason[:200]})
        )
        if len(errors) >= 20:
            break
    if errors:
        raise problems.ALERT_INVALID(errors)


def short(path: str) -> str:
    """Give an element's path as a person writes it.

    >>> short("/{urn:oasis:names:tc:emergency:cap:1.2}alert/info[2]/severity")
    'info[2]/severity'
    """
    bare = re.sub(r"\{[^}]*\}|[A-Za-z0-9]+:", "", path).lstrip("/")
    return bare.removeprefix("alert/") or "alert"


@cache
def _schema(standard: str) -> xmlschema.XMLSchemaBase:
    if standard == "gbt":
        return xmlschema.XMLSchema11(str(SCHEMA / "gbt-35965.1.xsd"), allow="local")
    return xmlschema.XMLSchema(str(SCHEMA / "cap-1.2.xsd"), allow="local")
