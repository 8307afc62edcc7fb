/** Words for the keys of a report. Pure; Chinese here, `t` turns them into the reader's language. */

export const KINDS = { first: "初报", followup: "续报", verified: "核报", zero: "零报告" };
export const STATES = { stored: "未阅", seen: "已阅", returned: "已退回", passed: "乡镇已审", approved: "县级核定" };
export const LEVELS = { red: "红色(一级)", orange: "橙色(二级)", yellow: "黄色(三级)", blue: "蓝色(四级)" };
export const SHELTER_STATES = { open: "已开放", standby: "待命", closed: "已关闭" };
export const METHODS = { gps: "卫星定位", network: "网络定位", pin: "地图选点", village: "村点位" };

/** The county's totals: indicator keys in the order leaders ask for them, with names short enough for a row. */
export const SHORT = {
  affected: "受灾人口", dead: "死亡", missing: "失踪", relocated: "转移安置",
  houses_collapsed_rooms: "倒塌房屋", houses_severe_rooms: "严重损坏", crops_affected: "作物受灾", loss_total: "经济损失",
};
