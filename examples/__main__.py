"""All examples in one app: what the `cdk.json` of the project runs."""

from __future__ import annotations

import aws_cdk as cdk

from .blue_green import BlueGreenExample
from .http_api import HttpApiExample
from .ivs_realtime import IvsRealtimeExample
from .native_api import NativeApiExample
from .watched import WatchedExample
from .websocket_chat import WebSocketChatExample
from .websocket_echo import WebSocketEchoExample

app = cdk.App()
HttpApiExample(app, "http-api")
WebSocketEchoExample(app, "websocket-echo")
WebSocketChatExample(app, "websocket-chat")
BlueGreenExample(app, "blue-green", live=app.node.get_context("live"))
IvsRealtimeExample(app, "ivs-realtime")
NativeApiExample(app, "native-api", changed=app.node.try_get_context("native-api") != "unchanged")
WatchedExample(app, "watched")
app.synth()
