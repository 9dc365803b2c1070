"""One adapter a system. Each imports its libraries in ``prepare`` only."""
