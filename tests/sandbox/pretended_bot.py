"""A program that looks like the bot to whoever starts it: it logs, listens, says that it is ready, and stops.

How it behaves is its first argument; the arguments and the environment that it got are in its answers.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any


class Handler(BaseHTTPRequestHandler):
    questions = 0

    def do_GET(self) -> None:
        Handler.questions += 1
        body = json.dumps({"arguments": sys.argv[1:], "environment": dict(os.environ), "directory": str(Path.cwd())})
        self.send_response(503 if Handler.questions == 1 else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
        if sys.argv[1] == "dies-later" and Handler.questions > 1:
            threading.Timer(0.01, os._exit, (3,)).start()

    def log_message(self, *_: Any) -> None:
        pass


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def interrupt_whoever_started_this() -> None:
    """Press Ctrl-C for them, and once more while they wait for this to stop."""

    def stop(*_: Any) -> None:
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(0.05)
        say("stopped at leisure")
        sys.exit()

    signal.signal(signal.SIGTERM, stop)
    os.kill(os.getppid(), signal.SIGINT)
    signal.pause()


def main() -> None:
    behaviour = sys.argv[1]
    if behaviour == "dies":
        say("SLACK_BOT_TOKEN is missing.")
        sys.exit(2)
    if behaviour == "interrupts":
        interrupt_whoever_started_this()
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    say(f"2026-11-20T10:00:00Z INFO     bot.runtime: listening on http://127.0.0.1:{server.server_port}")
    say("2026-11-20T10:00:00Z INFO     bot.runtime: listening on http://127.0.0.1:1")
    say("2026-11-20T10:00:01Z WARNING  bot: a warning\n    | that goes on")
    say("2026-11-20T10:00:02Z ERROR    bot: an error\n    | with its traceback")
    if behaviour == "dies-listening":
        sys.exit(4)
    server.serve_forever()


if __name__ == "__main__":
    main()
