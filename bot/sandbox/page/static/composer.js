// The message box: commands with their hints as one types, and what was sent before.

import { fill, h } from "./dom.js";
import { post } from "./api.js";
import { toast } from "./notices.js";
import { store } from "./store.js";
import { words } from "./words.js";

const line = document.getElementById("line");
const list = document.getElementById("commands");
const hint = document.getElementById("line-hint");
const status = document.getElementById("line-status");
const sent = [];
let at = 0;
let active = 0;
let offered = [];
let underWay = 0;
let whenSent = () => {};

/** Have something done whenever a line is sent. */
export function onSend(listener) {
  whenSent = listener;
}

/** Draw the words of the message box for the conversation that is open. */
export function drawComposer(name) {
  line.setAttribute("aria-label", words.writeIn(name));
  line.placeholder = words.writeHint;
  list.setAttribute("aria-label", words.commands);
  document.getElementById("send").setAttribute("aria-label", words.send);
  look();
}

/** Put a line into the box, ready to be sent. */
export function propose(text) {
  line.value = text;
  line.focus();
  line.setSelectionRange(text.length, text.length);
  close();
  look(false);
}

function look(offers = true) {
  const text = line.value;
  const name = text.split(" ", 1)[0];
  offered = offers && /^\/\S*$/.test(text) ? store.commands.filter((one) => one.name.startsWith(text)) : [];
  if (offered.length === 1 && offered[0].name === text) offered = [];
  const command = store.commands.find((one) => one.name === name);
  hint.textContent = command ? `${command.name} ${command.hint}` : "";
  hint.hidden = !command || offered.length > 0;
  active = Math.min(active, Math.max(offered.length - 1, 0));
  draw();
}

function draw() {
  const open = offered.length > 0 && document.activeElement === line;
  line.setAttribute("aria-expanded", String(open));
  list.hidden = !open;
  if (!open) {
    line.removeAttribute("aria-activedescendant");
    return;
  }
  fill(list, offered.map((command, index) => h(
    index === active ? "div.option.active" : "div.option",
    { id: `command-${index}`, role: "option", "aria-selected": String(index === active),
      on: { mousedown: (event) => event.preventDefault(), click: () => complete(command) } },
    h("span.command", {}, h("b", {}, command.name), " ", h("span.hint", {}, command.hint)),
    h("span.about", {}, command.description))));
  line.setAttribute("aria-activedescendant", `command-${active}`);
  list.querySelector(".active").scrollIntoView({ block: "nearest" });
}

function close() {
  offered = [];
  draw();
}

function complete(command) {
  line.value = `${command.name} `;
  line.focus();
  active = 0;
  look();
}

async function send() {
  const text = line.value.trim();
  if (!text) return;
  sent.push(text);
  at = sent.length;
  line.value = "";
  look();
  whenSent();
  underWay += 1;
  // Most answers are there before anybody could read this.
  const timer = setTimeout(() => (status.textContent = words.onItsWay(text)), 250);
  const answer = await post("say", { person: store.me, channel: store.channel, text });
  clearTimeout(timer);
  underWay -= 1;
  if (!underWay) status.textContent = "";
  if (!answer.ok && (answer.error === "unreachable" || answer.error?.includes(" "))) {
    toast(answer.error);
    if (!line.value) propose(text);
  }
}

function recall(by) {
  if (!sent.length) return;
  at = Math.max(0, Math.min(sent.length, at + by));
  propose(sent[at] ?? "");
}

function onKey(event) {
  const open = !list.hidden;
  const isExact = open && offered[active].name === line.value;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    active = (active + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
    draw();
  } else if (open && (event.key === "Tab" || (event.key === "Enter" && !isExact)) && !event.shiftKey) {
    complete(offered[active]);
  } else if (open && event.key === "Escape") close();
  else if (!open && event.key === "ArrowUp" && (!line.value || sent[at] === line.value)) recall(-1);
  else if (!open && event.key === "ArrowDown" && sent[at] === line.value) recall(1);
  else return;
  event.preventDefault();
}

line.addEventListener("input", () => look());
line.addEventListener("keydown", onKey);
line.addEventListener("focus", () => look());
line.addEventListener("blur", draw);
document.getElementById("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  close();
  send();
});
