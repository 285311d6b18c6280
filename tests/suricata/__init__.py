"""Cases of the Suricata rules: a capture and the alerts it must and must not raise.

Each case is a folder ``<protocol>-<name>/`` with ``input.pcap`` and ``test.yaml`` in the form of
suricata-verify. ``python -m tests.suricata.run`` runs them, ``python -m tests.suricata.makers``
writes the captures anew.
"""
