"""The process of the emulator: ministack, patched, until its standard input ends.

The process that starts it holds the other end of that pipe, so the emulator never outlives it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from .environment import of_emulator


def _stop_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=_stop_with_parent, daemon=True).start()

# The imports read their settings from the environment, and deployed functions inherit it.
environment = of_emulator(os.environ)
os.environ.clear()
os.environ.update(environment)
from ministack import app  # noqa: E402

from . import api_gateway, cloud_control, ivs, log_groups, ministack_patches, provisioners  # noqa: E402

ministack_patches.apply()
provisioners.register()
api_gateway.register()
log_groups.register()
cloud_control.register()
ivs.register()
sys.argv = ["ministack"]
app.main()
