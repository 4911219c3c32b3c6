"""Calls for type checkers: what must pass, and what must be reported, marked as an error expected on its line."""
