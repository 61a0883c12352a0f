// The modal: the view on top of a person's stack, in a real dialog.

import { drawBlocks } from "./blocks.js";
import { fill, focusWithin, h, icon, refocus } from "./dom.js";
import { post } from "./api.js";
import { placeInMessages, returnToMessages } from "./messages.js";
import { announce, toast } from "./notices.js";
import { pending, typedIntoAll } from "./elements.js";
import { store } from "./store.js";
import { words } from "./words.js";

const dialog = document.getElementById("modal");
const parts = Object.fromEntries(
  ["back", "title", "leave", "trouble", "blocks", "foot"].map((name) => [name, document.getElementById(`modal-${name}`)]),
);
// What was typed into each open view, by its id.
const typed = new Map();
let current = null;
let submit = null;
let opener = null;

/** Bring the dialog into line with the stack of views. */
export function drawModal() {
  const view = store.views.at(-1);
  for (const id of typed.keys()) if (!store.views.some((one) => one.id === id)) typed.delete(id);
  if (!view) return shut();
  if (!dialog.open) {
    opener = { element: document.activeElement, place: placeInMessages() };
    dialog.showModal();
  }
  draw(view);
}

function shut() {
  current = null;
  if (!dialog.open) return;
  dialog.close();
  parts.blocks.replaceChildren();
  const { element, place } = opener;
  if (element?.isConnected && element !== document.body) element.focus();
  else if (place) returnToMessages(place);
  else document.getElementById("line").focus();
}

function draw(view) {
  const isNew = current?.id !== view.id;
  const before = current;
  const place = isNew ? null : focusWithin(parts.blocks);
  const wasInBlocks = !isNew && parts.blocks.contains(document.activeElement);
  current = view;
  if (!typed.has(view.id)) typed.set(view.id, new Map());
  if (isNew) parts.blocks.replaceChildren();
  frame(view);
  const surface = { place: { view: view.id }, values: view.values, errors: view.errors, typed: typed.get(view.id) };
  drawBlocks(parts.blocks, view.blocks, surface);
  const isUpdated = before?.hash !== view.hash;
  const hasNewErrors = JSON.stringify(view.errors) !== JSON.stringify(before?.errors ?? {}) && count(view.errors) > 0;
  if (hasNewErrors) showErrors(view);
  else if (isNew) begin();
  else if (wasInBlocks && !refocus(parts.blocks, place)) begin();
  else if (isUpdated && document.activeElement === parts.title) begin();
  if (isUpdated && !isNew) announce([parts.title.textContent, spoken()].join(". "));
}

const count = (errors) => Object.keys(errors).length;
const spoken = () => parts.blocks.innerText.replace(/([.:!?…])?\s*\n\s*/g, (_, end) => `${end ?? "."} `).slice(0, 300);

function frame(view) {
  const stacked = store.views.length > 1;
  parts.title.textContent = view.title?.text ?? "";
  parts.back.hidden = !stacked;
  parts.back.setAttribute("aria-label", words.back);
  parts.leave.setAttribute("aria-label", stacked ? words.closeAll : words.close);
  const trouble = view.trouble && h("div.block-alert.error", {}, icon("warn"), h("div", {}, view.trouble));
  fill(parts.trouble, trouble);
  const texts = JSON.stringify([view.id, view.close, view.submit, words.close]);
  if (parts.foot.dataset.texts !== texts) drawFoot(view, texts);
  if (submit) {
    submit.classList.toggle("pending", view.busy);
    if (view.busy) submit.setAttribute("aria-disabled", "true");
    else submit.removeAttribute("aria-disabled");
  }
}

function drawFoot(view, texts) {
  const hadFocus = parts.foot.contains(document.activeElement);
  parts.foot.dataset.texts = texts;
  const close = h("button.button.plain", { type: "button", on: { click: () => leave(false) } },
    h("span", {}, view.close?.text ?? words.close));
  submit = view.submit && h("button.button.primary", { type: "submit" }, h("span", {}, view.submit.text));
  fill(parts.foot, close, submit);
  if (hadFocus) (submit ?? close).focus();
}

/** Put the focus where a person begins: the field that asks for it, the first field, or the title. */
function begin() {
  const field =
    parts.blocks.querySelector("[data-focus]") ??
    parts.blocks.querySelector("input:not([tabindex='-1']), textarea");
  (field ?? parts.title).focus();
}

function showErrors(view) {
  const wrong = parts.blocks.querySelector("[aria-invalid]");
  // A group of boxes takes no focus itself: the box that is reached with Tab does.
  const field = wrong?.matches("[role]:not(input)") ? wrong.querySelector("input:checked") ?? wrong.querySelector("input") : wrong;
  field?.focus();
  announce([words.errorsFound(count(view.errors)), ...Object.values(view.errors)].join(" "));
}

async function send() {
  if (!current || !submit || submit.getAttribute("aria-disabled")) return;
  const view = current;
  const body = { person: store.me, view: view.id, typed: typedIntoAll({ typed: typed.get(view.id) }) };
  const answer = await pending(submit, () => post("submit", body));
  if (!answer.ok && answer.error?.includes(" ")) toast(answer.error);
}

async function leave(everything) {
  if (!current) return;
  const answer = await post("close", { person: store.me, view: current.id, everything });
  if (!answer.ok) toast(answer.error);
}

document.getElementById("modal-form").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
parts.back.addEventListener("click", () => leave(false));
parts.leave.addEventListener("click", () => leave(true));
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  leave(false);
});
// A browser may insist on closing it: then the view goes, too.
dialog.addEventListener("close", () => leave(true));
dialog.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
});
