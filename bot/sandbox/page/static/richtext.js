// Rich text blocks: text that carries its style beside it instead of marks within.

import { dated } from "./dates.js";
import { h } from "./dom.js";
import { channelMention, groupMention, link, userMention } from "./mrkdwn.js";
import { words } from "./words.js";

const TAGS = { code: "code", strike: "s", italic: "em", bold: "strong" };

/** The nodes of a rich_text block. */
export function richText(block) {
  return h("div.rich", {}, block.elements.map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return h("p", {}, element.elements.map(piece));
    case "rich_text_quote":
      return h("blockquote", {}, element.elements.map(piece));
    case "rich_text_preformatted":
      return h("pre", {}, element.elements.map(piece));
    case "rich_text_list":
      return list(element);
    default:
      return h("div.unknown", {}, words.notShown(element.type));
  }
}

function list(element) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const items = element.elements.map((section) => h("li", {}, section.elements.map(piece)));
  return h(`${tag}.indent-${Math.min(element.indent ?? 0, 4)}`, {}, items);
}

function piece(element) {
  return dressed(bare(element), element.style ?? {});
}

function dressed(node, style) {
  for (const [name, tag] of Object.entries(TAGS)) if (style[name]) node = h(tag, {}, node);
  return node;
}

function bare(element) {
  switch (element.type) {
    case "text":
      return element.text;
    case "link":
      return link(element.url, element.text);
    case "user":
      return userMention(element.user_id);
    case "channel":
      return channelMention(element.channel_id);
    case "usergroup":
      return groupMention(element.usergroup_id);
    case "broadcast":
      return h("span.mention", {}, `@${element.range}`);
    case "emoji":
      return emoji(element);
    case "date":
      return date(element);
    default:
      return h("span.unknown", {}, words.notShown(element.type));
  }
}

function date(element) {
  const time = h("time", { datetime: new Date(element.timestamp * 1000).toISOString() }, dated(element));
  return element.url ? link(element.url, "", [time]) : time;
}

function emoji(element) {
  if (!element.unicode) return `:${element.name}:`;
  return String.fromCodePoint(...element.unicode.split("-").map((code) => Number.parseInt(code, 16)));
}
