"""Stages of Amazon API Gateway v2: HTTP and WebSocket APIs."""

from ..rules.apigatewayv2.route_settings import LoggingLevel
from .access_log_format import AccessLogFormat
from .access_log_settings import AccessLogSettings
from .api_gateway_account import ApiGatewayAccount
from .deployment import Deployment
from .http_stage import HttpStage
from .route_settings import ACCOUNT_LIMIT, RouteSettings
from .stage_settings import StageSettings
from .websocket_stage import WebSocketStage

__all__ = [
    "ACCOUNT_LIMIT",
    "AccessLogFormat",
    "AccessLogSettings",
    "ApiGatewayAccount",
    "Deployment",
    "HttpStage",
    "LoggingLevel",
    "RouteSettings",
    "StageSettings",
    "WebSocketStage",
]
