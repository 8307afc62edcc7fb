"""A briefing's files: each form from the same frozen content and the same ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from disaster import problems
from disaster.briefings import content as contents
from disaster.briefings.content import Content
from disaster.briefings.maps import ground, interactive, printed, public
from disaster.briefings.maps.ground import Ground
from disaster.briefings.maps.sheet import Marks
from disaster.briefings.models import Briefing
from disaster.briefings.render import pdf, slides, word, words, workbook
from disaster.briefings.render.pdf import Issue, Picture
from disaster.rules import book

SOURCE = "底图:本系统区划、道路与危险区数据"
OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS: dict[str, tuple[str, str]] = {
    "pdf": ("pdf", "application/pdf"),
    "docx": ("docx", f"{OFFICE}.wordprocessingml.document"),
    "xlsx": ("xlsx", f"{OFFICE}.spreadsheetml.sheet"),
    "pptx": ("pptx", f"{OFFICE}.presentationml.presentation"),
    "map": ("html", "text/html; charset=utf-8"),
}
"""Form → ending and media type."""
Draw = Callable[[Ground, Marks, str], bytes]


class File(NamedTuple):
    """A file to be handed out."""

    name: str
    media_type: str
    data: bytes


def render(briefing: Briefing, form: str, *, link: str) -> File:
    """Give a briefing as one of :data:`FORMS`.

    Raises
    ------
    KeyError
        For a form that is none.
    """
    ending, media_type = FORMS[form]
    content, issue = contents.decode(bytes(briefing.content)), issue_of(briefing, link)
    if form == "xlsx":
        data = workbook.render(content, issue)
    elif form == "map":
        data = interactive.render(content, _ground(briefing), what=mapped(content), link=link)
    else:
        pictures = [Picture(title, png) for title, png in maps(content, _ground(briefing), issue)]
        data = {"pdf": pdf.render, "docx": word.render, "pptx": slides.render}[form](content, issue, pictures)
    return File(f"{content.title}(第{briefing.serial}期).{ending}", media_type, data)


def print_map(briefing: Briefing, which: int, *, size: str, link: str) -> File:
    """Give one printed map as a PNG of a paper size; ``which`` counts from 0.

    Raises
    ------
    IndexError
        If there are not so many.
    """
    content = contents.decode(bytes(briefing.content))
    title, draw = list(drawings(content))[which]
    issue = issue_of(briefing, link)
    png = draw(_ground(briefing), _marks(content, issue, title), size)
    return File(f"{content.subject}-{title}-{size}.png", "image/png", png)


def public_map(briefing: Briefing, which: int, *, size: str) -> File:
    """Give one map for the public as a PNG of a paper size, with its 审图号; ``which`` counts from 0.

    Raises
    ------
    Problem
        409.90 where no 审图号 is set.
    IndexError
        If there are not so many.
    """
    number = approval(briefing)
    content = contents.decode(bytes(briefing.content))
    title, draw = list(public_drawings(content))[which]
    marks = _marks(content, issue_of(briefing, ""), title)._replace(secrecy=f"审图号:{number}")
    png = draw(public.ground(_ground(briefing)), marks, size)
    return File(f"{content.subject}-{title}-公开版-{size}.png", "image/png", png)


def public_page(briefing: Briefing) -> File:
    """Give the interactive map for the public; 409.90 where no 审图号 is set."""
    number = approval(briefing)
    content = public.content(contents.decode(bytes(briefing.content)), least=_least())
    here = public.ground(_ground(briefing))
    data = interactive.render(content, here, what=mapped(content), link="", mark=f"审图号:{number}")
    return File(f"{content.subject}-公开版.html", FORMS["map"][1], data)


def approval(briefing: Briefing) -> str:
    """Give the 审图号 in force for a briefing's area today; 409.90 where there is none."""
    number = str(book.value("map.approval", area=str(briefing.area_id))).strip()
    if not number:
        raise problems.NO_MAP_APPROVAL()
    return number


