"""Hostile input: property-based tests over the public constructors."""
