"""One file per way of being abnormal: each learns, judges and explains."""
