/** Names the wall's parts share; in Chinese, to be handed to `t`. */

/** What a report is due for. */
export const CAUSES = { first: "初报", daily: "续报", drought: "旱灾续报", verified: "核报" };
