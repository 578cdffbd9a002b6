"""The demonstration's own MQTT broker: ``python -m wushi.config.broker``. For trying out only; mosquitto is for earnest.

It forgets everything when it ends, and what nobody listens to is gone. It hears this machine alone.
"""

from __future__ import annotations

import asyncio
import hmac
import importlib.util
import logging
import os
import signal
import sys
from typing import Any

from wushi.config import env
from wushi.config.env import Environment

USER, SECRET_FILE = "wushi", "broker-secret"
AGAIN_SECONDS = 10.0


def available() -> bool:
    """Whether the extra ``embedded`` was installed."""
    return importlib.util.find_spec("amqtt") is not None


def port_of(environment: Environment) -> int:
    """The port after live's, or the one before the pages' at the very end."""
    return environment.live_port + 1 if environment.live_port < 65535 else environment.port - 1


def address(environment: Environment) -> str:
    """The broker as ``MQTT_URL`` would name it: the one that was named, else the demonstration's own."""
    if environment.mqtt_url:
        return environment.mqtt_url
    secret = env.kept_secret(environment.home / SECRET_FILE)
    return f"mqtt://{USER}:{secret}@127.0.0.1:{port_of(environment)}"


def _configuration(environment: Environment) -> dict[str, Any]:
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port_of(environment)}"}},
        "plugins": {"wushi.config.broker_plugin.KnowsTheSecret": {}},
    }


async def serve(environment: Environment, ended: asyncio.Event) -> None:
    """Until ``ended``; a port that is taken is tried again, for the demonstration runs without a broker too."""
    from amqtt.broker import Broker

    while not ended.is_set():
        broker = Broker(_configuration(environment))
        try:
            await broker.start()
        except Exception as error:
            print(
                f"no broker on port {port_of(environment)} ({type(error).__name__}); trying again", flush=True
            )
            try:
                await asyncio.wait_for(ended.wait(), AGAIN_SECONDS)
            except TimeoutError:
                continue
            return
        await ended.wait()
        await broker.shutdown()


def right(environment: Environment, user: str | None, password: str | None) -> bool:
    """Whether somebody may connect: the one user there is, with the secret that lies in ``WUSHI_HOME``."""
    secret = env.kept_secret(environment.home / SECRET_FILE)
    return user == USER and hmac.compare_digest((password or "").encode(), secret.encode())


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    # its own lines name topics, and topics name devices
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    logging.getLogger("transitions").setLevel(logging.CRITICAL)

    async def whole() -> None:
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, ended.set)
        await serve(env.load(), ended)

    asyncio.run(whole())
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushi.config.settings")
    sys.exit(main())
