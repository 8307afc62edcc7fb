"""The pages of money: quotas and batches, one of each with what it is made of, and the two forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights, require
from disaster.relief.funds import paying, pick, queries
from disaster.relief.funds.models import Account, PayBatch, PayLine, Quota, Voucher
from disaster.relief.funds.paying import Sums
from disaster.relief.needs.models import Programme
from gis.models import Area
from gis.scope import AreaScope, is_code

QUOTAS_A_PAGE, BATCHES_A_PAGE, LINES_A_PAGE, ENTRIES_A_PAGE = 30, 20, 50, 30
FIGURES: dict[str, Any] = {
    "received": _("下达"),
    "shifted": _("调出"),
    "free": _("可用"),
    "planned": _("计划安排"),
    "approved": _("待放行"),
    "flight": _("银行在途"),
    "paid": _("已到户"),
    "returned": _("已上缴"),
}
STANDINGS: dict[str, Any] = {
    pick.READY: _("可付款"),
    pick.NO_CARD: _("缺账号"),
    pick.REFUSED: _("退票待更正"),
    pick.NOTICE: _("公示未满"),
    pick.HELD: _("暂停发放"),
    pick.GONE: _("死亡、迁出"),
    pick.WAITING: _("已在付款批次"),
}


@desk_page("fund.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show quotas with where their money is, and the batches with their one next step."""
    scope, now = rights.where("fund.see"), timezone.now()
    quotas = Paginator(queries.quotas(scope), QUOTAS_A_PAGE).get_page(request.GET.get("quotas"))
    found = Paginator(paying.batches(scope), BATCHES_A_PAGE).get_page(request.GET.get("batches"))
    batches = list(found)
    sums = paying.sums_of([one.pk for one in batches], scope)
    return render(
        request,
        "funds/funds.html",
        {
            "page": quotas,
            "rows": queries.with_standing(quotas),
            "total": queries.total(queries.standings(scope=scope).values()),
            "batch_page": found,
            "batches": [
                (one, sums.get(one.pk, Sums()), paying.next_step(one, rights), paying.is_late(one, now))
                for one in batches
            ],
            "may_write": bool(rights.where("fund.write").prefixes),
        },
    )


