"""Scripts that learn the weights kept in the package; not needed to run it."""
