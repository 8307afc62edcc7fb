"""The words of a disaster, and the figure each stands for. Pure data.

People, houses, fields and works each have a table of (topic, pattern); topics are indicator
keys, or words of this grammar: ``none`` is a count that is no loss (出动20人).
"""

from __future__ import annotations

import re

Table = tuple[tuple[str, re.Pattern[str]], ...]


def _table(rows: str) -> Table:
    pairs = (line.split(None, 1) for line in rows.strip().splitlines())
    return tuple((topic, re.compile(pattern.strip())) for topic, pattern in pairs)


PEOPLE = _table(r"""
dead                 因灾死亡|死亡|遇难|身亡|丧生|去世|不幸离世|淹死|死了|死
missing              失踪|失联|下落不明|联系不上|找不到|没找到
seriously_injured    重伤|伤势较重|伤得很重
injured              受伤|轻伤|负伤|砸伤|摔伤|刮伤|擦伤|划伤|骨折|伤者|伤员|伤了|伤
relocated_central    集中安置|(?:安置点|学校|村部|小学|中学|文化站)(?:集中)?(?:安置|住)
relocated_scattered  分散安置|投亲靠友|投亲|投靠亲友|租房|住亲戚
relocated            紧急转移安置|转移并?(?:妥善)?安置|转移和安置|妥善安置|临时安置|安置
evacuated_sure       避险转移|转移避险|提前转移|预防性转移|撤离避险|避险|转移到亲戚
evacuated_early      紧急转移|转移|撤离|疏散|撤出|搬离|转走|撤到|撤走|转到
trapped              被困|受困|被围困|围困|困在|困住
need_relief          需(?:要)?(?:紧急)?(?:生活)?救助|缺粮|缺吃
need_transition      需?过渡期(?:生活)?救助
drought_water        饮水困难|吃水困难|喝水困难|用水困难|没水喝
affected             受灾|受影响|受损失
none                 值班|值守|巡查|排查|出动|组织(?!群众|转移|村民)|投入|组建|干部|党员|队员|民兵|消防|志愿者|救援|参加|报名|抢险|上班|到岗|救出|救起|常住|户籍|总人口
""")

HOUSES = _table(r"""
risk       有倒塌危险|倒塌(?:危险|风险|隐患)|要倒|快倒|快塌|随时(?:会|可能)|有(?:垮塌|倒塌)
severe     严重损坏|严重受损|严重损毁|严重破坏|严重开裂|严损|损坏严重|受损严重
slight     一般性?损坏|一般性?受损|一般损毁|轻微损坏|轻微受损|轻度受损|轻度损坏|一般损
collapsed  倒塌|垮塌|冲毁(?=[^,]{0,3}[房屋])|(?<=[房屋])[^,]?冲毁|冲倒|冲垮|全倒|冲走|全塌|塌了|倒了|倒房|垮了|塌掉|倒掉|压垮|压塌|(?:房|屋|子)[全都也]?[倒塌垮]|[倒塌垮](?=房|屋|[0-9一二两三四五六七八九十])
damaged    损坏|受损|损毁|开裂|裂缝|裂了|漏雨|掀|吹坏|砸坏|刮坏|坏了|进水|过水|被淹|受淹
""")

OUTBUILDING = re.compile(
    r"猪圈|猪舍|牛栏|牛棚|羊圈|鸡舍|鸡棚|鸭棚|厨房|灶屋|灶房|厕所|柴房|杂物间|杂屋|附属|围墙|院墙|大棚|棚子|工棚|车棚|仓库|烤房|厂房|教室"
)
HOME = re.compile(r"住房|民房|民居|住宅|居民房|农房|住屋|自建房")
HOUSE = re.compile(r"房|屋|家")

FIELD_STATES = _table(r"""
crops_lost      绝收|颗粒无收|绝产
crops_damaged   成灾
crops_affected  受灾|受淹|被淹|淹了|淹没|淹水|过水|倒伏|受损|受害|受旱|被砸|打坏|受冻|冻坏
affected_maybe  冲毁|水毁|毁坏|冲了|冲走|毁|淹|泡|倒|受影响|损失|打
""")

