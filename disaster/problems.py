"""The catalogue of errors: number, words in Chinese and English, HTTP status.

A problem is told in the reader's language and names the field it is about. The whole
part of a number is the HTTP status; a retired number stays, so that an old phone's
report of it can still be understood. This module knows nothing of Django.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in the two languages of the product; ``{name}`` marks parameters, which may be words."""

    zh: str
    en: str

    def say(self, language: str, params: dict[str, Any] | None = None) -> str:
        """Say the sentence in ``language`` ("en…" is English, all else Chinese)."""
        text = self.en if language.startswith("en") else self.zh
        if not params:
            return text
        said = {name: one.say(language) if isinstance(one, Words) else one for name, one in params.items()}
        return text.format(**said)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field.

    ``soft`` errors may be confirmed by the sender with a note under ``check``'s key
    (the 提示 of the statutory checks); hard ones have to be corrected.
    """

    words: Words
    params: dict[str, Any] = field(default_factory=dict)
    soft: bool = False
    check: str = ""

    def say(self, language: str) -> str:
        """Say the error in ``language``."""
        return self.words.say(language, self.params)


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue. Call it to make the exception."""

    number: str
    words: Words

    @property
    def status(self) -> int:
        """The HTTP status: the whole part of the number."""
        return int(self.number.split(".")[0])

    def __call__(
        self,
        errors: dict[str, FieldError] | None = None,
        retry_after_s: float | None = None,
        **params: Any,
    ) -> Problem:
        """Make the exception with its field errors and parameters."""
        return Problem(self, params, errors or {}, retry_after_s)


