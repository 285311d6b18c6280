"""What people would use instead: one file a rival, each defines ``RIVAL``.

A rival sees the same windows (or the rows of the same log) and learns from the same span; what it
flags becomes alerts in the same way as ours.
"""
