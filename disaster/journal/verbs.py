"""Every verb the journal knows, with its words. A verb not listed here can't be written."""

from __future__ import annotations

VERBS: dict[str, tuple[str, str]] = {
    "report.submitted": ("上报灾情", "report filed"),
    "report.seen": ("已阅", "report read"),
    "report.returned": ("退回", "report returned"),
    "report.passed": ("乡镇审核通过", "report passed by the township"),
    "report.approved": ("县级核定通过", "report approved by the county"),
    "report.claimed": ("开始审核", "review begun"),
    "report.taken_over": ("接手审核", "review taken over"),
    "report.released": ("放下审核", "review laid down"),
    "report.moved": ("调整所属过程", "report moved between events"),
    "report.photo_stored": ("照片已存", "photo stored"),
    "report.voice_stored": ("语音已存", "voice note stored"),
    "event.opened": ("启动灾害过程", "event opened"),
    "event.closed": ("结束灾害过程", "event closed"),
    "event.changed": ("修改灾害过程", "event changed"),
    "event.merged": ("合并灾害过程", "events merged"),
    "event.split": ("拆分灾害过程", "event split"),
    "event.proposed": ("提示可能的灾害过程", "event proposed"),
    "event.dismissed": ("不予立项", "proposed event dismissed"),
    "response.started": ("启动应急响应", "response started"),
    "response.ended": ("终止应急响应", "response ended"),
    "shelter.opened": ("启用避难场所", "shelter opened"),
    "shelter.closed": ("关闭避难场所", "shelter closed"),
    "shelter.made": ("登记避难场所", "shelter entered"),
    "shelter.changed": ("修改避难场所", "shelter changed"),
    "shelter.checked_in": ("避难场所入住", "people checked in"),
    "shelter.checked_out": ("避难场所离开", "people checked out"),
    "shelter.filling": ("避难场所将满", "shelter nearly full"),
    "shelter.revealed": ("查看避难场所联系人或户主", "personal data of a shelter revealed"),
    "evacuation.planned": ("制定转移方案", "evacuation planned"),
    "evacuation.replanned": ("调整转移方案", "evacuation planned anew"),
    "evacuation.ended": ("结束转移方案", "evacuation plan ended"),
    "zone.drawn": ("划定危险区", "zone drawn"),
    "zone.changed": ("调整危险区", "zone changed"),
    "zone.lifted": ("解除危险区", "zone lifted"),
    "road.closed": ("断路", "road closed"),
    "road.changed": ("更新断路", "road closure changed"),
    "road.opened": ("恢复通行", "road opened"),
    "alert.received": ("收到预警", "alert received"),
    "alert.refused": ("拒收预警", "alert refused"),
    "alert.expired": ("预警过期", "alert expired"),
    "notice.sent": ("通知预警", "warning told to a village"),
    "notice.confirmed": ("回复预警", "warning confirmed by a village"),
    "notice.closed": ("预警通知结束", "warning to a village closed"),
    "notice.delivered": ("发送预警通知", "warning sent through a channel"),
    "token.made": ("发放接入令牌", "feeder's token made"),
    "token.revoked": ("停用接入令牌", "feeder's token revoked"),
    "register.entered": ("登记台账", "register entry made"),
    "register.changed": ("修改台账", "register entry changed"),
    "register.withdrawn": ("注销台账", "register entry withdrawn"),
    "register.revealed": ("查看台账完整信息", "personal data revealed"),
    "form.exported": ("导出报表", "form exported"),
    "form.imported": ("导入报表", "form imported"),
    "call.recorded": ("电话记录", "call recorded"),
    "reminder.sent": ("催报", "reminder sent"),
    "reminder.held": ("催报暂缓", "reminder held back"),
    "reminder.stopped": ("停用催报", "reminders stopped"),
    "reminder.resumed": ("恢复催报", "reminders resumed"),
    "reminder.channel_changed": ("修改通知渠道", "channel changed"),
    "api_token.made": ("建立接口令牌", "API token made"),
    "api_token.revoked": ("停用接口令牌", "API token revoked"),
    "map.exported": ("导出地图数据", "map data exported"),
    "map.imported": ("导入地图数据", "map data imported"),
    "shelter.imported": ("导入避难场所", "shelter imported"),
    "rule.changed": ("修改规则", "rule changed"),
    "person.posted": ("任命", "post given"),
    "person.post_ended": ("免职", "post ended"),
}
"""Verb → words in Chinese and English. Past tense: the journal tells what has happened."""

SILENT = frozenset(
    verb
    for verb in VERBS
    if verb.startswith(
        ("person.", "register.", "form.", "call.", "reminder.", "rule.", "token.", "api_token.", "map.")
    )
    or verb
    in {
        "report.claimed",
        "report.taken_over",
        "report.released",
        "event.proposed",
        "event.dismissed",
        "response.started",
        "response.ended",
        "alert.refused",
        "notice.delivered",
        "shelter.revealed",
        "shelter.filling",
        "evacuation.planned",
        "evacuation.replanned",
        "evacuation.ended",
    }
)
"""Verbs kept for audit alone: their rows carry no object, so nothing of them enters the feed."""
