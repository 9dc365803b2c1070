"""What a sync did, or found done already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.indexing.files import Changes, FileRecord, Table

_LISTED = 100
_KINDS = ("added", "changed", "renamed", "deleted", "failed", "unchanged")


@dataclass(slots=True)
class SyncReport:
    """What a sync did; each file is in one of added, changed, renamed, deleted, failed, unchanged.

    ``built`` is false when the index was up to date already. ``renamed`` maps a new name to the
    old one, ``copies`` a name to the file whose content it repeats.
    """

    built: bool = False
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def sort_files(self, changes: Changes, before: Table, after: Mapping[str, FileRecord]) -> None:
        """Fill the lists of files from the comparison and the records before and after."""
        self.failed = sorted(name for name, record in after.items() if record.failed)
        self.copies = {name: r.same_as for name, r in after.items() if r.same_as}
        gone: dict[str, list[str]] = {}
        for name in reversed(changes.deleted):
            gone.setdefault(before[name].sha256, []).append(name)
        gone.pop("", None)
        self.renamed = {
            name: gone[sha].pop() for name in changes.added if gone.get(sha := after[name].sha256)
        }
        left_out = {*self.failed, *self.renamed}
        self.added = [n for n in changes.added if n not in left_out]
        self.changed = [n for n in changes.changed if n not in left_out]
        self.unchanged = [n for n in changes.unchanged if n not in left_out]
        old_names = set(self.renamed.values())
        self.deleted = [n for n in changes.deleted if n not in old_names]

    @property
    def counts(self) -> dict[str, int]:
        """How many files are of each kind."""
        return {kind: len(getattr(self, kind)) for kind in _KINDS}

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values; at most 100 names of each kind."""
        renamed = [{"from": old, "to": new} for new, old in self.renamed.items()]
        copies = [{"file": name, "same_as": other} for name, other in self.copies.items()]
        listed: dict[str, list[Any]] = {
            "added": list(self.added), "changed": list(self.changed), "renamed": renamed,
            "deleted": list(self.deleted), "failed": list(self.failed), "copies": copies,
        }  # fmt: skip
        return {
            "built": self.built,
            "documents": self.documents,
            "passages": self.passages,
            "embedded": self.embedded,
            "seconds": round(self.seconds, 3),
            "counts": {**self.counts, "copies": len(self.copies)},
            **{kind: names[:_LISTED] for kind, names in listed.items()},
            "problems": self.problems[:_LISTED],
        }
