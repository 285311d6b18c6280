"""Open and read what a sensor wrote: Zeek TSV and JSON, Suricata EVE, rotated and compressed.

Rows come out as DuckDB relations with columns named by the log's own header. What cannot be read
is counted and reported with file, line and reason; the rest goes on.
"""
