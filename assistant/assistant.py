"""The facade: open a corpus and its index once, then ask.

    assistant = Assistant.open(read_settings(corpus="my-folder"))
    answer = assistant.ask("What activates mTORC1?")

All methods may be called from several threads. Only ``open`` and ``sync`` write, and only to
the index folder; ``sync`` and ``refresh`` may run while questions are answered.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

from assistant.answering.answer import Sources, answer_question
from assistant.answering.faq import FaqHit, FaqIndex
from assistant.answering.faqdata import FaqEntry
from assistant.answering.question import read_question
from assistant.answering.retrieve import Retriever
from assistant.claims.check import Checker, check_claim
from assistant.claims.draft import sentences_of_file
from assistant.config import Settings
from assistant.datatypes import Answer, CorpusInfo, Document, Hit, Pathway, Verdict
from assistant.errors import (
    FileProblem,
    NotFoundError,
    OutdatedIndexError,
    QuestionError,
)
from assistant.indexing import (
    Index,
    Progress,
    SyncReport,
    in_use,
    open_placed,
    sync_placed,
    tidy,
)
from assistant.models import LazyVerifier, load_encoder
from assistant.opened import Opened, Switch, id_within
from assistant.opening import Wait, bring_up_to_date, keep_faq
from assistant.protocols import Encoder, Verifier
from assistant.reading import read_corpus_info, read_pathway
from assistant.reading.pathway import FILE_NAME as PATHWAY

Level = Literal["passage", "document"]


class Assistant:
    """An open index with the encoder that made it.

    ``report`` is what the sync at opening did, None when there was nothing to do; ``notice`` is
    one sentence when the index could not be brought up to date, else empty.
    """

    def __init__(
        self,
        settings: Settings,
        opened: Opened,
        encoder: Encoder,
        report: SyncReport | None = None,
        notice: str = "",
        verifier: Verifier | None = None,
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.report = report
        self.notice = notice
        self._switch = Switch(opened)
        self._verifier: Verifier = verifier or LazyVerifier(settings)
        self._refreshing = threading.Lock()
        self._pathway: tuple[object, Pathway | FileProblem | None] = (None, None)

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        progress: Progress | None = None,
        encoder: Encoder | None = None,
        verifier: Verifier | None = None,
        sync: bool = True,
        wait: Wait | None = None,
        verify_soon: bool = False,
    ) -> Assistant:
        """Open the index of a corpus, brought up to date before.

        Where that cannot be done now (another process is at it, the index folder cannot be
        written), the index as it is serves and ``notice`` says so.

        Args:
            settings: Where the corpus, the index and the cache are.
            progress: Told how far a sync has come.
            encoder: The encoder; by default the one that the settings choose.
            verifier: The verifier; by default the same, loaded when it is needed.
            sync: False opens the index as it is, at once.
            wait: Called with a sentence while there is no index yet and another process makes it.
            verify_soon: Load the verifier beside the index, for a process that asks at once.

        Raises:
            CorpusError: When the corpus folder cannot be read.
            SettingsError: When its corpus.toml cannot be used.
            IndexStateError: When the index on disk is damaged or of another format or model.
            IndexWriteError: When there is no index yet and none can be written.
            ModelError: When the model's weights are missing or altered.
        """
        info = read_corpus_info(settings.corpus)
        verifier = verifier or LazyVerifier(settings)
        if verify_soon and isinstance(verifier, LazyVerifier):
            verifier.load_meanwhile()
        encoder = encoder or load_encoder(settings)
        report, notice = None, ""
        if sync:
            report, notice = bring_up_to_date(settings, encoder, progress, wait)
        try:
            index = open_placed(settings, encoder.model_id)
        except OutdatedIndexError:
            report, notice = bring_up_to_date(settings, encoder, progress, wait)
            index = open_placed(settings, encoder.model_id)
        opened = Opened.of(info, index, encoder)
        return cls(settings, opened, encoder, report, notice, verifier)

    def close(self) -> None:
        """Release the index's files, as soon as no request uses them."""
        self._switch.close()

    @property
    def info(self) -> CorpusInfo:
        """What corpus.toml says."""
        return self._switch.current.info

    @property
    def index(self) -> Index:
        """The open index. Hold it by ``pinned`` where it is used for more than a moment."""
        return self._switch.current.index

    @property
    def retriever(self) -> Retriever:
        """The search over the open index."""
        return self._switch.current.retriever

    @property
    def faq(self) -> FaqIndex:
        """The frequently asked questions of the open index."""
        return self._switch.current.faq

    @contextlib.contextmanager
    def pinned(self) -> Iterator[Assistant]:
        """Answer everything inside from one generation, whatever becomes current meanwhile.

        Each method pins on its own; a request that calls several wraps them in this.
        """
        with self._switch.lease():
            yield self

    def sync(
        self,
        progress: Progress | None = None,
        *,
        full: bool = False,
        wait: Wait | None = None,
    ) -> SyncReport:
        """Bring the index to the folder's state and switch to it; questions go on meanwhile.

        Raises:
            AssistantError: As ``open`` does; the index that is open goes on serving.
        """
        report = sync_placed(
            self.settings,
            self.encoder,
            progress,
            full=full,
            wait=wait,
            prepare=keep_faq(self.encoder),
        )
        self.notice = ""
        self.refresh()
        return report

    def refresh(self) -> bool:
        """Switch to the generation in use and to corpus.toml as it stands; tell whether it did.

        Raises:
            AssistantError: When either cannot be used; what is open goes on serving.
        """
        with self._refreshing:
            now = self._switch.current
            info = read_corpus_info(self.settings.corpus)
            if info == now.info and in_use(self.settings) == now.index.folder:
                return False
            index = open_placed(self.settings, self.encoder.model_id)
            self._switch.to(Opened.of(info, index, self.encoder))
        tidy(self.settings.index)
        return True

    def ask(
        self,
        question: str,
        answer_id: str = "",
        previous: str = "",
        documents: Sequence[str] = (),
    ) -> Answer:
        """Return the answer to a question: verbatim slices with citations, or not covered.

        ``previous`` is the question asked before (an answer's ``resolved_question``): a
        follow-up such as "and what about mTORC2?" inherits its topic. ``documents`` are the ids
        of those to answer from, as if there were no others; by default all.

        Raises:
            QuestionError: When the question is empty, too long or without a word.
            NotFoundError: When the index does not hold one of the documents.
            ModelError: When the verifier's weights are missing or altered.
        """
        return self.ask_faq(question, answer_id, previous, documents)[0]

    def ask_faq(
        self,
        question: str,
        answer_id: str = "",
        previous: str = "",
        documents: Sequence[str] = (),
    ) -> tuple[Answer, list[FaqHit]]:
        """Return the same answer as ``ask``, and the ten FAQ entries nearest to the question."""
        started = time.perf_counter()
        with self._switch.lease() as whole:
            opened = whole.within(documents)

            def make() -> tuple[Answer, tuple[FaqHit, ...]]:
                sources = Sources(opened.retriever, opened.faq, opened.info, self.verifier)
                answer, entries = answer_question(question, sources, answer_id, previous)
                return answer, tuple(entries)

            answer, entries = opened.answers.get((question, answer_id, previous), make)
        if documents:
            found_id = answer_id or id_within(answer.id, documents)
            answer = replace(answer, id=found_id, notices=(*answer.notices, *opened.scope))
        elapsed = round(1000 * (time.perf_counter() - started), 2)
        return replace(answer, timings_ms={"total": elapsed}), list(entries)

    @property
    def verifier(self) -> Verifier:
        """The model that judges evidence and answers, loaded when it is first needed."""
        return self._verifier

    @property
    def is_warm(self) -> bool:
        """Whether every model is loaded, the verifier too."""
        return not isinstance(self._verifier, LazyVerifier) or self._verifier.is_loaded

    def faq_entries(self, documents: Sequence[str] = ()) -> tuple[FaqEntry, ...]:
        """Return the frequently asked questions of all documents, or of some.

        Raises:
            NotFoundError: When the index does not hold one of the documents.
        """
        with self._switch.lease() as whole:
            return whole.within(documents).faq.entries

    def check(self, claim: str, claim_id: str = "", documents: Sequence[str] = ()) -> Verdict:
        """Return which sources support a claim, which contradict it, and by which sentence.

        Raises:
            QuestionError: When the claim is empty, too long or without a word.
            NotFoundError: When the index does not hold one of the documents.
            ModelError: When the verifier's weights are missing or altered.
        """
        started = time.perf_counter()
        with self._switch.lease() as whole:
            opened = whole.within(documents)
            checker = Checker(opened.retriever, self.verifier, opened.info)
            verdict = opened.verdicts.get(
                (claim, claim_id), lambda: check_claim(claim, checker, claim_id)
            )
        if documents:
            found_id = claim_id or id_within(verdict.id, documents)
            verdict = replace(verdict, id=found_id, notices=(*verdict.notices, *opened.scope))
        elapsed = round(1000 * (time.perf_counter() - started), 2)
        return replace(verdict, timings_ms={"total": elapsed})

    def check_draft(self, path: Path, documents: Sequence[str] = ()) -> list[Verdict]:
        """Return a verdict for each sentence of a text file, in order.

        Raises:
            AssistantError: When the file cannot be read.
        """
        return self.check_sentences(sentences_of_file(path), documents)

    def check_sentences(
        self, sentences: Iterable[str], documents: Sequence[str] = ()
    ) -> list[Verdict]:
        """Return a verdict for each sentence, in order, with ids counting from 1.

        A sentence that is nothing but markup is no claim and is left out.

        Raises:
            ModelError: When the verifier's weights are missing or altered.
        """
        verdicts: list[Verdict] = []
        with self._switch.lease():
            for sentence in sentences:
                with suppress(QuestionError):
                    verdicts.append(self.check(sentence, str(len(verdicts) + 1), documents))
        return verdicts

    def search(
        self, query: str, k: int = 10, level: Level = "passage", documents: Sequence[str] = ()
    ) -> list[Hit]:
        """Return the ``k`` best passages, or the best passage of each of ``k`` documents.

        Raises:
            QuestionError: When the query is empty, too long or without a word.
            NotFoundError: When the index does not hold one of the documents.
        """
        question = read_question(query)
        wanted = k if level == "passage" else max(200, 4 * k)
        with self._switch.lease() as whole:
            opened = whole.within(documents)
            _, hits = opened.retriever.search(question.text, question.terms, wanted)
        if level == "document":
            best: dict[str, Hit] = {}
            for hit in hits:
                best.setdefault(hit.passage.doc_id, hit)
            hits = list(best.values())
        return hits[:k]

    def document(self, doc_id: str) -> Document:
        """Return a document.

        Raises:
            NotFoundError: When the index holds none of that id.
        """
        with self._switch.lease() as opened:
            document = opened.index.document(doc_id)
        if document is None:
            raise NotFoundError(
                f"There is no document '{doc_id}'; list them with: python -m assistant document"
            )
        return document

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of the corpus."""
        with self._switch.hold() as opened:
            yield from opened.index.store.documents()

    def pathway(self) -> Pathway | None:
        """Return the pathway map of the corpus, None when it has none.

        It is read once for each generation of the index and state of its file.

        Raises:
            FileProblem: When pathway.toml cannot be used; everything else works without it.
        """
        try:
            status = (self.settings.corpus / PATHWAY).stat()
        except OSError:
            return None
        with self._switch.lease() as opened:
            state = (opened.index.folder, status.st_mtime_ns, status.st_size)
            known, found = self._pathway
            if known != state:
                try:
                    found = read_pathway(self.settings.corpus, opened.index.document)
                except FileProblem as problem:
                    found = problem
                self._pathway = (state, found)
        if isinstance(found, FileProblem):
            raise FileProblem(found.path, found.reason)
        return found
