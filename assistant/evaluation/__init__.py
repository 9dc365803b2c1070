"""Cases in a file -> figures with intervals, and whether they keep to the file's bounds."""

from assistant.evaluation.cases import read_cases
from assistant.evaluation.run import evaluate, run_eval

__all__ = ["evaluate", "read_cases", "run_eval"]
