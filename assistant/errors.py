"""Everything this package raises on purpose.

    AssistantError              one sentence for the user: what is wrong, where, the remedy
    |- SettingsError            an argument or ASSISTANT_* variable that cannot be used
    |- CorpusError              a corpus folder that cannot be read at all
    |  `- FileProblem           one file of it that cannot be read; the others go on
    |- IndexStateError          an index that is missing, damaged or of another format or model
    |  `- OutdatedIndexError    one that an earlier version made: it is made again
    |- IndexWriteError          an index folder that cannot be written: full, read-only
    |- IndexBusyError           an index that another process is bringing up to date
    |- ModelError               packaged weights that are missing or altered
    |- QuestionError            a question that cannot be asked (empty, too long, no words)
    |- NotFoundError            a document or entry that is not in the index
    `- BusyError                a server that cannot do more now; try again

"Not covered" and "not enough information" are answers, not errors.
"""


class AssistantError(Exception):
    """Base of all errors meant for the user; its text is one clear sentence."""


class SettingsError(AssistantError):
    """An argument, variable or corpus.toml field that cannot be used."""


class CorpusError(AssistantError):
    """A corpus folder that cannot be read at all."""


class FileProblem(CorpusError):
    """One file, or one line of it, that cannot be read.

    Args:
        path: The file as named to the user, relative to the corpus folder.
        reason: What is wrong and what to do, without the file's name.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class IndexStateError(AssistantError):
    """An index that is missing, damaged, or made by another format or model."""


class OutdatedIndexError(IndexStateError):
    """An index made by an earlier version: it can be made again from the documents."""


class IndexWriteError(AssistantError):
    """An index folder that cannot be written; what it held before is as it was.

    Args:
        folder: The index folder.
        error: What the system said.
    """

    def __init__(self, folder: object, error: Exception) -> None:
        reason = (getattr(error, "strerror", "") or str(error) or "no reason given").lower()
        super().__init__(
            f"The index in {folder} cannot be written ({reason}); "
            "free some space, change its permissions or choose another folder with --index."
        )


class IndexBusyError(AssistantError):
    """An index that another process is bringing up to date just now."""


class ModelError(AssistantError):
    """Model weights that are missing or are not the expected ones."""


class QuestionError(AssistantError):
    """A question or claim that cannot be processed."""


class NotFoundError(AssistantError):
    """A document, passage or entry that the index does not hold."""


class BusyError(AssistantError):
    """A server that cannot do more now; ``retry_after`` is in seconds."""

    def __init__(self, sentence: str, retry_after: int = 1) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


def why_unread(error: OSError | UnicodeDecodeError) -> str:
    """Return in a few words why a file could not be read."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return (error.strerror or "it cannot be opened").lower()


# The remedy for an index that cannot be used; a folder given then must be given again.
REBUILD = "run: python -m assistant index --rebuild (with the same --corpus and --index)"
