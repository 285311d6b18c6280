"""Detectors held against labelled attacks, and against the baselines others would use instead."""
