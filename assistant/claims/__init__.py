"""Checking a claim: which source supports it, which contradicts it, and by which sentence."""
