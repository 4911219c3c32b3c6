"""Tests of the engine of rules, and of each rule over its cases."""
