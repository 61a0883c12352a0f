// JSON, laid out and coloured without being read: a number stays as it was written, digit for digit.

import { h } from "./dom.js";

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]|\s+|./gsu;
const PAIRS = { "{": "}", "[": "]" };

/** The nodes of a text that is JSON; any other text as it is. */
export function pretty(text) {
  try {
    JSON.parse(text);
  } catch {
    return [text];
  }
  const tokens = text.match(TOKEN).filter((token) => token.trim());
  const nodes = [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token in PAIRS && tokens[at + 1] === PAIRS[token]) {
      nodes.push(token + tokens[(at += 1)]);
    } else if (token in PAIRS) {
      depth += 1;
      nodes.push(token, line());
    } else if (token === "}" || token === "]") {
      depth -= 1;
      nodes.push(line(), token);
    } else if (token === ",") nodes.push(",", line());
    else if (token === ":") nodes.push(": ");
    else nodes.push(h(`span.${kind(token, tokens[at + 1])}`, {}, token));
  }
  return nodes;
}

function kind(token, next) {
  if (token.startsWith('"')) return next === ":" ? "key" : "string";
  return /^[-\d]/.test(token) ? "number" : "word";
}
