"""The facade: open a corpus and its index once, then ask.

    assistant = Assistant.open(read_settings(corpus="my-folder"))
    answer = assistant.ask("What activates mTORC1?")

All methods may be called from several threads; none of them writes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from assistant.answering.answer import Sources, answer_question
from assistant.answering.faq import FaqHit, FaqIndex
from assistant.answering.question import read_question
from assistant.answering.retrieve import Retriever
from assistant.claims.check import Checker, check_claim
from assistant.claims.draft import sentences_of_file
from assistant.config import Settings
from assistant.datatypes import Answer, CorpusInfo, Document, Hit, Pathway, Verdict
from assistant.errors import FileProblem, NotFoundError, QuestionError
from assistant.indexing import BuildReport, Index, build_index, is_fresh, open_index
from assistant.models import load_encoder, load_verifier
from assistant.protocols import Encoder, Verifier
from assistant.reading import read_corpus_info, read_pathway
from assistant.reading.pathway import FILE_NAME as PATHWAY

Progress = Callable[[int, int, int], None]
Level = Literal["passage", "document"]


@dataclass(slots=True)
class Assistant:
    """An open index with the encoder that made it."""

    settings: Settings
    info: CorpusInfo
    index: Index
    encoder: Encoder
    retriever: Retriever
    faq: FaqIndex
    report: BuildReport | None
    _verifier: Verifier | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pathway: tuple[object, Pathway | FileProblem | None] = (None, None)

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        progress: Progress | None = None,
        encoder: Encoder | None = None,
    ) -> Assistant:
        """Open the index of a corpus, building it first when it is missing or out of date.

        Raises:
            CorpusError: When the corpus folder cannot be read.
            SettingsError: When its corpus.toml cannot be used.
            IndexStateError: When the index on disk is damaged or of another format or model.
            ModelError: When the model's weights are missing or altered.
        """
        info = read_corpus_info(settings.corpus)
        encoder = encoder or load_encoder(settings)
        index, report = _fresh_index(settings, encoder, progress)
        faq = FaqIndex(index, encoder)
        if report is not None:
            faq.save()
        return cls(settings, info, index, encoder, Retriever(index, encoder), faq, report)

    def close(self) -> None:
        """Release the index's files."""
        self.index.close()

    def ask(self, question: str, answer_id: str = "", previous: str = "") -> Answer:
        """Return the answer to a question: verbatim slices with citations, or not covered.

        ``previous`` is the question asked before (an answer's ``resolved_question``): a
        follow-up such as "and what about mTORC2?" inherits its topic.

        Raises:
            QuestionError: When the question is empty, too long or without a word.
        """
        return self.ask_faq(question, answer_id, previous)[0]

    def ask_faq(
        self, question: str, answer_id: str = "", previous: str = ""
    ) -> tuple[Answer, list[FaqHit]]:
        """Return the same answer as ``ask`` and the ten FAQ entries nearest to the question."""
        started = time.perf_counter()
        sources = Sources(self.retriever, self.faq, self.info)
        answer, entries = answer_question(question, sources, answer_id, previous)
        elapsed = round(1000 * (time.perf_counter() - started), 2)
        return replace(answer, timings_ms={"total": elapsed}), entries

    @property
    def verifier(self) -> Verifier:
        """The model that judges evidence, loaded when it is first needed.

        Raises:
            ModelError: When its weights are missing or altered.
        """
        with self._lock:
            if self._verifier is None:
                self._verifier = load_verifier(self.settings)
            return self._verifier

    @property
    def is_warm(self) -> bool:
        """Whether every model is loaded, the verifier too."""
        return self._verifier is not None

    def check(self, claim: str, claim_id: str = "") -> Verdict:
        """Return which sources support a claim, which contradict it, and by which sentence.

        Raises:
            QuestionError: When the claim is empty, too long or without a word.
            ModelError: When the verifier's weights are missing or altered.
        """
        started = time.perf_counter()
        verdict = check_claim(claim, Checker(self.retriever, self.verifier, self.info), claim_id)
        elapsed = round(1000 * (time.perf_counter() - started), 2)
        return replace(verdict, timings_ms={"total": elapsed})

    def check_draft(self, path: Path) -> list[Verdict]:
        """Return a verdict for each sentence of a text file, in order.

        Raises:
            AssistantError: When the file cannot be read.
        """
        return self.check_sentences(sentences_of_file(path))

    def check_sentences(self, sentences: Iterable[str]) -> list[Verdict]:
        """Return a verdict for each sentence, in order, with ids counting from 1.

        A sentence that is nothing but markup is no claim and is left out.

        Raises:
            ModelError: When the verifier's weights are missing or altered.
        """
        verdicts: list[Verdict] = []
        for sentence in sentences:
            with suppress(QuestionError):
                verdicts.append(self.check(sentence, str(len(verdicts) + 1)))
        return verdicts

    def search(self, query: str, k: int = 10, level: Level = "passage") -> list[Hit]:
        """Return the ``k`` best passages, or the best passage of each of ``k`` documents.

        Raises:
            QuestionError: When the query is empty, too long or without a word.
        """
        question = read_question(query)
        wanted = k if level == "passage" else max(200, 4 * k)
        _, hits = self.retriever.search(question.text, question.terms, wanted)
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
        document = self.index.document(doc_id)
        if document is None:
            raise NotFoundError(
                f"There is no document '{doc_id}'; list them with: python -m assistant document"
            )
        return document

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of the corpus."""
        return self.index.store.documents()

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
        state = (self.index.folder, status.st_mtime_ns, status.st_size)
        known, found = self._pathway
        if known != state:
            try:
                found = read_pathway(self.settings.corpus, self.index.document)
            except FileProblem as problem:
                found = problem
            self._pathway = (state, found)
        if isinstance(found, FileProblem):
            raise FileProblem(found.path, found.reason)
        return found


def _fresh_index(
    settings: Settings, encoder: Encoder, progress: Progress | None
) -> tuple[Index, BuildReport | None]:
    """Open the index; build it when there is none or the corpus's files have changed."""
    if (settings.index / "CURRENT").exists():
        index = open_index(settings.index, encoder.model_id)
        if is_fresh(index, settings.corpus):
            return index, None
        index.close()
    report = build_index(settings, encoder, progress)
    return open_index(settings.index, encoder.model_id), report
