"""Small programs that play the children of a supervisor."""

from __future__ import annotations

import sys
from pathlib import Path

from wushi.config.supervisor import Program

STEADY = "import time\nprint('here', flush=True)\nwhile True: time.sleep(0.1)"
CRASHING = "import sys\nprint('no', flush=True)\nsys.exit(3)"
DEAF = (
    "import signal, subprocess, sys, time, pathlib\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\\n"
    "while True: time.sleep(0.1)'])\n"
    "path = pathlib.Path(sys.argv[1])\n"
    "path.with_suffix('.new').write_text(str(child.pid))\n"
    "path.with_suffix('.new').rename(path)\n"
    "while True: time.sleep(0.1)"
)


def program(name: str, source: str, *arguments: Path) -> Program:
    """A child that runs a few lines of Python."""
    return Program(name, [sys.executable, "-c", source, *map(str, arguments)])
