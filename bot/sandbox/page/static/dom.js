// Small helpers over the DOM. Text always becomes a text node: nothing from outside is ever read as HTML.

/**
 * Make an element.
 * @param {string} tag a tag, with classes after dots: "button.primary".
 * @param {Object} [attributes] `on` holds listeners, `data` dataset entries; null, undefined and false leave one out.
 * @param {...any} children nodes, texts, arrays of them; null and false are left out.
 */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (key === "data") Object.assign(element.dataset, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) parent.append(child);
  }
}

/** Put children in the place of those that are there. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
  return parent;
}

const ICONS = {
  hash: "M6.5 2.5 5 13.5M11 2.5 9.5 13.5M2.5 6h11M2 10.5h11",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  close: "m4 4 8 8M12 4l-8 8",
  back: "M10 3 5 8l5 5",
  send: "M2.5 13.5 14 8 2.5 2.5 4 8l-1.5 5.5ZM4 8h5",
  down: "m4 6.5 4 4 4-4",
  right: "m6.5 4 4 4-4 4",
  warn: "M8 2 1.5 13.5h13L8 2ZM8 6.5v3.2M8 11.6v.2",
  info: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 7.2v4M8 4.8V5",
  panel: "M2 3h12v10H2V3ZM10 3v10",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  copy: "M5.5 5.5V2.5h8v8h-3M2.5 5.5h8v8h-8v-8Z",
  box: "M8 1.8 14 5v6L8 14.2 2 11V5l6-3.2ZM2 5l6 3.2M14 5 8 8.2M8 8.2v6",
  receipt: "M3.5 1.8v12.4l1.5-1 1.5 1 1.5-1 1.5 1 1.5-1 1.5 1V1.8l-1.5 1-1.5-1-1.5 1-1.5-1-1.5 1-1.5-1ZM6 5.8h4M6 8.8h4",
};

/** Make an icon; it carries no meaning of its own, so a screen reader passes over it. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", "aria-hidden": "true", class: "icon" })) {
    svg.setAttribute(key, value);
  }
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

let ids = 0;

/** A new id, for labels and what they name. */
export function newId(prefix) {
  ids += 1;
  return `${prefix}-${ids}`;
}

/** Where the focus is within an element, to find the same place after it was drawn anew. */
export function focusWithin(root) {
  const active = document.activeElement;
  if (!active || active === document.body || !root.contains(active)) return null;
  const [start, end] = "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : [null, null];
  return { control: active.dataset.control, action: active.dataset.action, start, end };
}

/** Put the focus where it was; returns whether that place was found. */
export function refocus(root, place) {
  if (!place) return false;
  const found =
    (place.control && root.querySelector(`[data-control="${CSS.escape(place.control)}"]`)) ||
    (place.action && root.querySelector(`[data-action="${CSS.escape(place.action)}"]`));
  if (!found) return false;
  if (found !== document.activeElement) found.focus({ preventScroll: true });
  if (typeof place.start === "number" && "setSelectionRange" in found) found.setSelectionRange(place.start, place.end);
  return true;
}

/** Bring children into line with a list of [key, signature, make]; what has not changed keeps its element. */
export function reconcile(parent, entries) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const [key, signature, make] of entries) {
    let child = before.get(key);
    before.delete(key);
    if (!child || child.signature !== signature) {
      const made = make(child);
      made.dataset.key = key;
      made.signature = signature;
      if (child) {
        if (child === next) next = made;
        child.replaceWith(made);
      }
      child = made;
    }
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
  for (const child of before.values()) child.remove();
}

/** Keep an element scrolled to its end while it is there, whatever grows or shrinks; returns what puts it there. */
export function followEnd(scroller) {
  let following = true;
  let top = 0;
  const go = () => {
    following = true;
    scroller.scrollTop = scroller.scrollHeight;
  };
  scroller.addEventListener("scroll", () => {
    // Only who scrolls up leaves the end: what is far from it otherwise has just grown.
    const isNear = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
    following = isNear || (following && scroller.scrollTop >= top);
    top = scroller.scrollTop;
  });
  const observer = new ResizeObserver(() => following && go());
  observer.observe(scroller);
  observer.observe(scroller.firstElementChild);
  return go;
}
