"""Tests of stage_constructs.apigatewayv2."""
