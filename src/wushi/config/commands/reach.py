"""How ``up`` is reached: HTTPS, free ports, addresses, and whether the pages answer."""

from __future__ import annotations

import os
import socket
import ssl
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from wushi.config.commands.common import WRONG_USE, Refused
from wushi.config.env import Environment

_LOOPBACK = ("localhost", "::1")


@dataclass(frozen=True)
class Https:
    """Certificate and key, both or neither."""

    cert: Path | None
    key: Path | None

    @property
    def on(self) -> bool:
        """Browsers arrive by HTTPS."""
        return self.cert is not None


def https_files(cert: Path | None, key: Path | None) -> Https:
    """Check what --cert and --key name. Raises Refused."""
    if (cert is None) != (key is None):
        raise Refused("--cert and --key belong together.", WRONG_USE)
    for path in (cert, key):
        if path is not None and not os.access(path, os.R_OK):
            raise Refused(f"{path} cannot be read.", WRONG_USE)
    if key is not None and any(
        kind in key.read_text(errors="replace") for kind in ("RSA PRIVATE", "EC PRIVATE")
    ):
        raise Refused(
            f"{key} is not in PKCS#8 form. Convert it: openssl pkcs8 -topk8 -nocrypt -in {key} -out key.pem",
            WRONG_USE,
        )
    return Https(cert and cert.absolute(), key and key.absolute())


def check_ports(environment: Environment) -> None:
    """Both ports must be free before the slow steps begin. Raises Refused."""
    for port in (environment.port, environment.live_port):
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                environment.host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            unknown = isinstance(error, socket.gaierror)
            hint = "Check --host." if unknown else "Give another: WUSHI_PORT=8100 make up"
            raise Refused(
                f"Port {port} of {environment.host} cannot be used ({error.strerror}). {hint}"
            ) from None


def answers(url: str) -> bool:
    """Whether somebody answers there and is well."""
    # the certificate is for the phones' name of this machine, not for the loopback address we ask
    context = ssl._create_unverified_context() if url.startswith("https") else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), *([urllib.request.HTTPSHandler(context=context)] if context else [])
    )
    try:
        opener.open(url, timeout=2).close()
    except (OSError, ValueError):
        return False
    return True


def is_loopback(host: str) -> bool:
    """Only this machine can reach the address."""
    return host in _LOOPBACK or host.startswith("127.")


def near(environment: Environment) -> str:
    """The host part by which this machine reaches itself."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment.host, environment.host)
    return f"[{host}]" if ":" in host else host


def addresses(environment: Environment) -> list[str]:
    """Where the pages are, for this machine first."""
    scheme = "https" if environment.https else "http"
    hosts = [near(environment)]
    if environment.host in ("0.0.0.0", "::") and (mine := _address_in_network()):
        hosts.append(mine)
    return [f"{scheme}://{host}:{environment.port}" for host in hosts]


def _address_in_network() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # nothing is sent: it only asks which of our addresses would be used
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""
