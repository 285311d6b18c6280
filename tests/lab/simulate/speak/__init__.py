"""One file a protocol (or a few small ones): exchanges, given their moments, as rows of logs."""
