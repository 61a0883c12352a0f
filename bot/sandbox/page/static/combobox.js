// A select that one can type into: the combobox pattern of the ARIA Authoring Practices, with a listbox.

import { fill, h, icon, newId } from "./dom.js";
import { words } from "./words.js";

const MAX_HEIGHT = 320;
const WAIT_MS = 120;
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Make a combobox.
 * @param {Object} options
 *   given: attributes of the field; data: its dataset; placeholder; chosen: the option that is chosen, or null;
 *   groups: [{label, options}] to choose from, or null where `load(text)` has to ask for them;
 *   shortest: how many letters `load` takes at least; clearable: whether nothing may be chosen;
 *   pick(option or null): tells of a choice, and resolves to {ok}.
 */
export function combobox({ given, data, placeholder, chosen, groups, shortest, clearable, load, pick }) {
  const listId = newId("list");
  let open = false;
  let typed = false;
  let active = -1;
  let shown = [];
  let question = 0;
  let timer = 0;

  const field = h("input", {
    ...given, type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": listId,
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder, data,
    on: { input: onInput, keydown: onKey, focus: () => field.select(), blur: leave, click: () => show() },
  });
  const toggle = h("button.toggle", {
    type: "button", tabindex: "-1", "aria-label": words.openList,
    on: { mousedown: (event) => event.preventDefault(), click: () => (open ? hide() : (field.focus(), show())) },
  }, icon("down"));
  const clear = clearable && h("button.clear", {
    type: "button", tabindex: "-1", "aria-label": words.clear,
    on: { mousedown: (event) => event.preventDefault(), click: () => choose(null) },
  }, icon("close"));
  const list = h("div.options", { id: listId, role: "listbox", "aria-label": placeholder, hidden: true,
    on: { mousedown: (event) => event.preventDefault() } });
  const status = h("div.sr-only", { role: "status" });
  const box = h("div.combo", {}, field, clear, toggle, list, status);
  rest();

  /** Show what is chosen, as it stands when nobody types. */
  function rest() {
    field.value = chosen ? chosen.text.text : "";
    box.classList.toggle("unchosen", !chosen);
    typed = false;
  }

  function show() {
    if (open) return;
    open = true;
    field.setAttribute("aria-expanded", "true");
    list.hidden = false;
    window.addEventListener("resize", place);
    window.addEventListener("scroll", place, true);
    look();
  }

  function hide() {
    if (!open) return;
    open = false;
    question += 1;
    clearTimeout(timer);
    box.classList.remove("searching");
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    list.hidden = true;
    window.removeEventListener("resize", place);
    window.removeEventListener("scroll", place, true);
  }

  /** Look for the options of what is typed; without `groups` that takes the bot. */
  function look() {
    const text = typed ? field.value : "";
    if (groups) return draw(text ? sifted(text) : groups);
    const mine = (question += 1);
    clearTimeout(timer);
    if (text.length < shortest) return note(words.keepTyping(shortest));
    if (!shown.length) note(words.searching);
    box.classList.add("searching");
    timer = setTimeout(async () => {
      const found = await load(text);
      if (mine !== question) return;
      box.classList.remove("searching");
      draw(found);
    }, WAIT_MS);
  }

  function sifted(text) {
    const parts = folded(text).split(/\s+/).filter(Boolean);
    const fits = (option) => parts.every((part) => folded(option.text.text).includes(part));
    return groups.map((group) => ({ ...group, options: group.options.filter(fits) }));
  }

  function note(text) {
    shown = [];
    active = -1;
    box.classList.remove("searching");
    field.removeAttribute("aria-activedescendant");
    fill(list, h("div.note", { role: "presentation" }, text));
    status.textContent = text;
    place();
  }

  function draw(found) {
    const filled = found.filter((group) => group.options.length);
    shown = filled.flatMap((group) => group.options);
    if (!shown.length) return note(words.noResults);
    let number = -1;
    const option = (one) => {
      number += 1;
      const at = number;
      return h("div.option", {
        id: `${listId}-${at}`, role: "option", "aria-selected": String(one.value === chosen?.value),
        on: { click: () => choose(one), mousemove: () => activate(at, false) },
      }, h("span", {}, one.text.text), one.description && h("span.hint", {}, one.description.text));
    };
    fill(list, filled.map((group) => {
      if (!group.label) return group.options.map(option);
      const labelId = newId("group");
      return h("div.group", { role: "group", "aria-labelledby": labelId },
        h("div.group-label", { id: labelId, role: "presentation" }, group.label), group.options.map(option));
    }));
    list.scrollTop = 0;
    status.textContent = [words.results(shown.length), ...filled.map((group) => group.label)].filter(Boolean).join(". ");
    const current = shown.findIndex((one) => one.value === chosen?.value);
    activate(typed ? 0 : current);
    place();
  }

  function activate(at, scroll = true) {
    list.querySelector(".active")?.classList.remove("active");
    active = at;
    const element = at < 0 ? null : list.querySelector(`#${listId}-${at}`);
    if (!element) return field.removeAttribute("aria-activedescendant");
    element.classList.add("active");
    field.setAttribute("aria-activedescendant", element.id);
    if (scroll) element.scrollIntoView({ block: "nearest" });
  }

  /** Put the list below the field, or above it where there is more room. It floats over whatever scrolls. */
  function place() {
    const edge = field.getBoundingClientRect();
    const below = window.innerHeight - edge.bottom - 12;
    const above = edge.top - 12;
    const upwards = below < Math.min(list.scrollHeight, 200) && above > below;
    const height = Math.min(MAX_HEIGHT, upwards ? above : below);
    Object.assign(list.style, {
      left: `${edge.left}px`, width: `${edge.width}px`, maxHeight: `${height}px`,
      top: upwards ? "auto" : `${edge.bottom + 4}px`,
      bottom: upwards ? `${window.innerHeight - edge.top + 4}px` : "auto",
    });
  }

  async function choose(option) {
    const before = chosen;
    chosen = option;
    hide();
    rest();
    if ((before?.value ?? null) === (option?.value ?? null)) return;
    if (!(await pick(option)).ok && chosen === option) {
      chosen = before;
      rest();
    }
  }

  function leave() {
    const emptied = typed && field.value === "" && clearable && chosen;
    hide();
    if (emptied) choose(null);
    else rest();
  }

  function onInput() {
    typed = true;
    if (open) look();
    else show();
  }

  function step(by) {
    if (!open) return show();
    if (shown.length) activate(Math.max(0, Math.min(shown.length - 1, active < 0 && by < 0 ? shown.length - 1 : active + by)));
  }

  function onKey(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    if (event.key in moves) step(moves[event.key]);
    else if (event.key === "Enter") {
      if (open && active >= 0) choose(shown[active]);
      else if (open && typed && field.value === "" && clearable) choose(null);
      else show();
    } else if (event.key === "Escape" && open) {
      hide();
      rest();
      field.select();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return box;
}
