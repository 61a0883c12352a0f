// The dialog that asks before a button or a choice does its work.

import { fill, h, newId } from "./dom.js";
import { words } from "./words.js";

/** Ask as an element's `confirm` says; resolves to whether it was confirmed. */
export function ask(confirm) {
  const before = document.activeElement;
  const [title, text] = [newId("title"), newId("text")];
  const dialog = h("dialog.confirm", { role: "alertdialog", "aria-labelledby": title, "aria-describedby": text });
  const button = (kind, label, value) =>
    h(`button.button.${kind}`, { type: "button", on: { click: () => dialog.close(value) } }, h("span", {}, label));
  const deny = button("plain", confirm.deny?.text ?? words.cancel, "");
  const style = confirm.style === "danger" ? "danger" : "primary";
  fill(dialog, h("h2", { id: title }, confirm.title.text), h("p", { id: text }, confirm.text.text),
    h("div.foot", {}, deny, button(style, confirm.confirm?.text ?? words.confirm, "yes")));
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
    deny.focus();
  });
}
