// The left side: the workspace, its conversations, and who one is.

import { appMark, avatar, openTab } from "./messages.js";
import { fill, h, icon } from "./dom.js";
import { store } from "./store.js";
import { words } from "./words.js";

const nav = document.getElementById("channels");
const players = document.getElementById("players");

/** Draw the conversations. `open` is called with the id of the one that is chosen. */
export function drawChannels(open) {
  const place = nav.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
  const joined = store.channels.filter((one) => !one.is_im);
  const direct = store.channels.filter((one) => one.is_im);
  const row = (channel) => {
    const unread = store.unread.get(channel.id);
    return h("li", {}, h(unread ? "button.channel.unread" : "button.channel", {
      type: "button", data: { channel: channel.id }, "aria-current": channel.id === store.channel ? "page" : null,
      on: { click: () => open(channel.id) },
    }, channel.is_im ? appMark() : icon("hash"), h("span", {}, channel.is_im ? "InvoiceXpress" : channel.name),
    unread && h("span.count", {}, h("span", { "aria-hidden": "true" }, unread), h("span.sr-only", {}, words.unread(unread)))));
  };
  const group = (title, channels) => [h("h2", {}, title), h("ul", {}, channels.map(row))];
  fill(nav, group(words.channels, joined), group(words.apps, direct));
  nav.setAttribute("aria-label", words.channels);
  if (place) nav.querySelector(`[data-channel="${place}"]`)?.focus();
}

/** Draw the two people. `become` is called with the id of the one that is chosen. */
export function drawPlayers(become) {
  const hadFocus = players.contains(document.activeElement);
  const player = (id) => {
    const person = store.person(id);
    const tongue = person.locale.startsWith("pt") ? words.portuguese : words.english;
    const radio = h("input", { type: "radio", name: "player", value: id, on: { change: () => become(id) } });
    radio.checked = id === store.me;
    return h("label.player", {}, radio, avatar(person.name[0], person.name.toLowerCase()), h("span", {},
      h("b", {}, person.real_name), h("small", {}, `${tongue} · ${person.is_admin ? words.admin : words.member}`)));
  };
  fill(players, h("legend", {}, words.youAre), store.players.map(player));
  if (hadFocus) players.querySelector("input:checked").focus();
}

/** Open the tab of the app that was open last, when its conversation is opened. */
export function refreshTab() {
  if (store.open.is_im && store.tab === "home") openTab("home");
}
