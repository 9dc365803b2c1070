"""Files -> Documents: formats, structure and sentences.

It knows nothing of passages, models or questions.
"""

from assistant.reading.assemble import plain_document
from assistant.reading.corpusinfo import read_corpus_info
from assistant.reading.files import read_file
from assistant.reading.folder import SourceFile, list_files
from assistant.reading.pathway import read_pathway
from assistant.reading.sentences import split_sentences

__all__ = [
    "SourceFile",
    "list_files",
    "plain_document",
    "read_corpus_info",
    "read_file",
    "read_pathway",
    "split_sentences",
]
