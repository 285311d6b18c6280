"""One file per protocol: which logs carry it and how their rows become activities and claims."""
