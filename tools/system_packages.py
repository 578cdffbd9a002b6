"""What the tests need from the system: Chromium, a Chinese font (else Chinese screenshots are boxes), a broker of MQTT."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/.local/share/fonts",
)
FONTS = ("*NotoSansCJK*", "*NotoSerifCJK*", "*SourceHanSans*", "PingFang*", "*STHeiti*", "*NotoSansSC*")


def has_browser() -> bool:
    """A Chromium on the PATH, or the one WUSHI_CHROMIUM names."""
    named = os.environ.get("WUSHI_CHROMIUM")
    return bool(named and os.access(named, os.X_OK)) or any(shutil.which(name) for name in BROWSERS)


def has_font() -> bool:
    """A font with Chinese characters."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(
        next(folder.rglob(pattern), None) for folder in folders if folder.is_dir() for pattern in FONTS
    )


def has_broker() -> bool:
    """mosquitto with its program for passwords; Debian keeps the broker where only root looks."""
    return bool(
        shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
        and shutil.which("mosquitto_passwd")
    )


def missing() -> list[str]:
    """Debian's names of what is missing."""
    found = {"chromium": has_browser(), "fonts-noto-cjk": has_font(), "mosquitto": has_broker()}
    return [name for name, there in found.items() if not there]


def main() -> None:
    """Install what is missing where we may, say the exact command where we may not."""
    wanted = missing()
    if not wanted:
        return
    if shutil.which("apt-get") is None:
        sys.exit(f"The tests need {' and '.join(wanted)}; install them with this system's package manager.")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    if os.geteuid() != 0:
        sys.exit(f"The tests need {' and '.join(wanted)}. Run: sudo apt-get install {' '.join(wanted)}")
    print(f"- installing {' '.join(wanted)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=environment, check=False)
    subprocess.run(command, env=environment, check=False)
    if missing():
        sys.exit(
            f"{' '.join(missing())} could not be installed; the lines above say why. Run: {' '.join(command)}"
        )


if __name__ == "__main__":
    main()
