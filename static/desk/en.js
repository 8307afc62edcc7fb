/** English of the desk pages. */
export default {
  "正在连接…": "Connecting…",
  "连接中断,显示的可能不是最新": "No connection: what you see may be old",
  "实时": "Live",
  "没有保存:": "Not saved: ",
  "超时{span}": "{span} late",
  "还剩{span}": "{span} left",
  "{n}分": "{n} min",
  "{n}小时": "{n} h",
  "{n}天": "{n} d",
  "无号码": "no number",
  "您正在审核,至 {until}": "You are reviewing this until {until}",
  "接手": "Take over",
};
