// What the page knows: the sandbox's latest news, and what was read already.

/** The state of the page. Everything in it comes from the sandbox, but for what says otherwise. */
export const store = {
  me: "",
  workspace: "",
  players: [],
  people: [],
  groups: [],
  channels: [],
  commands: [],
  messages: new Map(),
  views: [],
  home: null,
  exchanges: new Map(),
  faults: {},
  // The page's own: the conversation on the screen, the tab of the conversation with the bot, what is unread.
  channel: "",
  tab: "messages",
  unread: new Map(),

  person(id) {
    return this.people.find((one) => one.id === id);
  },

  get open() {
    return this.channels.find((one) => one.id === this.channel);
  },

  /** The messages of a conversation, oldest first. */
  messagesIn(channel) {
    const found = [...this.messages.values()].filter((message) => message.channel === channel);
    return found.sort((one, other) => (one.ts < other.ts ? -1 : 1));
  },

  /** Take all news; returns what is new: {messages}. */
  everything(news) {
    const samePerson = this.me === news.me;
    Object.assign(this, {
      ...news,
      messages: new Map(news.messages.map((message) => [message.ts, message])),
      exchanges: new Map(news.exchanges.map((one) => [one.id, one])),
    });
    if (!samePerson) this.unread.clear();
    if (!this.open) this.channel = this.channels[0].id;
  },

  /** Take what changed; returns the messages that were not there before. */
  changed(news) {
    if (news.cleared) this.exchanges.clear();
    for (const one of news.exchanges ?? []) this.exchanges.set(one.id, one);
    for (const ts of news.removed ?? []) this.messages.delete(ts);
    const fresh = [];
    for (const message of Object.values(news.messages ?? {})) {
      if (!this.messages.has(message.ts)) fresh.push(message);
      this.messages.set(message.ts, message);
    }
    for (const key of ["views", "home", "faults"]) if (key in news) this[key] = news[key];
    return fresh;
  },
};
