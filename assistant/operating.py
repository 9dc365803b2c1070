"""What the operator of a server does on the command line: read feedback, make passwords."""

from __future__ import annotations

import argparse
import sys

from assistant.config import Settings
from assistant.errors import AssistantError
from assistant.feedback import cases_of, feedback_file, lines_of, read_feedback
from assistant.jsonio import dump
from assistant.web.passwords import ask_password, hash_password


def feedback(options: argparse.Namespace, settings: Settings) -> int:
    """Print the ratings, or the cases made of them."""
    path = feedback_file(settings)
    records = read_feedback(path) if path else []
    if options.cases:
        cases, left_out = cases_of(records)
        for case in cases:
            print(dump(case))
        if left_out:
            print(f"{left_out} ratings do not say what is expected instead; see them with: "
                  "python -m assistant feedback", file=sys.stderr)  # fmt: skip
        return 0
    for line in map(dump, records) if options.json else lines_of(records):
        print(line)
    if not records:
        print(f"There is no feedback in {path or 'ASSISTANT_FEEDBACK=off'}.", file=sys.stderr)
    return 0


def password(options: argparse.Namespace, _settings: Settings) -> int:
    """Read a password and print the line of its user."""
    name = options.name.strip()
    if not name or ":" in name or name.startswith("#") or not name.isprintable():
        raise AssistantError("NAME must be a name without ':' that does not begin with '#'.")
    print(f"{name}:{hash_password(ask_password())}")
    return 0


def convert(options: argparse.Namespace, settings: Settings) -> int:
    """Convert the models into the cache and print where they are."""
    from assistant.models import convert_models

    folders = convert_models(settings.cache)
    if options.json:
        print(dump({"cache": str(settings.cache), "models": [str(f) for f in folders]}))
        return 0
    for folder in folders:
        print(f"Converted: {folder}")
    print(f"Serve with ASSISTANT_CACHE={settings.cache}; torch is not needed for that.")
    return 0


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Print what is in order and what is not; return 1 when something is wrong."""
    from assistant.doctor import examine, report_text

    report = examine(settings)
    print(dump(report.as_json()) if options.json else report_text(report))
    return 0 if report.is_sound else 1
