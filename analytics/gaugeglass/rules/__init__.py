"""The Suricata rules that come with Gaugeglass: reading, checking, packing and installing them.

``data`` is the repository's folder ``suricata-rules/``, in a wheel a copy of its files.
"""
