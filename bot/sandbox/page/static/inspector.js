// The inspector: what goes between Slack, the bot and InvoiceXpress, and what is to go wrong.

import { exchange, post } from "./api.js";
import { fill, followEnd, h, icon, reconcile } from "./dom.js";
import { pretty } from "./json.js";
import { announce, toast } from "./notices.js";
import { store } from "./store.js";
import { words } from "./words.js";

const ROUTES = [["slack", "bot", "toBot"], ["bot", "slack", "toSlack"], ["bot", "invoicexpress", "toInvoiceXpress"]];
const FAULTS = ["slow", "down", "limiting", "refusing"];
const list = document.getElementById("exchanges");
const hidden = new Set();
const unfolded = new Set();
let roving = null;
followEnd(list.parentElement);

const routeOf = (one) => ROUTES.find(([from, to]) => from === one.from && to === one.to)[2];

/** Draw the list of exchanges. */
export function drawExchanges() {
  document.getElementById("inspector-title").textContent = words.inspector;
  const clear = document.getElementById("inspector-clear");
  clear.title = words.clearExchanges;
  clear.setAttribute("aria-label", words.clearExchanges);
  drawFilter();
  const all = [...store.exchanges.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
  const shown = all.filter((one) => !hidden.has(routeOf(one)));
  if (!shown.some((one) => one.id === roving)) roving = shown.at(-1)?.id ?? null;
  const entries = shown.map((one) => [one.id, JSON.stringify([one, words.pending, unfolded.has(one.id)]), () => draw(one)]);
  if (!shown.length) {
    const text = all.length ? words.noneShown : words.noExchanges;
    entries.push(["none", text, () => h("li.none", {}, text)]);
  }
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("li").dataset.key : null;
  reconcile(list, entries);
  list.setAttribute("aria-label", words.exchanges);
  if (focused) list.querySelector(`[data-key="${focused}"] .exchange-head`)?.focus();
  rove();
}

function drawFilter() {
  const place = document.getElementById("filter");
  const signature = JSON.stringify([words.filter, [...hidden]]);
  if (place.dataset.signature === signature) return;
  const hadFocus = place.contains(document.activeElement) ? document.activeElement.dataset.route : null;
  place.dataset.signature = signature;
  place.setAttribute("aria-label", words.filter);
  const toggle = (route) => (hidden.has(route) ? hidden.delete(route) : hidden.add(route));
  fill(place, ROUTES.map(([, , route]) => h("button.filter", {
    type: "button", "aria-pressed": String(!hidden.has(route)), data: { route },
    on: { click: () => (toggle(route), drawExchanges()) },
  }, h(`span.dot.${route}`), words[route])));
  if (hadFocus) place.querySelector(`[data-route="${hadFocus}"]`)?.focus();
}

function draw(one) {
  const isOpen = unfolded.has(one.id);
  const failed = Boolean(one.error) || (one.status ?? 0) >= 400;
  const result = one.ms === null ? words.pending : one.error ?? String(one.status ?? "");
  const head = h("button.exchange-head", {
    type: "button", "aria-expanded": String(isOpen), on: { click: () => unfold(one.id) },
  }, h(`span.dot.${routeOf(one)}`),
  h("span.route", {}, h("span.sr-only", {}, `${words[routeOf(one)]}: `), h("span.kind", {}, titleOf(one)), " ",
    h("span.name", {}, detailOf(one))),
  h(`span.result.${one.ms === null ? "waits" : failed ? "bad" : "good"}`, {}, result),
  h("time", {}, timeOf(one.at)), h("span.ms", {}, one.ms === null ? "" : duration(one.ms)));
  const item = h("li.exchange", {}, head);
  if (isOpen) detail(item, one);
  return item;
}

const titleOf = (one) => (one.kind === "api" ? one.name : one.kind);
const detailOf = (one) => (one.kind === "api" ? "" : one.name);
const duration = (ms) => (ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

function timeOf(at) {
  const time = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

function unfold(id) {
  if (!unfolded.delete(id)) unfolded.add(id);
  roving = id;
  drawExchanges();
}

async function detail(item, one) {
  const body = h("div.exchange-body", { tabindex: "0", "aria-label": titleOf(one) });
  item.append(body);
  const found = await exchange(one.id);
  if (!found) return;
  fill(body, found.address && h("p.address", {}, `${one.kind} ${found.address}`),
    part(words.request, found.request), part(words.response, found.response));
  item.scrollIntoView({ block: "nearest" });
}

function part(title, text) {
  const copy = h("button.icon-button", { type: "button", "aria-label": `${words.copy}: ${title}`, on: {
    click: async () => {
      await navigator.clipboard.writeText(text);
      announce(words.copied);
    },
  } }, icon("copy"));
  return h("section", {}, h("h4", {}, title, text && copy),
    text ? h("pre.json", {}, pretty(text)) : h("p.hint", {}, words.empty));
}

/** One exchange is reached with Tab, the others from there with the arrows. */
function rove() {
  for (const head of list.querySelectorAll(".exchange-head")) {
    head.tabIndex = head.parentElement.dataset.key === roving ? 0 : -1;
  }
}

document.getElementById("inspector-clear").addEventListener("click", () => post("exchanges/clear"));
list.addEventListener("keydown", (event) => {
  const item = event.target.closest?.(".exchange-head")?.parentElement;
  const to = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling,
    Home: list.firstElementChild, End: list.lastElementChild }[event.key];
  const head = item && to?.querySelector(".exchange-head");
  if (!head) return;
  event.preventDefault();
  roving = to.dataset.key;
  rove();
  head.focus();
});

/** Draw the buttons of the faults. */
export function drawFaults() {
  const place = document.getElementById("faults");
  const faults = store.faults;
  const label = (name) => (name === "slow" ? words.slow(faults.slow_seconds) : words[name]);
  const hadFocus = place.contains(document.activeElement) ? document.activeElement.dataset.fault : null;
  const count = FAULTS.filter((name) => faults[name]).length;
  const toggle = (name) => h("button.fault", {
    type: "button", role: "switch", "aria-checked": String(faults[name]), data: { fault: name },
    on: { click: () => post("faults", { [name]: !store.faults[name] }) },
  }, h("span.knob"), label(name));
  const why = faults.sockets === null ? words.cutNot : faults.sockets ? null : words.cutGone;
  const cut = h("button.fault.once", {
    type: "button", data: { fault: "cut" }, "aria-disabled": why && "true", "aria-describedby": why && "cut-not", title: why,
    on: { click: () => !why && cutSocket() },
  }, words.cut);
  const off = h("button.fault.once", { type: "button", data: { fault: "off" }, on: { click: () => post("faults/clear") } },
    words.allOff);
  fill(place, h("legend", {}, words.faults), h("p.faults-of", { id: "faults-of" }, words.faultsOf),
    h("div.fault-row", { role: "group", "aria-labelledby": "faults-of" }, FAULTS.map(toggle)),
    h("div.fault-row", {}, cut, off), why && h("span.sr-only", { id: "cut-not" }, why));
  if (hadFocus) place.querySelector(`[data-fault="${hadFocus}"]`)?.focus();
  const flag = document.getElementById("fault-flag");
  flag.hidden = count === 0;
  fill(flag, icon("warn"), words.faultsOn(count));
}

async function cutSocket() {
  const answer = await post("faults/cut");
  if (answer.ok) announce(words.cutNow);
  else toast(answer.error);
}
