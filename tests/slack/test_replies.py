"""What becomes of a call, whatever answers it."""

from __future__ import annotations

import pytest
from slackblocks import HomeTabView, ModalView, PlainText

from bot.slack.blocks import Content, paragraph
from bot.slack.replies import ContentRefused, Posted, Slack, SlackFailed, TriggerExpired
from tests.flows.platform.clocks import HastyClock
from tests.slack.canned import Canned, client_of, serve

CONTENT = Content("Title", "Text", (paragraph("Text"),))
VIEW = ModalView(PlainText("Title"), [paragraph("Text")])
NO_SLACK = (
    Canned("<html>", content_type="text/html"),
    Canned("[]"),
    Canned("null"),
    Canned("7"),
    Canned("{"),
    Canned(b"\xff\xfe", content_type="application/json; charset=utf-8"),
    Canned("ok", content_type="text/plain"),
    Canned("", status=503),
    Canned('{"ok": false}'),
    Canned('{"ok": false, "error": 7, "response_metadata": "x"}'),
    Canned(status=0),
)


async def every_call(slack: Slack) -> list[SlackFailed]:
    """Make every call of the Web API; return how each failed."""
    failures = []
    for call in (
        slack.open_view("1.2", VIEW),
        slack.open_view("1.2", VIEW, push=True),
        slack.update_view("V1", VIEW),
        slack.publish_home("U1", HomeTabView([paragraph("Text")])),
        slack.direct_message("U1", CONTENT),
        slack.post("C1", CONTENT),
        slack.update_message(Posted("C1", "1.2"), CONTENT),
    ):
        with pytest.raises(SlackFailed) as failed:
            await call
        failures.append(failed.value)
    return failures


@pytest.mark.parametrize("answer", NO_SLACK, ids=lambda answer: repr(answer.body) + str(answer.status))
async def test_whatever_is_no_answer_of_slack_s_is_one_error(answer: Canned) -> None:
    async with serve(answer) as server, client_of(server, HastyClock()) as client:
        for failure in await every_call(Slack(client)):
            assert type(failure) is SlackFailed
            assert failure.code == ""


async def test_an_error_has_slack_s_name_and_what_slack_says_of_it() -> None:
    body = '{"ok": false, "error": "invalid_arguments", "response_metadata": {"messages": ["[ERROR] no view", "x"]}}'
    async with serve(Canned(body)) as server, client_of(server) as client:
        for failure in await every_call(Slack(client)):
            assert failure.code == "invalid_arguments"
            assert str(failure).endswith(": Slack answered invalid_arguments [ERROR] no view x")


async def test_a_content_that_slack_refuses_and_a_trigger_that_is_spent_have_errors_of_their_own() -> None:
    async with serve(Canned('{"ok": false, "error": "invalid_blocks"}')) as server, client_of(server) as client:
        assert {type(failure) for failure in await every_call(Slack(client))} == {ContentRefused}
    async with serve(Canned('{"ok": false, "error": "expired_trigger_id"}')) as server, client_of(server) as client:
        with pytest.raises(TriggerExpired):
            await Slack(client).open_view("1.2", VIEW)


@pytest.mark.parametrize("body", ['{"ok": true}', '{"ok": true, "view": {}}', '{"ok": true, "view": 7}'])
async def test_a_view_without_an_id_was_not_opened(body: str) -> None:
    async with serve(Canned(body)) as server, client_of(server) as client:
        with pytest.raises(SlackFailed, match="does not speak as Slack does"):
            await Slack(client).open_view("1.2", VIEW)


@pytest.mark.parametrize("code", ["not_found", "hash_conflict", "view_not_found"])
async def test_a_view_that_is_gone_is_no_error(code: str) -> None:
    async with serve(Canned(f'{{"ok": false, "error": "{code}"}}')) as server, client_of(server) as client:
        assert not await Slack(client).update_view("V1", VIEW)


async def test_what_was_posted_can_be_brought_up_to_date() -> None:
    answer = Canned('{"ok": true, "channel": "C1", "ts": "1.2", "view": {"id": "V1"}}')
    async with serve(answer) as server, client_of(server) as client:
        slack = Slack(client)
        posted = await slack.post("C1", CONTENT)
        await slack.update_message(posted, CONTENT)
        assert posted == Posted("C1", "1.2")
        assert await slack.open_view("1.2", VIEW) == "V1"
        assert [path for path, _ in server.asked] == ["/chat.postMessage", "/chat.update", "/views.open"]


@pytest.mark.parametrize(
    "answer",
    [
        Canned("ok", content_type="text/plain"),
        Canned('{"ok": true}'),
        Canned('{ "ok" : true }'),
        Canned(""),
        Canned("anything at all", content_type="text/html"),
        Canned("[]"),
    ],
    ids=lambda answer: repr(answer.body),
)
async def test_a_response_url_s_200_is_trusted(answer: Canned) -> None:
    async with serve(answer) as server, client_of(server) as client:
        assert await Slack(client).respond(f"{server.url}actions/1", CONTENT, replace=True)
        (path, body) = server.asked[0]
        assert path == "/actions/1"
        assert (body["text"], body["response_type"], body["replace_original"]) == ("Text", "ephemeral", True)


@pytest.mark.parametrize(
    "answer",
    [
        Canned('{"ok": false, "error": "expired_url"}'),
        Canned('{"ok": false, "error": "used_url"}', status=404),
        Canned("404 page not found", status=404, content_type="text/plain"),
        Canned("", status=500),
        Canned("[]", status=403),
        Canned("rate_limited", status=429, headers={"Retry-After": "3600"}),
    ],
    ids=lambda answer: f"{answer.status} {answer.body!r}",
)
async def test_a_response_url_that_takes_nothing_more(answer: Canned) -> None:
    async with serve(answer) as server, client_of(server) as client:
        assert not await Slack(client).respond(f"{server.url}actions/1", CONTENT)
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Canned('{"ok": false, "error": "invalid_blocks"}', status=400),
        Canned('{"ok": false, "error": "invalid_blocks"}'),
        Canned("invalid_payload", status=400, content_type="text/plain"),
        Canned("no_text", status=400, content_type="text/plain"),
    ],
    ids=lambda answer: repr(answer.body),
)
async def test_a_response_url_that_refuses_the_content(answer: Canned) -> None:
    async with serve(answer) as server, client_of(server) as client:
        with pytest.raises(ContentRefused) as refused:
            await Slack(client).respond(f"{server.url}actions/1", CONTENT)
        assert refused.value.code in str(answer.body)


async def test_a_response_url_that_cannot_be_reached() -> None:
    async with serve(Canned(status=0)) as server, client_of(server, HastyClock()) as client:
        with pytest.raises(SlackFailed, match="Slack cannot be reached"):
            await Slack(client).respond(f"{server.url}actions/1", CONTENT, in_channel=True)
        assert [body["response_type"] for _, body in server.asked] == ["in_channel", "in_channel"]


async def test_a_proxy_of_the_environment_is_not_taken_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with serve(Canned("ok")) as server, client_of(server) as client:
        assert await Slack(client).respond(f"{server.url}actions/1", CONTENT)
