/** English for what the shared modules say. A test keeps it whole: tests/browser_js/field_words.test.mjs. */
export default {
  "网络不通": "No network",
  "服务器没有正常回答": "The server gave no proper answer",
  "米": "m",
  "千米": "km",
  "外观": "Look",
  "跟随系统": "System",
  "浅色": "Light",
  "深色": "Dark",
  "中文": "中文",
};
