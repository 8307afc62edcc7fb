/** 视图: places one returns to, and links for others; a view says where to look, never what is there. */

import { el } from "../dom.js";

export default {
  id: "views",
  title: "视图",
  group: "more",
  key: "v",
  mayUse: (me) => me.posts.length > 0,

  open(context, panel) {
    new Views(context, panel).read();
    return () => {};
  },
};

class Views {
  #context;
  #list = el("ul.views", {});
  #name = el("input", { name: "view-name", maxlength: 40, required: true });
  #said = el("p.soft", { role: "status" });

  constructor(context, panel) {
    this.#context = context;
    const { t } = context;
    this.#name.setAttribute("aria-label", t("视图名称"));
    this.#name.setAttribute("placeholder", t("如:汛期值班"));
    panel.append(el("h2", {}, t("我的视图")), this.#list,
      el("form.row", { onsubmit: (event) => { event.preventDefault(); this.#keep(); } }, this.#name, el("button.main", { type: "submit" }, t("保存当前视图"))),
      el("p.soft", {}, t("记下位置、图层、筛选和时刻。分享的链接按对方自己的权限显示内容。")), this.#said);
  }

  async read() {
    const { http, told } = this.#context;
    try {
      this.#show((await http.get("/api/map/views")).views);
    } catch (error) {
      this.#say(told(error), true);
    }
  }

  #show(views) {
    const { t } = this.#context;
    this.#list.replaceChildren(...views.map((view) => el("li", { "data-view": view.id },
      el("button.go", { type: "button", onclick: () => this.#context.command.apply(view) }, view.name),
      el("button", { type: "button", name: "share", onclick: () => this.#share(view) }, view.shared ? t("复制链接") : t("分享")),
      view.shared && el("button", { type: "button", onclick: () => this.#put(view, { shared: false }) }, t("停止分享")),
      el("button", { type: "button", onclick: () => this.#put(view, { state: this.#context.command.state(), shared: view.shared }) }, t("更新")),
      el("button", { type: "button", "aria-label": `${t("删除")} ${view.name}`, onclick: () => this.#remove(view) }, t("删除")))));
    if (!views.length) this.#list.append(el("li.soft", {}, t("还没有保存的视图。")));
  }

  #keep() {
    const { http, command, t } = this.#context;
    return this.#do(() => http.post("/api/map/views", { name: this.#name.value, state: command.state() }), t("已保存"));
  }

  async #share(view) {
    const { t } = this.#context;
    const link = `${location.origin}/map/?view=${view.id}`;
    if (!view.shared && !(await this.#put(view, { shared: true }))) return;
    const copied = await copy(link);
    this.#said.className = "soft";
    this.#said.replaceChildren(copied ? t("链接(已复制)") : t("链接(请自己复制)"), " ", el("a", { href: link }, link));
  }

  #put(view, change) {
    return this.#do(() => this.#context.http.put(`/api/map/views/${view.id}`, { name: view.name, shared: false, ...change }), this.#context.t("已保存"));
  }

  #remove(view) {
    const { http, t } = this.#context;
    return this.#do(() => http.remove(`/api/map/views/${view.id}`), t("已删除"));
  }

  /** Do it, read anew and say so, or say why not. @returns {Promise<boolean>} whether it was done */
  async #do(act, done) {
    try {
      await act();
    } catch (error) {
      this.#say(this.#context.told(error), true);
      return false;
    }
    this.#say(done);
    await this.read();
    return true;
  }

  #say(text, wrong = false) {
    this.#said.textContent = text;
    this.#said.className = wrong ? "wrong" : "soft";
  }
}

/** Copy a text; where copying is forbidden, or the page came by plain http, there is no clipboard. @returns {Promise<boolean>} whether it is copied */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
