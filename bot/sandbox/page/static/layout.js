// The inspector's place: shown or hidden, narrow or wide; and F6, which goes from one part of the page to the next.

import { words } from "./words.js";

const page = document.getElementById("page");
const inspector = document.getElementById("inspector");
const button = document.getElementById("inspector-toggle");
const hide = document.getElementById("inspector-hide");
const edge = document.getElementById("inspector-edge");
const MIN = 300;
const MAX = 900;
const STEP = 24;

const memory = {
  get: (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // It is then forgotten at the end of the visit.
    }
  },
};

let width = Number(memory.get("inspector-width")) || 400;
let shown = memory.get("inspector") ? memory.get("inspector") === "shown" : window.innerWidth >= 1180;

/** Draw the words of the inspector's handles, and its place. */
export function drawLayout() {
  page.classList.toggle("with-inspector", shown);
  page.style.setProperty("--inspector", `${width}px`);
  inspector.hidden = !shown;
  edge.hidden = !shown;
  button.setAttribute("aria-expanded", String(shown));
  document.getElementById("inspector-toggle-text").textContent = words.inspector;
  hide.setAttribute("aria-label", words.hideInspector);
  edge.setAttribute("aria-label", words.resize);
  edge.setAttribute("aria-valuenow", String(width));
}

function toggle() {
  shown = !shown;
  memory.set("inspector", shown ? "shown" : "hidden");
  drawLayout();
}

function resize(to) {
  width = Math.round(Math.max(MIN, Math.min(MAX, window.innerWidth - 560, to)));
  memory.set("inspector-width", String(width));
  drawLayout();
}

/** In a narrow window the inspector lies over the conversation, and over the button that opens it. */
const covers = () => getComputedStyle(inspector).position === "fixed";

function leave() {
  toggle();
  button.focus();
}

button.addEventListener("click", () => {
  toggle();
  if (shown && covers()) hide.focus();
});
hide.addEventListener("click", leave);
inspector.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && covers()) leave();
});
edge.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") resize(width + STEP);
  else if (event.key === "ArrowRight") resize(width - STEP);
  else return;
  event.preventDefault();
});
edge.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  const move = (moved) => resize(window.innerWidth - moved.clientX);
  edge.addEventListener("pointermove", move);
  edge.addEventListener("pointerup", () => edge.removeEventListener("pointermove", move), { once: true });
});

const REGIONS = ["#sidebar button, #sidebar input:checked", "#chat-head button", "#messages", "#line", "#inspector button"];
document.addEventListener("keydown", (event) => {
  if (event.key !== "F6" || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  const found = REGIONS.map((region) => document.querySelector(region)).filter((one) => one?.offsetParent);
  const here = found.findLastIndex((one) => {
    const position = one.compareDocumentPosition(document.activeElement);
    return one === document.activeElement || position & Node.DOCUMENT_POSITION_FOLLOWING;
  });
  const by = event.shiftKey ? found.length - 1 : 1;
  found[(here + by) % found.length]?.focus();
});
