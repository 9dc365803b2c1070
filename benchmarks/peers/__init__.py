"""This project beside LlamaIndex, Haystack and txtai: same weights, same corpus, one table."""