FIELD_KINDS = _table(r"""
grain   水稻|稻田|稻子|早稻|中稻|晚稻|稻谷|再生稻|单晚|双晚|玉米|苞谷|包谷|小麦|麦子|大豆|黄豆|红薯|山芋|马铃薯|土豆|粮食|秧田|秧苗|秧
crop    农作物|庄稼|作物|茶叶|茶园|茶|油菜|蔬菜|菜地|大棚菜|瓜蒌|瓜篓|棉花|果树|果园|西瓜|葡萄|桃|药材|天麻|茯苓|花生|烟叶|芝麻|辣椒
aquaculture_affected  鱼塘|虾塘|虾田|水产|养殖|甲鱼|精养塘|塘
forest_affected       林地|山林|毛竹|竹林|竹子|杉木|杉树|苗木|林木|树林
grassland_affected    草场|草地(?!贪)
ground  农田|良田|田地|田|耕地|旱地|土地|地里
""")
"""``grain`` counts among crops and among grain; ``ground`` doesn't say whether anything grew there."""

LENGTHS = _table(r"""
none            宽|高|深|厚|水位|降雨|雨量|直径|涨了|上涨|超警戒|超警|裂缝|距离|以上
dykes_km        堤|河坝|拦河坝|圩
town_roads_km   市政道路|城区道路|市政路
roads_km        公路|道路|村道|组道|乡道|县道|水泥路|机耕路|路面|路基|便道|村路|主干道|路
telecom_lines_km 光缆|通信线路|通讯线路|网线|光纤|电话线
power_lines_km  电线(?!杆)|供电线路|电力线路|高压线|低压线|输电线|线路
water_mains_km  供水管|供水管网|管网|自来水管
""")
BROKEN = re.compile(r"毁|冲|损|坏|塌|断|垮|淹|滑|裂|埋|倒|缺口|溃")

COUNTS = _table(r"""
shelters_used      安置点|避难点|避灾点|安置场所
schools            学校|小学|中学|幼儿园|教学点
health_facilities  卫生室|卫生院|医院|诊所
base_stations      基站|通信塔
reservoirs         水库
industry_damaged   企业|工厂|加工厂|厂
shops_damaged      商铺|门面|店铺|超市|商店|网点|小卖部
power_equipment    变压器|台区
poles              电线杆|电杆|线杆
""")

MONEY = _table(r"""
loss_agriculture      农业|农林|农作物|种植业|养殖业|农林牧渔
loss_homes            住房|家庭财产|家财|居民财产|房屋
loss_industry         工矿|工业|企业|商贸
loss_infrastructure   基础设施|道路|水利|交通|电力
loss_public_services  公共服务|学校
""")

HEADS = _table(r"""
large  牛|马|驴|骡
small  猪|羊
fowl   鸡|鸭|鹅|家禽
""")
BEASTS_DIED = re.compile(r"死|冲走|压死|淹死|砸死|冻死")

CUT = _table(r"""
villages_without_road     断路|路断|(?:道路|公路|村道|交通|进村路|出村路|出行|主路)[^,。]{0,3}(?:中断|不通|断了|瘫痪)|路不通
villages_without_power    断电|停电|没电|电断|电力中断|供电中断
villages_without_water    断水|停水|没水(?!喝)|供水中断|自来水断
villages_without_network  断网|没信号|没有信号|信号中断|(?:通信|通讯|网络)(?:全部)?(?:中断|断了|不通)|没网|打不通
""")
WHOLE_VILLAGE = re.compile(r"全村|整个村|整村|村里|我村|本村|全社区|我们村|我社区|都|全部|全")
BACK = re.compile(r"恢复|抢通|已通|来电|修好|通了|未|没有?断|正常|无(?:断|停)|不影响|畅通")

UNREAL = re.compile(
    r"有没有|是否|是不是|如有|如果|如遇|假如|万一|防止|谨防|防范|演练|请各|请大家|要求|准备|计划|预计转移|拟|待转移|需要?转移|应转移|去年|前年|往年|上次|历史|差点|险些|奖|预警|预报|明天|未来|将有|将达|通知|务必|抓紧|联系电话|需要?撤|要转移|打算"
)
DOUBTFUL = re.compile(r"可能|估计|听说|据说|好像|疑似|大概|初步|怀疑|不确定|未核实|待核实|没核|还没核|也许")
"""Said, but not known."""