@desk_page("fund.see")
def quota(request: HttpRequest, rights: Rights, quota_id: UUID) -> HttpResponse:
    """Show a quota, what makes up a figure (``?of=``), and its ledger."""
    found = queries.one_quota(quota_id, by=rights)
    ((_quota, standing),) = queries.with_standing([found])
    asked = request.GET.get("of", "")
    may_write = rights.may("fund.write", str(found.area_id))
    others = queries.quotas(AreaScope.of([str(found.area_id)])).filter(
        area=found.area, purpose=found.purpose, intent=found.intent
    )
    return render(
        request,
        "funds/quota.html",
        {
            "it": found,
            "standing": standing,
            "figures": [(name, title, getattr(standing, name)) for name, title in FIGURES.items()],
            "asked": asked,
            "asked_title": FIGURES.get(asked, ""),
            "pieces": queries.pieces(found, asked) if asked else [],
            "entries": _named(
                Paginator(queries.ledger(found), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
            ),
            "kept": urlencode({"of": asked} if asked else {}),
            "intent": Area.objects.filter(pk=found.intent).first() if found.intent else None,
            "others": list(others.exclude(pk=found.pk)) if may_write else [],
            "may_write": may_write,
        },
    )


@desk_page("fund.see")
def batch(request: HttpRequest, rights: Rights, batch_id: UUID) -> HttpResponse:
    """Show a batch with its payments and its one next step."""
    found = paying.one_batch(batch_id, by=rights)
    scope, area = rights.where("fund.see"), str(found.area_id)
    state = request.GET.get("state", "")
    if state and state not in PayLine.State.values:
        raise problems.NOT_FOUND()
    sums = paying.sums_of([found.pk], scope).get(found.pk, Sums())
    may_write = rights.may("fund.write", area)
    return render(
        request,
        "funds/batch.html",
        {
            "it": found,
            "sums": sums,
            "lines": Paginator(paying.lines(found, scope, state=state), LINES_A_PAGE).get_page(
                request.GET.get("page")
            ),
            "state": state,
            "kept": urlencode({"state": state} if state else {}),
            "states": PayLine.State.choices,
            "next": paying.next_step(found, rights),
            "is_late": paying.is_late(found, timezone.now()),
            "is_own": found.state == PayBatch.State.MADE and found.made_by_id == rights.person_id,
            "may_write": may_write,
            "may_take": may_write and found.state in PayBatch.SENT,
            "downloads": list(found.downloads.all()),
            "answers": list(found.answers.all()),
        },
    )


@desk_page("fund.write")
def enter_quota(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Enter a quota as its paper says."""
    areas = Area.objects.within(rights.where("fund.write")).defer("boundary")
    return render(
        request,
        "funds/quota_new.html",
        {
            "sources": Quota.Source.choices,
            "purposes": Programme.Kind.choices,
            "counties": list(areas.exclude(level__in=["township", "village"]).order_by("code")),
            "areas": areas.filter(level="township").order_by("code"),
            "today": timezone.localdate(),
        },
    )


@desk_page("fund.write")
def make_batch(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Choose what is to be paid, out of which quotas; ``?programme=`` and ``?area=`` narrow it."""
    programmes = list(
        Programme.objects.within(rights.where("fund.write")).filter(closed_at__isnull=True).defer("area")
    )
    asked = request.GET.get("programme", "")
    programme = next(
        (one for one in programmes if str(one.pk) == asked), programmes[0] if programmes else None
    )
    if programme is None:
        return render(request, "funds/batch_new.html", {"programmes": []})
    return render(
        request,
        "funds/batch_new.html",
        {"programmes": programmes, "programme": programme, **_choices(request, rights, programme)},
    )


def _named(page: Page[dict[str, Any]]) -> Page[dict[str, Any]]:
    """Say in words what the rows of a ledger are, and between which accounts."""
    accounts, kinds = dict(Account.Kind.choices), dict(Voucher.Kind.choices)
    for row in page.object_list:
        row["source"], row["target"] = accounts[row["source__kind"]], accounts[row["target__kind"]]
        row["title"] = kinds[row["kind"]]
    return page


def _choices(request: HttpRequest, rights: Rights, programme: Programme) -> dict[str, Any]:
    """Give the areas with what may be paid in them, and the quotas it may come from."""
    county = str(programme.area_id)
    asked = request.GET.get("area", "")
    if asked and not is_code(asked):
        raise problems.NOT_FOUND()
    if asked:
        require(rights, "fund.write", asked)
    within = AreaScope.of([asked or county])
    found = pick.tallies(programme.pk, within, on=timezone.localdate(), digits=12 if asked else 9)
    names = dict(Area.objects.filter(pk__in=found).values_list("pk", "name"))
    used = [name for name in STANDINGS if any(name in row for row in found.values())]
    shown = [name for name in STANDINGS if name == pick.READY or name in used]
    quotas = queries.quotas(AreaScope.of([county])).filter(area=county, purpose=programme.kind)
    return {
        "asked": Area.objects.filter(pk=asked).defer("boundary").first() if asked else None,
        "titles": [STANDINGS[name] for name in shown],
        "rows": [
            (code, names.get(code, code), [row.get(name, pick.Tally()) for name in shown])
            for code, row in found.items()
        ],
        "quotas": [row for row in queries.with_standing(quotas) if row.standing.free + row.standing.planned],
        "refused": _refused(programme, within) if pick.REFUSED in used else [],
    }


def _refused(programme: Programme, within: AreaScope) -> list[Any]:
    rows = pick.unpaid(programme.pk, within, on=timezone.localdate()).filter(standing=pick.REFUSED)
    return list(
        rows.select_related("application__household", "application__area").order_by("application__number")[
            :LINES_A_PAGE
        ]
    )
