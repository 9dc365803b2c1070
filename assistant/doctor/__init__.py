"""Whether everything is in order on this machine: what is there, what is wrong, what helps."""

from assistant.doctor.look import Report, examine
from assistant.doctor.told import report_text

__all__ = ["Report", "examine", "report_text"]
