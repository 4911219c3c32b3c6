"""What API Gateway v2 and Amazon IVS real-time accept, as data: one rule is one row.

Imports neither CDK nor jsii, so that templates can be checked without Node.
"""

from . import apigatewayv2, ivs
from ._engine import Kind, Problem, Rule, Violation, all_rules, evaluate, rule

__all__ = ["Kind", "Problem", "Rule", "Violation", "all_rules", "apigatewayv2", "evaluate", "ivs", "rule"]
