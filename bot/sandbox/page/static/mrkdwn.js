// Slack's text formatting ("Formatting message text"): mrkdwn becomes nodes, never HTML.

import { h } from "./dom.js";
import { store } from "./store.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const decode = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);

// In this order: what stands in code or in a mention is not looked at again.
const TOKEN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>/g;
const STYLES = [
  [/(^|[\s\p{P}])\*(\S|\S[^\n*]*?\S)\*(?=$|[\s\p{P}])/u, "strong"],
  [/(^|[\s\p{P}])_(\S|\S[^\n_]*?\S)_(?=$|[\s\p{P}])/u, "em"],
  [/(^|[\s\p{P}])~(\S|\S[^\n~]*?\S)~(?=$|[\s\p{P}])/u, "s"],
];

/** The nodes of a mrkdwn text. */
export function mrkdwn(text) {
  const parts = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length) parts.push(h("blockquote", {}, lines(quoted.join("\n"))));
    quoted = [];
  };
  for (const line of splitOutsideCode(text)) {
    const quote = /^(?:&gt;|>) ?(.*)$/s.exec(line);
    if (quote) {
      quoted.push(quote[1]);
      continue;
    }
    const follows = parts.length && !quoted.length && typeof parts.at(-1) !== "object";
    flush();
    if (follows) parts[parts.length - 1] += `\n${line}`;
    else parts.push(line);
  }
  flush();
  return parts.map((part) => (typeof part === "string" ? lines(part) : part));
}

function splitOutsideCode(text) {
  const kept = [];
  const hidden = text.replace(/```[\s\S]+?```/g, (code) => `\u0000${kept.push(code) - 1}\u0000`);
  return hidden.split("\n").map((line) => line.replace(/\u0000(\d+)\u0000/g, (_, index) => kept[index]));
}

function lines(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(...styled(text.slice(end, match.index)));
    end = match.index + match[0].length;
    if (match[1] !== undefined) nodes.push(h("pre", {}, decode(match[1].replace(/^\n|\n$/g, ""))));
    else if (match[2] !== undefined) nodes.push(h("code", {}, decode(match[2])));
    else nodes.push(...reference(match[3]));
  }
  nodes.push(...styled(text.slice(end)));
  return nodes;
}

function styled(text) {
  for (const [pattern, tag] of STYLES) {
    const match = pattern.exec(text);
    if (match) {
      const start = match.index + match[1].length;
      const after = match.index + match[0].length;
      return [...styled(text.slice(0, start)), h(tag, {}, styled(match[2])), ...styled(text.slice(after))];
    }
  }
  return text ? [decode(text)] : [];
}

function reference(content) {
  const bar = content.indexOf("|");
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? "" : decode(content.slice(bar + 1));
  if (target.startsWith("@")) return [userMention(target.slice(1), label)];
  if (target.startsWith("#")) return [channelMention(target.slice(1), label)];
  if (target.startsWith("!subteam^")) return [groupMention(target.slice(9), label)];
  if (target.startsWith("!")) return [mention(`@${label || target.slice(1)}`)];
  return [link(decode(target), label)];
}

const mention = (text, mine = false) => h(mine ? "span.mention.mine" : "span.mention", {}, text);

/** A person who is named. */
export function userMention(id, label = "") {
  const person = store.person(id);
  return mention(`@${person ? person.name : label || id}`, id === store.me);
}

/** A channel that is named. */
export function channelMention(id, label = "") {
  const channel = store.channels.find((one) => one.id === id);
  return mention(`#${channel ? channel.name : label || id}`);
}

/** A user group that is named. */
export function groupMention(id, label = "") {
  const group = store.groups.find((one) => one.id === id);
  return mention(`@${group ? group.handle : label || id}`);
}

/** A link, where its address is one that may be followed. */
export function link(address, label = "", style = []) {
  const shown = style.length ? style : label || address.replace(/^mailto:/, "");
  if (!/^(?:https?|mailto|tel):/i.test(address)) return h("span", {}, shown);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, shown);
}
