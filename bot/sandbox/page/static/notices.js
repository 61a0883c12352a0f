// What the page says to everybody: a live region for those who listen, and a note for what did not work.

import { fill, h, icon } from "./dom.js";
import { words } from "./words.js";

let timer = 0;

/** Have a text read out, within the modal where one is open: what lies behind it is not heard. */
export function announce(text) {
  const place = document.querySelector("dialog[open] [data-live]") ?? document.getElementById("live");
  place.textContent = "";
  // A change in the same moment would be one change, and the same text none.
  setTimeout(() => (place.textContent = text), 50);
}

/** Show a note for some seconds. */
export function toast(error) {
  const text = error === "unreachable" || !error ? words.oops : error;
  const place = document.querySelector("dialog[open] [data-toast]") ?? document.getElementById("toast");
  fill(place, h("div.toast", {}, icon("warn"), h("span", {}, text)));
  announce(text);
  clearTimeout(timer);
  timer = setTimeout(() => place.replaceChildren(), 6000);
}
