"""The link to a sensor's Zeek: its management address, never the monitored network."""
