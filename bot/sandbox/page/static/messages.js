// The conversation on the screen: its head, its messages, and the app's Home.

import { drawBlocks } from "./blocks.js";
import { fill, focusWithin, followEnd, h, icon, reconcile, refocus } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { post } from "./api.js";
import { propose } from "./composer.js";
import { announce } from "./notices.js";
import { store } from "./store.js";
import { language, words } from "./words.js";

const list = document.getElementById("messages");
const scroller = document.getElementById("scroller");
const home = document.getElementById("home");
const head = document.getElementById("chat-head");
const APP = "InvoiceXpress";
const GROUP_SECONDS = 300;
/** Scroll to the newest message, and stay there. */
export const goToEnd = followEnd(scroller);

/** The name of a conversation, as it is written in the page's head. */
export const nameOf = (channel) => (channel.is_im ? APP : `#${channel.name}`);

/** Draw what is on the screen. */
export function drawChat() {
  const channel = store.open;
  const showsHome = channel.is_im && store.tab === "home";
  drawHead(channel);
  scroller.hidden = showsHome;
  document.getElementById("composer").hidden = showsHome;
  home.hidden = !showsHome;
  for (const [name, panel] of [["home", home], ["messages", scroller]]) labelPanel(panel, channel.is_im && `tab-${name}`);
  if (showsHome) drawHome();
  else drawMessages(channel);
}

/** Only the conversation with the app has tabs, and so panels that belong to them. */
function labelPanel(panel, tab) {
  for (const [key, value] of [["role", "tabpanel"], ["aria-labelledby", tab]]) {
    if (tab) panel.setAttribute(key, value);
    else panel.removeAttribute(key);
  }
}

function drawHead(channel) {
  const state = channel.is_im ? words.direct : channel.bot_is_member ? words.botHere : words.botAbsent;
  const about = channel.is_im ? state : `${words.people(channel.people)} · ${state}`;
  const signature = JSON.stringify([channel, store.tab, about]);
  if (head.dataset.signature === signature) return;
  const place = document.activeElement?.dataset.tab;
  head.dataset.signature = signature;
  fill(head, h("div.names", {}, h("h1", {}, channel.is_im ? appMark() : icon("hash"),
    h("span", {}, channel.is_im ? APP : channel.name)), h("p.about", {}, about)), channel.is_im && tabs());
  if (place) head.querySelector(`[data-tab="${place}"]`)?.focus();
}

function tabs() {
  const names = ["home", "messages"];
  const tab = (name) => h("button.tab", {
    type: "button", role: "tab", id: `tab-${name}`, data: { tab: name },
    "aria-selected": String(store.tab === name), tabindex: store.tab === name ? "0" : "-1",
    "aria-controls": name === "home" ? "home" : "scroller",
    on: { click: () => openTab(name) },
  }, words[name]);
  const onKey = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    openTab(names[1 - names.indexOf(store.tab)]);
    head.querySelector(`[data-tab="${store.tab}"]`).focus();
  };
  return h("div.tabs", { role: "tablist", "aria-label": APP, on: { keydown: onKey } }, names.map(tab));
}

/** Open a tab of the conversation with the app; the bot is told when it is Home. */
export async function openTab(name) {
  store.tab = name;
  home.dataset.failed = "";
  drawChat();
  if (name !== "home") return;
  const answer = await post("home", { person: store.me });
  home.dataset.failed = answer.ok ? "" : "yes";
  drawChat();
}

function drawHome() {
  const place = focusWithin(home);
  if (!store.home) {
    fill(home, h("p.waiting", {}, home.dataset.failed ? words.homeFailed : words.homeWaiting));
    return;
  }
  let body = home.querySelector(".home-blocks");
  if (!body) fill(home, (body = h("div.home-blocks")));
  const surface = { place: { view: store.home.id }, values: store.home.values, typed: new Map() };
  drawBlocks(body, store.home.blocks, surface);
  if (place) refocus(home, place);
}

