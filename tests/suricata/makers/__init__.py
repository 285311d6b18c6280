"""Makers of the captures, one module a protocol; each has ``make()``, which writes all its cases.

A maker scripts its packets with :mod:`.wire`, or records a real stack with :mod:`.tap` and lays
what was said on the same deterministic wire.
"""
