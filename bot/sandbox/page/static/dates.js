// Dates as Slack writes them for whoever reads: in their zone and their language.

import { store } from "./store.js";
import { language, words } from "./words.js";

const DAY = { day: "numeric", month: "long", year: "numeric" };
const SHORT = { day: "numeric", month: "short", year: "numeric" };
const NUMBERS = { day: "2-digit", month: "2-digit", year: "numeric" };
const TOKENS = {
  date: (at) => put(at, DAY),
  date_long: (at) => put(at, { weekday: "long", ...DAY }),
  date_long_full: (at) => put(at, { weekday: "long", ...DAY }),
  date_short: (at) => put(at, SHORT),
  date_num: (at) => put(at, NUMBERS).split("/").reverse().join("-"),
  date_slash: (at) => put(at, NUMBERS),
  date_pretty: (at) => near(at) ?? put(at, DAY),
  date_short_pretty: (at) => near(at) ?? put(at, SHORT),
  date_long_pretty: (at) => near(at) ?? put(at, { weekday: "long", ...DAY }),
  day_divider_pretty: (at) => near(at) ?? put(at, { weekday: "long", ...DAY }),
  time: (at) => put(at, { hour: "2-digit", minute: "2-digit" }),
  time_secs: (at) => put(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** What a rich text date says, or its fallback where its format holds something that Slack does not know. */
export function dated({ timestamp, format, fallback }) {
  const tokens = [...format.matchAll(/{([^{}]*)}/g)].map((match) => match[1]);
  if (!tokens.every((token) => token in TOKENS)) return fallback ?? "";
  return format.replace(/{([^{}]*)}/g, (_, token) => TOKENS[token](new Date(timestamp * 1000)));
}

function put(at, options) {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: zone() }).format(at);
}

/** The zone of the person whom one is; a name that is none counts as UTC. */
function zone() {
  const { tz } = store.person(store.me);
  try {
    new Intl.DateTimeFormat("en", { timeZone: tz });
    return tz;
  } catch {
    return "UTC";
  }
}

function near(at) {
  const day = (time) => Date.parse(`${put(time, NUMBERS).split("/").reverse().join("-")}T00:00Z`) / 86_400_000;
  return { "-1": words.yesterday, 0: words.today, 1: words.tomorrow }[day(at) - day(new Date())];
}

function ago(at) {
  const seconds = Math.round((at - Date.now()) / 1000);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, "second");
}
