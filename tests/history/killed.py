"""What a history leaves behind whose process was killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.clocks import ShiftedClock
from tests.history.support import edit, opened, record

async def main(path, names):
    async with opened(Path(path), ShiftedClock()) as history:
        for name in names:
            await record(history, edit(name))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main(sys.argv[1], sys.argv[2:]))
"""


async def killed(path: Path, *references: str) -> None:
    """Record these writes in a process that is killed with its records open: the log beside them holds them."""
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", _SCRIPT, str(path), *references]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=root, capture_output=True, timeout=60, check=False)
    assert ended.returncode == -9, ended.stderr.decode()
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0
