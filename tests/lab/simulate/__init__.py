"""Weeks of plant traffic as Zeek would log them, simulated: no packet was ever sent.

What the lab next door makes in minutes with real protocol stacks lasts too short to count false
alerts a day. This makes weeks within a minute or two. Every row is invented, by rules that stand
in these files; what is measured on it must be reported as measured on simulated traffic.
"""
