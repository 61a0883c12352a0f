// Block Kit's blocks, as the bot sends them. What is not known here becomes a box that names it.

import { boxInputs, chooser, pressable, typedIn } from "./elements.js";
import { h, icon, newId, reconcile } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { words } from "./words.js";

const TYPED = new Set(["plain_text_input", "number_input", "email_text_input", "url_text_input"]);

/**
 * Draw the blocks of a surface into an element; blocks that did not change keep their elements.
 * @param {Element} parent where they stand.
 * @param {Array} blocks as the bot sent them.
 * @param {Object} surface where they are: {place, values, errors, typed}, for the elements in them.
 */
export function drawBlocks(parent, blocks, surface) {
  const entries = blocks.map((block) => [block.block_id, signature(block, surface), () => draw(block, surface)]);
  reconcile(parent, entries);
}

function signature(block, surface) {
  const chosen = Object.entries(surface.values[block.block_id] ?? {}).filter(([, value]) => !TYPED.has(value.type));
  return JSON.stringify([block, surface.errors?.[block.block_id], chosen, words.appTab]);
}

/** The nodes of a text object. */
export function textOf(object) {
  return object.type === "mrkdwn" ? mrkdwn(object.text) : object.text;
}

const BLOCKS = {
  section,
  header: (block) => h("h3.block-header", {}, block.text.text),
  context,
  divider: () => h("hr"),
  actions: (block, surface) => h("div.block-actions", {}, block.elements.map((one) => element(one, block, surface))),
  input,
  rich_text: richText,
  image: (block) => picture(block.alt_text, block.image_url, block.title?.text),
  alert: (block) =>
    h(`div.block-alert.${block.level ?? "default"}`, { role: "note" }, icon(block.level === "info" ? "info" : "warn"),
      h("div", {}, textOf(block.text))),
};

function draw(block, surface) {
  const make = BLOCKS[block.type] ?? ((one) => unknown(one.type));
  return h(`div.block.block-of-${block.type}`, {}, make(block, surface));
}

function unknown(type) {
  return h("div.unknown", {}, icon("box"), h("span", {}, words.notShown(type)));
}

function section(block, surface) {
  const main = [];
  if (block.text) main.push(h("div.text", {}, textOf(block.text)));
  if (block.fields) main.push(h("div.fields", {}, block.fields.map((field) => h("div.text", {}, textOf(field)))));
  const accessory = block.accessory && h("div.accessory", {}, element(block.accessory, block, surface));
  return h("div.block-section", {}, h("div.main", {}, main), accessory);
}

function context(block) {
  const part = (one) => (one.type === "image" ? picture(one.alt_text, one.image_url) : h("span.text", {}, textOf(one)));
  return h("div.block-context", {}, block.elements.map(part));
}

function picture(alt, address, title) {
  if (address?.startsWith("data:image/")) {
    return h("figure", {}, h("img", { src: address, alt }), title && h("figcaption", {}, title));
  }
  return h("div.unknown", {}, icon("box"), h("span", {}, `${words.noPicture} `, h("em", {}, title ?? alt)));
}

function element(one, block, surface, names = {}) {
  const label = block.text ? plain(block.text.text) : block.type === "input" ? "" : one.placeholder?.text ?? "";
  const given = { "aria-label": names.id ? null : label || null, ...names };
  if (one.type === "button") return pressable(one, block, surface);
  if (one.type === "image") return picture(one.alt_text, one.image_url);
  if (TYPED.has(one.type)) return typedIn(one, block, surface, given);
  if (one.type === "radio_buttons" || one.type === "checkboxes") return boxes(one, block, surface, given);
  return chooser(one, block, surface, given) ?? unknown(one.type);
}

const plain = (text) => text.replace(/\s+/g, " ").trim().slice(0, 120);

function boxes(one, block, surface, given) {
  return h(`div.boxes`, { role: one.type === "radio_buttons" ? "radiogroup" : "group", ...given, id: null },
    boxInputs(one, block, surface));
}

/** An input block: its label, the field, what helps with it, and what is wrong with it. */
function input(block, surface) {
  const ids = { field: newId("field"), hint: newId("hint"), error: newId("error"), label: newId("label") };
  const error = surface.errors?.[block.block_id];
  const isGroup = block.element.type === "radio_buttons" || block.element.type === "checkboxes";
  const names = {
    id: ids.field,
    "aria-labelledby": isGroup ? ids.label : null,
    "aria-describedby": [error && ids.error, block.hint && ids.hint].filter(Boolean).join(" ") || null,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional || block.element.type === "checkboxes" ? null : "true",
  };
  return h(
    error ? "div.block-input.wrong" : "div.block-input",
    {},
    h(isGroup ? "div.label" : "label", { id: ids.label, for: isGroup ? null : ids.field }, block.label.text,
      block.optional && h("span.optional", {}, ` ${words.optional}`)),
    element(block.element, block, surface, names),
    error && h("p.error", { id: ids.error }, icon("warn"), h("span", {}, error)),
    block.hint && h("p.hint", { id: ids.hint }, block.hint.text),
  );
}
