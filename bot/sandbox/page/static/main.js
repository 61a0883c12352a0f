// The page: news come in, and what they touch is drawn anew.

import { listen } from "./api.js";
import { drawComposer, onSend } from "./composer.js";
import { fill, h } from "./dom.js";
import { drawExchanges, drawFaults } from "./inspector.js";
import { drawLayout } from "./layout.js";
import { drawChat, goToEnd, heard, nameOf } from "./messages.js";
import { drawModal } from "./modal.js";
import { drawChannels, drawPlayers, refreshTab } from "./sidebar.js";
import { store } from "./store.js";
import { speak, words } from "./words.js";

let stop = () => {};

function become(person) {
  stop();
  stop = listen(person, {
    everything(news) {
      connected(true);
      const isOther = store.me !== news.me;
      const was = store.open;
      store.everything(news);
      // Everybody has a conversation with the app of their own: stay in it.
      if (was?.is_im && isOther) store.channel = store.channels.find((one) => one.is_im).id;
      sessionStorage.setItem("me", store.me);
      speak(store.person(store.me).locale);
      drawAll();
      if (isOther) refreshTab();
    },
    changed(news) {
      const fresh = store.changed(news);
      if (news.messages || news.removed || "home" in news) drawChat();
      heard(fresh);
      if (fresh.length) drawChannels(open);
      if (news.views) drawModal();
      if (news.exchanges || news.cleared) drawExchanges();
      if (news.faults) drawFaults();
    },
    lost: () => connected(false),
  });
}

function drawAll() {
  document.getElementById("skip").textContent = words.skip;
  document.getElementById("workspace").textContent = store.workspace;
  drawLayout();
  drawPlayers(become);
  drawChannels(open);
  drawComposer(nameOf(store.open));
  drawChat();
  drawModal();
  drawExchanges();
  drawFaults();
  document.getElementById("page").setAttribute("aria-busy", "false");
}

function open(channel) {
  store.channel = channel;
  drawComposer(nameOf(store.open));
  drawChat();
  drawChannels(open);
  refreshTab();
}

function connected(isConnected) {
  const banner = document.getElementById("stopped");
  banner.hidden = isConnected;
  if (!isConnected) fill(banner, `${words.stopped} `, h("code", {}, "python -m bot sandbox"));
}

onSend(goToEnd);
become(sessionStorage.getItem("me") ?? "");
