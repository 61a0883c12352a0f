"""What a person does on the page, in their own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

_TIDY = """async () => {
  const post = (path, body) => fetch(`/api/${path}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  await post("faults/clear", {});
  for (const person of ["U0ANA00001", "U0BEN00001"]) {
    const source = new EventSource(`/api/news?person=${person}`);
    const news = await new Promise((done) => source.addEventListener("everything", done, { once: true }));
    source.close();
    const view = JSON.parse(news.data).views.at(-1);
    if (view) await post("close", { person, view: view.id, everything: true });
  }
}"""


@dataclass(frozen=True)
class Screen:
    """The page in a browser."""

    page: Page

    def tidy(self) -> None:
        """Turn off every fault, and close what is open, for both people."""
        self.page.evaluate(_TIDY)
        expect(self.modal).to_be_hidden()

    def become(self, name: str) -> None:
        """Be somebody else."""
        self.page.get_by_role("radio", name=re.compile(name)).check(force=True)
        expect(self.page.locator(".player:has(:checked)")).to_contain_text(name)
        language = "pt-PT" if name.startswith("Ana") else "en-GB"
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def send(self, line: str) -> None:
        """Write a line and send it with Enter."""
        self.line.fill(line)
        self.line.press("Enter")
        expect(self.line).to_have_value("")

    def hears(self, text: str) -> None:
        """Let Ana write to #geral meanwhile."""
        self.page.evaluate(
            """(text) => fetch("/api/say", { method: "POST", headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ person: "U0ANA00001", channel: "C0GERAL001", text }) })""",
            text,
        )

    def open(self, name: str) -> None:
        """Open a conversation."""
        self.page.locator("#channels").get_by_role("button", name=re.compile(name)).click()

    @property
    def line(self) -> Locator:
        """The message box."""
        return self.page.locator("#line")

    @property
    def modal(self) -> Locator:
        """The modal."""
        return self.page.locator("#modal")

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.page.locator(".message").last

    def button(self, name: str, *, within: Locator | None = None) -> Locator:
        """A button, by its name to the letter."""
        return (within or self.last).get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """A field of the modal."""
        return self.modal.get_by_label(re.compile(rf"^{label}( \(.+\))?$"))

    def submit(self, name: str) -> None:
        """Press the modal's button."""
        self.modal.locator("#modal-foot").get_by_role("button", name=name, exact=True).click()

    def fault(self, name: str) -> Locator:
        """A switch of the inspector."""
        return self.page.get_by_role("switch", name=re.compile(name))

    def focus(self) -> str:
        """What has the focus: its accessible name, or its text."""
        return str(
            self.page.evaluate(
                "() => { const one = document.activeElement; return one.getAttribute('aria-label')"
                " ?? one.labels?.[0]?.innerText ?? one.innerText; }"
            )
        )
