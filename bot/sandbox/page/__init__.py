"""The page in the browser: a small Slack with the bot in it, and an inspector beside it.

It shows a `Workspace` and an `Account` of this machine and acts in them; it knows nothing of the bot.
"""

from bot.sandbox.page.server import Page, serve_page

__all__ = ["Page", "serve_page"]
