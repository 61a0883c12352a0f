"""A Slack workspace on this machine.

It plays Slack's server to an app: the Web API in, signed requests or Socket Mode out. It keeps people, channels,
messages and views, lets a driver act as a person, and knows nothing of the bot.
"""

from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.driver import Actor
from bot.sandbox.slack.errors import CannotDo, NotSeen
from bot.sandbox.slack.journal import Exchange
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Person
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import Workspace, serve_workspace

__all__ = [
    "Actor",
    "Answer",
    "CannotDo",
    "Exchange",
    "Message",
    "NotSeen",
    "Person",
    "View",
    "Workspace",
    "serve_workspace",
]