class Problem(Exception):  # noqa: N818 - a problem is an answer, not a crash
    """A refusal that can be explained to the person who asked."""

    def __init__(
        self,
        kind: Kind,
        params: dict[str, Any] | None = None,
        errors: dict[str, FieldError] | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(kind.number, kind.words.en)
        self.kind = kind
        self.params = params or {}
        self.errors = errors or {}
        self.retry_after_s = retry_after_s

    def message(self, language: str) -> str:
        """Say the problem in ``language``."""
        return self.kind.words.say(language, self.params)

    def told(self, language: str) -> dict[str, Any]:
        """Give the body that HTTP and the socket send alike."""
        body: dict[str, Any] = {
            "number": self.kind.number,
            "message": self.message(language),
            "errors": {name: error.say(language) for name, error in self.errors.items()},
        }
        soft = {name: error.check for name, error in self.errors.items() if error.soft}
        if soft:
            body["confirm"] = soft
        if self.retry_after_s is not None:
            body["retry_after_s"] = round(self.retry_after_s, 3)
        return body


CATALOGUE: dict[str, Kind] = {}


def _problem(number: str, zh: str, en: str) -> Kind:
    if number in CATALOGUE:
        raise ValueError(f"problem {number} stands twice in the catalogue")
    CATALOGUE[number] = kind = Kind(number, Words(zh, en))
    return kind


NOT_JSON = _problem("400.1", "数据格式不对,无法读取", "The message is not readable JSON")
BAD_FIELDS = _problem("400.2", "有内容需要改正", "Some fields need correcting")
NEEDS_NOTE = _problem("400.3", "有内容请核实并说明", "Some fields need a second look and a note")
UNKNOWN_MESSAGE = _problem("400.4", "不认识的消息类型", "This kind of message is unknown")
NOT_A_PICTURE = _problem(
    "400.5",
    "这个文件不是 JPEG、PNG 或 WebP 照片(HEIC 请先转换)",
    "This file is no JPEG, PNG or WebP picture (convert HEIC first)",
)
WRONG_HASH = _problem("400.6", "照片传输不完整,请重传", "The photo did not arrive whole; send it again")
BAD_UPLOAD = _problem("400.7", "上传的内容无法读取", "The upload can't be read")
NOT_A_VOICE = _problem("400.8", "这个文件不是录音", "This file is no recording")
BAD_ANSWER = _problem(
    "400.30",
    "回盘文件没有读入,有 {rows} 处不对;一处不对就整份不读",
    "The bank's answer was not taken over: {rows} places are wrong, and it is all or nothing",
)
SIGN_IN_FIRST = _problem("401.1", "请先登录", "Sign in first")
WRONG_PASSWORD = _problem("401.2", "账号或密码不对", "The name or the password is wrong")
STALE_PAGE = _problem(
    "401.3", "页面已过期,请刷新或重新登录", "This page has expired; reload it or sign in again"
)
BAD_TOKEN = _problem("401.4", "令牌无效或已停用", "The token is unknown or was revoked")
NOT_ALLOWED = _problem("403.1", "您的岗位不能做这件事", "Your role does not allow this")
FOREIGN_ORIGIN = _problem("403.2", "来源网址不被允许", "This origin is not allowed")
NOT_FOUND = _problem("404.1", "没有找到", "Not found")
ID_REUSED = _problem("409.1", "同一编号已有不同内容", "This id already has other content")
NOT_OPEN = _problem("409.2", "{number} 的状态不允许这样处理", "{number} is not in a state for this")
HELD = _problem(
    "409.3",
    "{name} 正在审核,至 {until};可以接手",
    "{name} is reviewing this until {until}; you may take over",
)
ENTERED_ALREADY = _problem(
    "409.4",
    "这个身份证号在本过程的台账中已有记录:{name}({area}),编号 {number}",
    "The register of this event already has this identity number: {name} ({area}), number {number}",
)
CHANGED_MEANWHILE = _problem(
    "409.5",
    "这条记录刚被 {name} 修改,请刷新后再改",
    "{name} has just changed this row; reload it before changing it",
)
WRONG_OFFSET = _problem(
    "409.6", "已收到 {offset} 字节,请从那里续传", "{offset} bytes have arrived; go on from there"
)
SHELTER_FULL = _problem(
    "409.7",
    "{name} 容量 {capacity} 人,现有 {occupancy} 人,再入住 {persons} 人将超员;确需入住请写明超员原因",
    "{name} holds {capacity}, has {occupancy}; {persons} more are too many. Give a reason to go beyond",
)
NOT_SO_MANY = _problem(
    "409.8",
    "{name} 现有 {occupancy} 人,不能离开 {persons} 人",
    "{name} has {occupancy}; {persons} can't leave",
)
ON_ANOTHER_TRIP = _problem(
    "409.50",
    "{number} 已排入车次 {trip},不能再排",
    "{number} is on trip {trip} already",
)
NOT_WAITING = _problem(
    "409.51",
    "{number} 已不在待发出之列,请重新编排",
    "{number} no longer waits to be sent: plan anew",
)
LORRY_TAKEN = _problem(
    "409.52",
    "{plate} 已有车次 {trip},请换车或等它回场",
    "{plate} already has trip {trip}: take another, or wait until it is back",
)
NOT_REACHED = _problem(
    "409.53",
    "还没有到达 {place},不能装车",
    "{place} is not reached yet: nothing is loaded there",
)
ORDER_PASSED = _problem(
    "409.54",
    "{number} 的行程或道路又有变化,这个停靠顺序已不适用,请刷新后再看",
    "{number} or its roads have moved on: this order no longer holds, look again",
)
NOT_ENOUGH = _problem(
    "409.9",
    "{place} 的{item}可用 {left} {unit},不够 {wanted} {unit}",
    "{place} has {left} {unit} of {item} to give, not {wanted} {unit}",
)
NOT_POSTED = _problem(
    "409.70",
    "{number} 还没有公示,请先在“公示与投诉”张贴公示",
    "{number} has no public notice yet; post one under Notices and complaints",
)
NOTICE_RUNS = _problem(
    "409.71", "{number} 的公示到 {until} 才期满", "The notice of {number} runs until {until}"
)
NO_PHOTO = _problem(
    "409.72",
    "{number} 的公示还没有张贴照片,请上传带日期的照片",
    "The notice of {number} has no dated photograph yet",
)
OBJECTED_TO = _problem(
    "409.73",
    "{number} 有未办结的异议或投诉,办结后再继续",
    "{number} is objected to; settle the case first",
)
NOTHING_TO_POST = _problem(
    "409.74", "这个村本批次没有待公示的家庭", "There is nobody in this village to post"
)
HAS_FIRST_HANDLER = _problem(
    "409.75",
    "{number} 由 {name} 首问负责,须由其答复;确需他人答复请写明原因",
    "{number} is answered for by {name}; another who answers says why",
)
EXTENDED_ONCE = _problem(
    "409.76",
    "{number} 已申请过延长办结期限,只能申请一次",
    "Longer time was asked for {number} already: it is asked for once",
)
TOO_LATE_TO_EXTEND = _problem(
    "409.77",
    "{number} 的办结期限 {due} 已过,不能再延长",
    "The time of {number} ended on {due}: it can't be made longer",
)
BATCH_NOT_ENDED = _problem(
    "409.60",
    "批次 {number} 还不能结清:{place} 还有 {left} {unit}",
    "Batch {number} can't be closed: {place} still has {left} {unit}",
)
GRANT_ALREADY_GIVEN = _problem(
    "409.61",
    "{name} 的{item}还可领 {left} {unit}:{who} 已于 {at} 发放过",
    "{name} has {left} {unit} of {item} to come: {who} gave it out at {at}",
)
VOUCHER_USED = _problem(
    "409.62", "这张凭证已领完:{at} 由 {who} 发放", "This voucher is used up: {who} gave it out at {at}"
)
VOUCHER_VOID = _problem(
    "409.63",
    "这张凭证已于 {at} 作废,请以新凭证为准",
    "This voucher is void since {at}; the newer one is good",
)
VOUCHER_TOO_OLD = _problem("409.64", "这张凭证的有效期到 {until} 为止", "This voucher was good until {until}")
BATCH_HAS_CASES = _problem(
    "409.65",
    "批次 {number} 还不能结清:{case} 差异 {quantity} {unit} 没有处理",
    "Batch {number} can't be closed: case {case} about {quantity} {unit} is open",
)
NOT_ENOUGH_MONEY = _problem(
    "409.30",
    "指标 {name} 可用 {left} 元,不够 {wanted} 元,还差 {short} 元",
    "Quota {name} has {left} yuan to give, not {wanted}: {short} are missing",
)
NOTHING_TO_PAY = _problem(
    "409.31",
    "没有可以付款的救助:已付、暂停、没有账号或已在其他批次中",
    "Nothing may be paid: paid already, held, without a card, or in another batch",
)
SAME_HAND = _problem("409.32", "制单和放行须由两个人办理", "Making a batch and releasing it take two people")
WRONG_PURPOSE = _problem(
    "409.33",
    "专款专用:指标 {name}({purpose})不能用于 {other}",
    "Money serves its purpose alone: quota {name} ({purpose}) is not for {other}",
)
FUNDS_SHORT = _problem(
    "409.34",
    "所选指标不够支付 {wanted} 元,还差 {short} 元(从{area}起)",
    "The quotas chosen can't pay {wanted} yuan: {short} are missing, from {area} on",
)
NEED_HELD = _problem(
    "409.20", "{number} 已暂停:{why};办结后再继续", "{number} is held: {why}; go on once that is settled"
)
NOTICE_NOT_OVER = _problem(
    "409.21",
    "{number} 公示至 {until},期满次日才能办理",
    "{number} is posted until {until}; go on the day after",
)
PROGRAMME_CLOSED = _problem("409.22", "批次“{name}”已结束", "The programme “{name}” is closed")
DOUBLE_PAY = _problem(
    "409.23",
    "同一户在“{programme}”已有申请 {number},救助期重叠,同一需求不重复救助",
    "The household has application {number} in “{programme}”, whose window overlaps: one need is met once",
)
NOT_SO_GRANTED = _problem(
    "409.24",
    "{number} 没有核准这么多{item}(还可发 {left})",
    "{number} was not granted so much of {item} ({left} left)",
)
PASSED_BY_YOU = _problem(
    "409.25",
    "{number} 由您审核通过,审批须由另一人办理",
    "You passed {number}; somebody else has to approve it",
)
HOUSEHOLD_GONE = _problem("409.26", "这一户已{state}", "The household is no longer here: {state}")
OVER_LIMIT = _problem(
    "409.27",
    "{number} 人均 {yuan} 元,超过限额 {limit} 元,须先由村写明超限额说明",
    "{number} comes to {yuan} yuan a person, above {limit}: the village has to say why first",
)
IDENTITY_TAKEN = _problem(
    "409.28",
    "这个身份证号已登记在{area}的一户",
    "A household of {area} is registered with this identity number",
)
HEAD_DECEASED = _problem(
    "409.29",
    "{number} 的户主在因灾死亡名单中,请先核实并变更户主",
    "The head of {number} is on the register of the dead; verify it and name another head first",
)
TOO_MANY_AT_ONCE = _problem("400.20", "一次最多办理 {limit} 件", "At most {limit} at once")
NOTHING_GRANTED = _problem(
    "400.21", "{number} 没有核准任何资金或物资", "Nothing at all would be granted to {number}"
)
PLAN_INFEASIBLE = _problem(
    "409.40",
    "{item}不够:可发 {stock} {unit},每村最低保障还缺 {least} {unit}({least_where}),人工指定还缺 {pinned} {unit}({pinned_where})",
    "Not enough {item}: of {stock} {unit}, minimums lack {least} ({least_where}), pins lack {pinned} ({pinned_where})",
)
SAME_PLANNER = _problem(
    "409.41",
    "编制、复核、审批须由三个人办理,{name} 已办过一步",
    "Making, reviewing and approving take three people; {name} has done one of them",
)
PLAN_OVER_LIMITS = _problem(
    "409.42",
    "最低保障和人工指定已超过上限:{limits}。请放宽上限,或减少最低保障、人工指定",
    "Minimums and pins alone exceed limits: {limits}. Widen the limits, or lower minimums and pins",
)
NO_MAP_APPROVAL = _problem(
    "409.90",
    "还没有审图号,不能输出公开地图。请由管理员把审图机关核发的审图号填入规则“公开地图:审图号”",
    "No map for the public without its review number: the administrator enters it in the rule “Maps for the public”",
)
PLAN_UNPROVEN = _problem(
    "409.43",
    "上限太多,限定时间内算不出能证明最优的方案;请减少乡镇接收能力的限制,或分县测算",
    "With so many limits no plan could be proven best in time: lower the number of townships' limits, or plan by county",
)
TOO_LARGE = _problem("413.1", "内容太大,最多 {limit}", "Too large, at most {limit}")
ALERT_NOT_XML = _problem("422.1", "预警不是可读取的 XML:{why}", "The alert is no readable XML: {why}")
ALERT_HOSTILE = _problem(
    "422.2",
    "预警的 XML 含有实体、DTD、外部引用或嵌套过深({why}),已拒绝",
    "The alert's XML holds entities, a DTD, outside references or too many levels ({why}): refused",
)
ALERT_INVALID = _problem(
    "422.3", "预警内容不符合 CAP 1.2 / GB/T 35965.1", "The alert is not as CAP 1.2 / GB/T 35965.1 want it"
)
ALERT_NOT_RELAYED = _problem(
    "422.4", "这种消息不是可转发的预警", "This kind of message is no warning to be relayed"
)
ALERT_ELSEWHERE = _problem("422.5", "预警范围不在本系统负责的区划内", "The alert's area is none of ours")
TOO_FAST = _problem("429.1", "发送太快,请稍后自动重试", "Too many messages; it will be sent again shortly")
ASKED_TOO_OFTEN = _problem(
    "429.70", "访问太频繁,请 {seconds} 秒后再试", "Asked too often; try again in {seconds} seconds"
)
LOCKED_OUT = _problem(
    "429.2",
    "多次输错密码,请 {minutes} 分钟后再试",
    "Too many wrong passwords; try again in {minutes} minutes",
)
TRY_AGAIN = _problem("503.1", "系统繁忙,稍后自动重试", "The system is busy; it will be sent again shortly")
