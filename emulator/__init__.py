"""An AWS on this machine: what `make demo` and the deploy tests deploy to.

The library knows nothing of it.
"""
