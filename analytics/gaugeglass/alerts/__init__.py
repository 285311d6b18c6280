"""Findings become alerts: identity, risk, repeats, incidents and what was delivered where."""
