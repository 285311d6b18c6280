"""What normally happens, how sure we are of it, and what departs from it."""
