"""The environment of the emulator, which the functions that are deployed to it inherit, and of its clients."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_ACCOUNT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_ONE_PORT = {"IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}
"""ministack listens at more ports than its own, on all addresses, unless this is switched off."""


def without_account(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the AWS settings and credentials of who starts the process."""
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    return {**kept, **_NO_ACCOUNT}


def of_emulator(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of an emulator: no account, one port, on this machine alone unless `BIND_HOST` says otherwise."""
    return {"BIND_HOST": "127.0.0.1", **without_account(environment), **_ONE_PORT}