def public_drawings(content: Content) -> Iterator[tuple[str, Draw]]:
    """Name the maps the public may have, with how each is drawn."""
    title = "需救助人口分布图" if content.kind == "relief" else "灾情分布图"
    yield title, _by_township(content)
    yield "危险区与避难场所分布图", printed.exposure
    yield "道路与断路图", printed.roads


def _by_township(content: Content) -> Draw:
    """Add up only when it is drawn: a page that lists the maps needs their titles alone."""

    def draw(here: Ground, marks: Marks, size: str) -> bytes:
        values = public.by_township(content.moments[-1].values, least=_least())
        return printed.situation(here, values, mapped(content), marks, size)

    return draw


def _least() -> int:
    return int(book.value("public.least"))


def maps(content: Content, here: Ground, issue: Issue) -> Iterator[tuple[str, bytes]]:
    """Draw every printed map of a briefing."""
    for title, draw in drawings(content):
        yield title, draw(here, _marks(content, issue, title), "A4")


def drawings(content: Content) -> Iterator[tuple[str, Draw]]:
    """Name the maps of a content with how each is drawn."""
    if content.kind == "relief":
        yield from _of_relief(content)
        return
    by_village = next(one for one in content.tables if one.is_annex or len(content.tables) == 1)
    total = content.tables[0]
    for key, title in (("affected", "灾情分布图"), ("relocated", "紧急转移安置分布图")):
        name = next(f"{one.zh}({one.unit})" for one in by_village.columns if one.key == key)
        values = total.column(key) | by_village.column(key)
        yield title, _situation(values, name)
    yield "危险区与受威胁村分布图", printed.exposure
    spoke = {row.area: 1 for row in by_village.rows}
    yield "报告接收情况图", lambda here, marks, size: printed.received(here, spoke, marks, size)
    yield "道路与断路图", printed.roads


def _of_relief(content: Content) -> Iterator[tuple[str, Draw]]:
    by_village = next(one for one in content.tables if one.is_annex or len(content.tables) == 1)
    persons = content.tables[0].column("persons") | by_village.column("persons")
    yield "需救助人口分布图", _situation(persons, "需救助人口(人)")
    for column in by_village.columns:
        item, _, part = column.key.rpartition(".")
        if part == "granted" and any(by_village.column(column.key).values()):
            granted, settled = (by_village.column(f"{item}.{one}") for one in ("granted", "settled"))
            yield (
                f"{column.zh.removesuffix('核准')}核准与到户对照图",
                _delivered(granted, settled, column.unit),
            )
    yield "道路与断路图", printed.roads


def _delivered(granted: Mapping[str, Decimal], settled: Mapping[str, Decimal], unit: str) -> Draw:
    return lambda here, marks, size: printed.delivered(here, granted, settled, unit, marks, size)


def _situation(values: Mapping[str, Decimal], name: str) -> Draw:
    return lambda here, marks, size: printed.situation(here, values, name, marks, size)


def mapped(content: Content) -> str:
    """Name the figure maps show first, with its unit."""
    column = next(one for one in content.tables[0].columns if one.key == content.mapped)
    return f"{column.zh}({column.unit})"


def issue_of(briefing: Briefing, link: str) -> Issue:
    """Give what stands around a briefing's content."""
    day = briefing.made_at.astimezone(book.BEIJING).date()
    area = str(briefing.area_id)
    return Issue(
        head=str(book.value(f"briefing.head.{briefing.kind}", on=day, area=area)),
        year=briefing.year,
        serial=briefing.serial,
        issuer=str(book.value("briefing.issuer", on=day, area=area)),
        signer=briefing.signer,
        link=link,
        digest=briefing.digest,
    )


def _ground(briefing: Briefing) -> Ground:
    return ground.at(briefing.area, briefing.as_of)


def _marks(content: Content, issue: Issue, title: str) -> Marks:
    return Marks(
        title=f"{content.area_name}{title}",
        cutoff=f"统计截至 {words.moment(content.as_of)}　{words.basis(content)}",
        source=SOURCE,
        secrecy=words.SECRECY,
        issuer=issue.issuer,
    )
