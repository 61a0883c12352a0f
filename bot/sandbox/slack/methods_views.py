"""The Web API's methods on modals and Home: `views.*`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.slack.blockkit import check_view
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.state import State
from bot.sandbox.slack.web_api import Endpoint


@dataclass(frozen=True, slots=True)
class ViewMethods:
    """`views.open`, `views.push`, `views.update`, `views.publish`."""

    state: State

    def endpoints(self) -> dict[str, Endpoint]:
        """Return the methods by name. Slack asks no scope for them."""
        return {
            "views.open": Endpoint(self._open),
            "views.push": Endpoint(self._push),
            "views.update": Endpoint(self._update),
            "views.publish": Endpoint(self._publish),
        }

    async def _open(self, args: Json) -> Json:
        check_view(args.get("view"), "modal")
        trigger = self.state.grants.redeem(str(args.get("trigger_id")))
        view = self.state.views.open(trigger.person, args["view"], trigger.channel)
        trigger.used = True
        return {"view": view.as_json()}

    async def _push(self, args: Json) -> Json:
        check_view(args.get("view"), "modal")
        trigger = self.state.grants.redeem(str(args.get("trigger_id")))
        view = self.state.views.push(trigger.person, args["view"])
        trigger.used = True
        return {"view": view.as_json()}

    async def _update(self, args: Json) -> Json:
        if not args.get("view_id") and not args.get("external_id"):
            raise SlackError("invalid_arguments", messages=["missing required field: view_id"])
        view = self.state.views.find(args.get("view_id"), args.get("external_id"))
        if view is None:
            raise SlackError("not_found")
        check_view(args.get("view"), view.payload["type"])
        return {"view": self.state.views.update(view, args["view"], args.get("hash")).as_json()}

    async def _publish(self, args: Json) -> Json:
        user = str(args.get("user_id"))
        if user not in self.state.people:
            raise SlackError("user_not_found")
        check_view(args.get("view"), "home")
        return {"view": self.state.views.publish(user, args["view"], args.get("hash")).as_json()}