function drawMessages(channel) {
  const messages = store.messagesIn(channel.id);
  const place = placeInMessages();
  list.setAttribute("aria-label", words.messages);
  const entries = messages.map((message, index) => {
    const follows = continues(messages[index - 1], message);
    return [message.ts, JSON.stringify([message.revision, message.trouble, follows, store.me, language]),
      () => draw(message, follows)];
  });
  if (!entries.length) entries.push(["empty", JSON.stringify([channel.id, language]), () => empty(channel)]);
  reconcile(list, entries);
  if (place && !list.contains(document.activeElement)) returnToMessages(place);
  if (list.dataset.channel !== channel.id) goToEnd();
  list.dataset.channel = channel.id;
  store.unread.delete(channel.id);
}

/** Where the focus is among the messages, or null where it is elsewhere. */
export function placeInMessages() {
  const place = focusWithin(list);
  return place && { ...place, message: document.activeElement.closest(".message")?.dataset.key };
}

/** Put the focus back to the same element of the same message, or to the list where that is gone. */
export function returnToMessages(place) {
  const message = list.querySelector(`.message[data-key="${place.message}"]`);
  if (!message || !refocus(message, place)) list.focus();
}

/** Whether a message stands under the name of the one before it. */
function continues(before, message) {
  if (!before || before.author !== message.author || before.ephemeral !== message.ephemeral) return false;
  return Number(message.ts) - Number(before.ts) < GROUP_SECONDS && !message.ephemeral;
}

function draw(message, follows) {
  const author = authorOf(message.author);
  const body = h("div.message-body");
  if (message.blocks.length) {
    drawBlocks(body, message.blocks, { place: { message: message.ts }, values: message.values });
  } else body.append(h("div.text", {}, mrkdwn(message.text)));
  const time = new Date(Number(message.ts) * 1000);
  const clock = time.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  return h(["li.message", message.ephemeral && "ephemeral", follows && "follows"].filter(Boolean).join("."), {},
    h("div.avatar-place", {}, follows ? null : author.mark()),
    h("div.message-main", {},
      message.ephemeral && h("p.only-you", {}, icon("eye"), words.onlyYou),
      h(follows ? "div.byline.sr-only" : "div.byline", {}, h("b", {}, author.name),
        author.isApp && h("span.badge", {}, words.app), h("time", { datetime: time.toISOString() }, clock)),
      body,
      message.edited && h("span.edited", {}, words.edited),
      message.trouble && h("p.trouble", { role: "alert" }, icon("warn"), h("span", {}, message.trouble))));
}

function authorOf(id) {
  const person = store.person(id);
  if (person?.is_bot) return { name: APP, isApp: true, mark: appMark };
  if (!person) return { name: words.slackbot, isApp: false, mark: () => avatar("S", "slackbot") };
  return { name: person.real_name, isApp: false, mark: () => avatar(person.name[0], person.name.toLowerCase()) };
}

/** The picture of a person: the first letter of the name. */
export const avatar = (letter, kind) => h(`span.avatar.${kind}`, { "aria-hidden": "true" }, letter);
/** The picture of the app. */
export const appMark = () => h("span.avatar.app-mark", { "aria-hidden": "true" }, icon("receipt"));

function empty(channel) {
  const offer = (line) => h("button.chip", { type: "button", on: { click: () => propose(line) } }, line);
  return h("li.empty", {}, h("div.empty-mark", {}, icon("receipt")), h("h2", {}, words.emptyTitle),
    h("p", {}, channel.is_im ? words.emptyDm : words.emptyText), h("div.chips", {}, words.suggestions.map(offer)));
}

/** Read new messages out, and count those that are not on the screen. */
export function heard(fresh) {
  for (const message of fresh) {
    if (message.author === store.me) continue;
    const isOpen = message.channel === store.channel && !(store.open.is_im && store.tab === "home");
    if (!isOpen) store.unread.set(message.channel, (store.unread.get(message.channel) ?? 0) + 1);
    const text = message.text || message.blocks.map((block) => block.text?.text ?? "").join(" ");
    const channel = store.channels.find((one) => one.id === message.channel);
    const where = isOpen ? "" : ` ${nameOf(channel)}`;
    announce(`${authorOf(message.author).name}${where}: ${h("span", {}, mrkdwn(text)).textContent}`);
  }
}
