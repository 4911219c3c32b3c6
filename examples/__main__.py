"""All examples in one app: what the `cdk.json` of the project runs."""

from __future__ import annotations

import aws_cdk as cdk

from .http_api import HttpApiExample
from .websocket_echo import WebSocketEchoExample

app = cdk.App()
HttpApiExample(app, "http-api")
WebSocketEchoExample(app, "websocket-echo")
app.synth()
