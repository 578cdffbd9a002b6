"""Make the checkout's private ``.venv``: packages pinned by hash, and the command ``wushi``. Standard library only.

The project itself is not built: a ``.pth`` file names ``src`` and a small script calls the command line. Building would need
setuptools from the network at a version nobody has pinned, and the version that old Pythons bring cannot read pyproject.toml.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
SCRIPT = """#!{python}
import sys

from wushi.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
"""


def fail(words):
    """End with a sentence."""
    sys.exit(words)


def fingerprint(lock):
    """What the stamp must hold for the venv to be as wanted: place, Python, lock."""
    digest = hashlib.sha256(lock.read_bytes())
    digest.update(Path(__file__).read_bytes())
    digest.update(("\0".join([str(VENV), sys.version, sys.platform])).encode())
    return digest.hexdigest()


def make_venv():
    """A new venv, where there is none or it was made by another Python or in another place."""
    marker = VENV / "made-by"
    wanted = "{}\n{}\n".format(VENV, sys.version)
    if PYTHON.exists() and marker.exists() and marker.read_text() == wanted:
        return
    print("- making .venv with Python {}.{} ...".format(*sys.version_info[:2]), flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    if not can_make_venv():
        provide_venv()
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)])
    if done.returncode:
        fail("Python could not make a venv; the lines above say why.")
    marker.write_text(wanted)


def can_make_venv():
    """Debian and its kin leave ensurepip out of Python."""
    return (
        subprocess.run([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL).returncode
        == 0
    )


def provide_venv():
    """Install the missing part of Python where we may; say how where we may not."""
    name = "python{}.{}-venv".format(*sys.version_info[:2])
    if shutil.which("apt-get") is None:
        fail(
            "This Python cannot make a venv: its modules venv and ensurepip are missing. Install them and try again."
        )
    if os.geteuid() != 0:
        fail("This Python cannot make a venv. Run: sudo apt-get install {}".format(name))
    subprocess.run(["apt-get", "update", "-q"])
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", name], env=environment)
    if not can_make_venv():
        fail("Installing {} did not help; this Python still cannot make a venv.".format(name))


def install(lock):
    """Install the lock file, every package checked against its hash."""
    print("- installing the packages of {} ...".format(lock.name), flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run([*command, "--only-binary=:all:", "--require-hashes", "-r", str(lock)])
    if done.returncode:
        fail("Not every package could be installed; the lines above say why. 'make install' tries again.")


def add_project():
    """Make ``import wushi`` and the command ``wushi`` work."""
    paths = {"base": str(VENV), "platbase": str(VENV)}
    packages = sysconfig.get_path(
        "purelib", "venv" if "venv" in sysconfig.get_scheme_names() else "posix_prefix", paths
    )
    (Path(packages) / "wushi-checkout.pth").write_text("{}\n".format(CHECKOUT / "src"))
    script = VENV / "bin" / "wushi"
    script.write_text(SCRIPT.format(python=PYTHON))
    script.chmod(0o755)


def main():
    """``install.py`` for running, ``install.py dev`` for developing as well."""
    if sys.version_info < (3, 11):
        fail(
            "Python 3.11 or newer is needed, this is {}.{}. Try: make PYTHON=python3.12 ...".format(
                *sys.version_info[:2]
            )
        )
    dev = "dev" in sys.argv[1:]
    locks = [CHECKOUT / "requirements.txt"] + ([CHECKOUT / "requirements-dev.txt"] if dev else [])
    make_venv()
    for lock in locks:
        stamp = VENV / "installed-{}".format(lock.stem)
        if stamp.exists() and stamp.read_text() == fingerprint(lock):
            continue
        # the development lock holds the other one's packages in the same versions
        install(lock)
        add_project()
        stamp.write_text(fingerprint(lock))


if __name__ == "__main__":
    main()
