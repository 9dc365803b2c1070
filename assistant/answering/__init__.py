"""Question -> Answer: retrieval, the choice of sentences, and whether it is covered."""
