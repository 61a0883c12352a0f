// The elements that people press, type into and choose in.

import { post } from "./api.js";
import { ask } from "./dialogs.js";
import { combobox } from "./combobox.js";
import { h } from "./dom.js";
import { store } from "./store.js";
import { toast } from "./notices.js";
import { words } from "./words.js";

const keyOf = (block, element) => `${block.block_id}\n${element.action_id}`;
const dataOf = (block, element) => ({
  control: keyOf(block, element),
  action: element.action_id,
  focus: element.focus_on_load ? "first" : undefined,
});
const cleaned = (data) => Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));

/** What stands in a surface's text fields, as the sandbox takes it. */
export function typedIntoAll(surface) {
  const typed = {};
  for (const [key, text] of surface.typed ?? []) {
    const [blockId, actionId] = key.split("\n");
    (typed[blockId] ??= {})[actionId] = text;
  }
  return typed;
}

async function use(block, element, surface, raw = null) {
  const body = { person: store.me, ...surface.place, typed: typedIntoAll(surface) };
  const answer = await post("use", { ...body, block_id: block.block_id, action_id: element.action_id, raw });
  // What Slack itself says beside a click that failed is in the message; this is for what never got so far.
  if (!answer.ok && (answer.error === "unreachable" || answer.error?.includes(" "))) toast(answer.error);
  return answer;
}

/** A button. While its click is on its way it stays focused and takes no second one. */
export function pressable(element, block, surface) {
  const button = h(`button.button.${element.style ?? "plain"}`, {
    type: "button",
    "aria-label": element.accessibility_label,
    data: cleaned(dataOf(block, element)),
    on: {
      click: async () => {
        if (button.getAttribute("aria-disabled") || (element.confirm && !(await ask(element.confirm)))) return;
        if (/^https?:/.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
        await pending(button, () => use(block, element, surface));
      },
    },
  }, h("span", {}, element.text.text));
  return button;
}

/** Show that a button's work is on its way. */
export async function pending(button, work) {
  button.setAttribute("aria-disabled", "true");
  button.classList.add("pending");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-disabled");
    button.classList.remove("pending");
  }
}

/** A text field. What is typed stays here until it is sent with a submission or a click. */
export function typedIn(element, block, surface, given) {
  const key = keyOf(block, element);
  const held = surface.values[block.block_id]?.[element.action_id]?.value ?? "";
  const isLong = element.multiline;
  const field = h(isLong ? "textarea" : "input", {
    ...given,
    type: isLong ? null : "text",
    inputmode: { number_input: "decimal", email_text_input: "email", url_text_input: "url" }[element.type],
    rows: isLong ? "4" : null,
    autocomplete: "off",
    placeholder: element.placeholder?.text,
    data: cleaned(dataOf(block, element)),
    on: { input: () => changed(), keydown: (event) => enter(event) },
  });
  field.value = surface.typed?.get(key) ?? held;
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;

  function changed() {
    surface.typed?.set(key, field.value);
    if (!block.dispatch_action || !triggers.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(() => use(block, element, surface, field.value), 300);
  }

  function enter(event) {
    if (event.key !== "Enter" || isLong || !block.dispatch_action || !triggers.includes("on_enter_pressed")) return;
    event.preventDefault();
    use(block, element, surface, field.value);
  }

  return field;
}

/** The boxes of radio_buttons or checkboxes. */
export function boxInputs(element, block, surface) {
  const many = element.type === "checkboxes";
  const value = surface.values[block.block_id]?.[element.action_id] ?? {};
  const chosen = new Set((many ? value.selected_options ?? [] : [value.selected_option]).map((one) => one?.value));
  const name = keyOf(block, element) + JSON.stringify(surface.place);
  return element.options.map((option, index) => {
    const box = h("input", {
      type: many ? "checkbox" : "radio",
      name,
      value: option.value,
      data: { ...cleaned(dataOf(block, element)), control: `${keyOf(block, element)}\n${index}` },
      on: { change: () => change(box) },
    });
    box.checked = chosen.has(option.value);
    const note = option.description && h("span.hint", {}, option.description.text);
    return h("label.box", {}, box, h("span", {}, option.text.text, note));
  });

  function change(box) {
    const group = [...box.closest(".boxes").querySelectorAll("input")];
    const picked = group.filter((one) => one.checked).map((one) => one.value);
    use(block, element, surface, many ? picked : picked[0] ?? null);
  }
}

const SOURCES = {
  static_select: () => null,
  external_select: () => null,
  users_select: () => store.people.filter((one) => !one.is_bot).map((one) => plainOption(one.real_name, one.id)),
  channels_select: () =>
    store.channels.filter((one) => kindOf(one) === "public").map((one) => plainOption(`#${one.name}`, one.id)),
  conversations_select: (element) =>
    store.channels.filter((one) => passes(element.filter ?? {}, one))
      .map((one) => plainOption(one.is_im ? "InvoiceXpress" : `#${one.name}`, one.id)),
};
const kindOf = (channel) => (channel.is_im ? "im" : channel.is_private ? "private" : "public");
const passes = (filter, channel) =>
  (filter.include?.includes(kindOf(channel)) ?? true) &&
  !(filter.exclude_bot_users && channel.is_im) &&
  !(filter.exclude_external_shared_channels && channel.is_shared);
const plainOption = (text, value) => ({ text: { text }, value });

/** A select of any kind, or null for an element that is none. */
export function chooser(element, block, surface, given) {
  const source = SOURCES[element.type];
  if (!source) return null;
  const offered = source(element) ?? groupsOf(element);
  const value = surface.values[block.block_id]?.[element.action_id] ?? {};
  const id = value.selected_user ?? value.selected_channel ?? value.selected_conversation;
  return combobox({
    given,
    data: cleaned(dataOf(block, element)),
    placeholder: element.placeholder?.text ?? words.choose,
    chosen: value.selected_option ?? (id ? source(element).find((one) => one.value === id) : null) ?? null,
    groups: element.type === "external_select" ? null : grouped(offered),
    shortest: element.min_query_length ?? 3,
    clearable: block.type === "input" && block.optional === true,
    load: async (text) => {
      const body = { person: store.me, ...surface.place, typed: typedIntoAll(surface), text };
      return groupsOf(await post("suggest", { ...body, block_id: block.block_id, action_id: element.action_id }));
    },
    pick: async (option) => {
      if (option && element.confirm && !(await ask(element.confirm))) return { ok: false };
      return use(block, element, surface, option ? option.value : null);
    },
  });
}

function groupsOf(answer) {
  if (answer.option_groups) return answer.option_groups.map((one) => ({ label: one.label.text, options: one.options }));
  return grouped(answer.options ?? []);
}

function grouped(options) {
  return options.length && options[0].options ? options : [{ label: "", options }];
}
