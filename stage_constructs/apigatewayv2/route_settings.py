"""Settings of a stage's routes: throttles, metrics and execution logs."""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

from .._arguments import plain
from .._other_names import KeywordNames
from ..rules.apigatewayv2.route_settings import LoggingLevel, ThrottleQuota

__all__ = ["ACCOUNT_LIMIT", "LoggingLevel", "RouteSettings"]


class _AccountLimit(enum.Enum):
    ACCOUNT_LIMIT = "ACCOUNT_LIMIT"

    def __repr__(self) -> str:
        return "ACCOUNT_LIMIT"


AccountLimit = Literal[_AccountLimit.ACCOUNT_LIMIT]
ACCOUNT_LIMIT: Final = _AccountLimit.ACCOUNT_LIMIT
"""As a throttle: set none on the stage, so that only the account's own limit holds.

As the `default_route_settings` of a stage: neither of the two throttles, and the defaults of all other settings.

AWS's default quota of an account is a burst of 5,000 requests and 10,000 requests a second. It is 1,250 and 2,500 in
Cape Town, Milan, Jakarta, UAE, Hyderabad, Melbourne, Spain, Zurich, Tel Aviv, Calgary, Malaysia, Thailand and Mexico.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteSettings(KeywordNames):
    """Settings of one route, or of all routes of a stage that have none of their own.

    What is left out (None) takes a default. As `default_route_settings` of a stage that is the default named
    below. As the settings of one route it is the stage's default settings: the service itself does not merge the
    two, so the template always carries the whole.

    The stage that takes the settings checks them.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigatewayv2-stage-routesettings.html
    """

    data_trace_enabled: bool | None = None
    """Whether execution logs hold whole requests and responses, personal data too. Default: False. WebSocket only."""
    detailed_metrics_enabled: bool | None = None
    """Whether CloudWatch keeps metrics for each route too, at the price of custom metrics. Default: False."""
    logging_level: LoggingLevel | None = None
    """How much is written to the execution logs. Default: `LoggingLevel.OFF`. WebSocket only."""
    throttling_burst_limit: int | AccountLimit | None = None
    """Burst limit: capacity of the token bucket, in requests or messages, a whole number. Default: 5000.

    The default is 1250 where the Region is known and has the smaller quota, see `ACCOUNT_LIMIT`.
    0 answers every request with 429, `ACCOUNT_LIMIT` sets no limit of the stage's.
    """
    throttling_rate_limit: float | AccountLimit | None = None
    """Rate limit: refill rate, in requests or messages per second, fractions allowed. Default: 10000.

    The default is 2500 where the Region is known and has the smaller quota, see `ACCOUNT_LIMIT`.
    0 answers every request with 429, `ACCOUNT_LIMIT` sets no limit of the stage's.
    """

    def _with_defaults(self, defaults: RouteSettings) -> RouteSettings:
        """These settings, with what they leave out taken from the defaults."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        return replace(defaults, **given) if given else defaults

    def _to_cloudformation(self) -> dict[str, object]:
        """The properties in the template; `ACCOUNT_LIMIT` leaves one out."""
        values = {
            "DetailedMetricsEnabled": self.detailed_metrics_enabled,
            "ThrottlingBurstLimit": self.throttling_burst_limit,
            "ThrottlingRateLimit": self.throttling_rate_limit,
            "DataTraceEnabled": self.data_trace_enabled,
            "LoggingLevel": self.logging_level,
        }
        given = {name: value for name, value in values.items() if value is not None and value is not ACCOUNT_LIMIT}
        return {name: plain(value) for name, value in given.items()}


def expand_account_limit(settings: Any) -> Any:
    """`ACCOUNT_LIMIT` in place of settings stands for settings without throttles."""
    if settings is ACCOUNT_LIMIT:
        return RouteSettings(throttling_burst_limit=ACCOUNT_LIMIT, throttling_rate_limit=ACCOUNT_LIMIT)
    return settings


@functools.lru_cache
def library_defaults(quota: ThrottleQuota, *, execution_logs: bool) -> RouteSettings:
    """What `RouteSettings()` means as the default settings of a stage; an HTTP stage has no execution logs."""
    return RouteSettings(
        data_trace_enabled=False if execution_logs else None,
        detailed_metrics_enabled=False,
        logging_level=LoggingLevel.OFF if execution_logs else None,
        throttling_burst_limit=quota.burst,
        throttling_rate_limit=quota.rate,
    )
