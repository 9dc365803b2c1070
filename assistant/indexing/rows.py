"""Rows appended to a .npy file, so that no build holds all vectors in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray


class RowWriter:
    """Writes an array of shape (rows, dim), a few rows at a time."""

    def __init__(self, path: Path, dim: int, dtype: Any) -> None:
        self._stream = path.open("wb")
        self._dim, self._dtype = dim, np.dtype(dtype)
        self.rows = 0
        self._head()

    def add(self, rows: NDArray[Any]) -> None:
        """Append rows, shape (any, dim)."""
        self._stream.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
        self.rows += len(rows)

    def close(self) -> None:
        """Write the final number of rows and close the file."""
        self._stream.seek(0)
        self._head()
        self._stream.close()

    def abandon(self) -> None:
        """Close the file of a build that failed; what it holds does not matter any more."""
        try:
            self._stream.close()
        except OSError:  # what was still to be written did not fit
            return

    def _head(self) -> None:
        # numpy pads the header so that the first dimension can grow in place.
        shape = (self.rows, self._dim)
        head = {"descr": self._dtype.str, "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(self._stream, head)
