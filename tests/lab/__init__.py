"""A small plant of real protocol stacks in network namespaces, and attacks on it."""
