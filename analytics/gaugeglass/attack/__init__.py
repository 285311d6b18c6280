"""ATT&CK for ICS: the table as data, the crosswalk from revoked ids, Navigator layers."""
