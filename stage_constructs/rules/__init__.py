"""What API Gateway v2 and Amazon IVS real-time accept, as data: one rule is one row.

Imports neither CDK nor jsii, so that templates can be checked without Node. The rows of a service are there once its
sub-package is imported, those of all services with `rules.templates`.
"""

from ._engine import Kind, Problem, Rule, RuleViolation, evaluate, rule

__all__ = ["Kind", "Problem", "Rule", "RuleViolation", "evaluate", "rule"]
