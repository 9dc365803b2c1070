"""The documents of an index -> the page that lists them, with what could not be read."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.answering.faqdata import FaqEntry
from assistant.indexing import Index
from assistant.indexing.files import load_table
from assistant.indexing.manifest import Manifest
from assistant.indexing.store import Listed
from assistant.web.escaping import escape
from assistant.web.pages import View, address_of, counted, cut, document_address, pager
from assistant.words import fold

PAGE = 50
_FOLDERS, _PROBLEMS = 40, 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of the list: words to filter by, one folder, a page (from 1)."""

    query: str = ""
    folder: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The documents of one index as they are listed.

    ``faq`` counts entries by document, ``changed`` gives the time of each file in ns.
    """

    documents: tuple[Listed, ...]
    folded: tuple[str, ...]
    folders: tuple[tuple[str, int], ...]
    faq: Counter[str]
    changed: dict[str, int]


class Library:
    """The catalogue of the index last seen, made again when there is another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Index | None = None
        self._catalogue = Catalogue((), (), (), Counter(), {})

    def catalogue(self, index: Index, entries: Sequence[FaqEntry]) -> Catalogue:
        """Return what is listed of an index with these FAQ entries."""
        with self._lock:
            if self._seen is not index:
                self._catalogue = _catalogue(index, entries)
                self._seen = index
            return self._catalogue


def library_view(catalogue: Catalogue, manifest: Manifest, wanted: Wanted) -> View:
    """Return the view: counts, filter, folders, documents, and files that were not read."""
    words = fold(wanted.query).split()
    found = [
        listed
        for listed, text in zip(catalogue.documents, catalogue.folded, strict=True)
        if all(word in text for word in words)
        and (not wanted.folder or folder_of(listed.doc_id) == wanted.folder)
    ]
    page, pages, first = cut(found, wanted.page, PAGE)
    shown = found[first : first + PAGE]
    rows = "".join(_document(d, catalogue) for d in shown)
    body = f'<ul class="lib-list">{rows}</ul>' if rows else "<p>No source matches this.</p>"
    more = pager("/doc/", page, pages, q=wanted.query, folder=wanted.folder)
    return View(
        "/doc/",
        "Sources",
        f"{_form(wanted)}{_folders(catalogue, wanted)}"
        f'<p class="view-status" id="lib-status" role="status">{_status(found, catalogue)}</p>'
        f'<div id="lib-results">{body}{more}</div>{_problems(manifest)}',
        lead=_counts(catalogue, manifest),
    )


def folder_of(doc_id: str) -> str:
    """Return the folder of a document inside the corpus, "" at its top."""
    return doc_id.rpartition("/")[0]


def when(stamp: str) -> str:
    """Return the time of an ISO stamp as shown, "21 Nov 2026, 16:20 UTC"."""
    moment = datetime.fromisoformat(stamp)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def _catalogue(index: Index, entries: Sequence[FaqEntry]) -> Catalogue:
    documents = tuple(index.store.listing())
    folded = tuple(fold(f"{d.title}\n{d.doc_id}\n{d.kind}\n{d.publisher}") for d in documents)
    folders = Counter(folder_of(d.doc_id) for d in documents)
    faq = Counter(entry.passage.doc_id for entry in entries)
    changed = {name: record.mtime_ns for name, record in load_table(index.folder).items()}
    return Catalogue(documents, folded, tuple(sorted(folders.items())), faq, changed)


def _counts(catalogue: Catalogue, manifest: Manifest) -> str:
    facts = [
        counted(manifest.documents, "document"),
        counted(manifest.passages, "passage"),
        counted(catalogue.faq.total(), "FAQ entry", "FAQ entries"),
        f"last indexed {when(manifest.built_at)}",
    ]
    return " · ".join(facts)


def _form(wanted: Wanted) -> str:
    kept = ""
    if wanted.folder:
        kept = f'<input type="hidden" name="folder" value="{escape(wanted.folder)}">'
    return (
        '<form class="view-search" role="search" action="/doc/" method="get" data-live="lib">'
        f'{kept}<label for="lib-q">Filter by title, file or publisher</label>'
        '<div class="view-row"><input type="search" id="lib-q" name="q" maxlength="200" '
        f'value="{escape(wanted.query)}" autocomplete="off" spellcheck="false">'
        '<button type="submit">Filter</button></div></form>'
    )


def _folders(catalogue: Catalogue, wanted: Wanted) -> str:
    if len(catalogue.folders) < 2:
        return ""
    here = ' aria-current="true"'
    rows = [f'<li><a href="/doc/"{"" if wanted.folder else here}>All folders</a></li>']
    rows += [
        f'<li><a href="{address_of("/doc/", folder=name)}"'
        f"{here if name == wanted.folder else ''}>{escape(name)}"
        f' <span class="lib-number">{number:,}</span></a></li>'
        for name, number in catalogue.folders[:_FOLDERS]
        if name
    ]
    rest = len(catalogue.folders) - _FOLDERS
    if rest > 0:
        rows.append(f"<li>and {counted(rest, 'more folder')}</li>")
    return f'<nav class="lib-folders" aria-label="Folders"><ul>{"".join(rows)}</ul></nav>'


def _status(found: Sequence[Listed], catalogue: Catalogue) -> str:
    if len(found) == len(catalogue.documents):
        return counted(len(found), "source")
    return f"{counted(len(found), 'source')} of {len(catalogue.documents):,}"


def _document(listed: Listed, catalogue: Catalogue) -> str:
    about = " · ".join(filter(None, (listed.kind, listed.publisher, listed.published)))
    counts = [counted(listed.sections, "section"), counted(listed.passages, "passage")]
    if faq := catalogue.faq[listed.doc_id]:
        counts.append(counted(faq, "FAQ entry", "FAQ entries"))
    if changed := catalogue.changed.get(listed.source):
        moment = datetime.fromtimestamp(changed / 1e9, UTC)
        counts.append(f"file of {moment.day} {moment:%b %Y}")
    lines = [listed.doc_id if listed.doc_id != listed.title else ""]
    lines.append(f"The same content: {', '.join(listed.also)}" if listed.also else "")
    files = "".join(f'<p class="lib-file">{escape(line)}</p>' for line in lines if line)
    return (
        f'<li class="lib-item"><h2><a href="{document_address(listed.doc_id)}">'
        f"{escape(listed.title)}</a></h2>{files}"
        f"{f'<p>{escape(about)}</p>' if about else ''}<p>{' · '.join(counts)}</p></li>"
    )


def _problems(manifest: Manifest) -> str:
    if not manifest.problems:
        return ""
    rows = "".join(f"<li>{escape(problem)}</li>" for problem in manifest.problems[:_PROBLEMS])
    rest = len(manifest.problems) - _PROBLEMS
    more = f"<p>and {rest:,} more.</p>" if rest > 0 else ""
    return (
        f'<section class="lib-problems"><h2>Not read: {len(manifest.problems):,}</h2>'
        f"<p>Answers do not draw on these.</p><ul>{rows}</ul>{more}</section>"
    )
