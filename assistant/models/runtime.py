"""The one door to the OpenVINO library, with its telemetry shut.

``import openvino`` sends an event through the package openvino-telemetry when that can be
imported; its own fallback is a stub that does nothing. Marking the package as absent before
the import selects the stub, so no byte can leave.
"""

from __future__ import annotations

import sys
from typing import Any


def import_openvino() -> Any:
    """Return the openvino module, imported without its telemetry."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # the documented block
    import openvino

    return openvino
