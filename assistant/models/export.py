"""The reference models -> OpenVINO models, weights in half precision.

About 45 MB each; a conversion takes some ten seconds and is kept (see exported.py).
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.models.reference import ReferenceEncoder, reference_verifier
from assistant.models.runtime import import_openvino
from assistant.models.weights import model_folder


def export_encoder(folder: Path) -> None:
    """Write the encoder: token ids and mask -> states of the tokens."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = ("input_ids", "attention_mask")
        _save(lambda: ReferenceEncoder().model[0].auto_model, names, folder)


def export_verifier(folder: Path) -> None:
    """Write the verifier: ids, mask and segments of a pair -> four logits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = ("input_ids", "attention_mask", "token_type_ids")
        _save(reference_verifier, names, folder)


def _save(load: Callable[[], Any], names: tuple[str, ...], folder: Path) -> None:
    openvino = import_openvino()
    import torch  # first, so that its absence is what is told

    transformer = load()

    class First(torch.nn.Module):  # type: ignore[misc]  # torch is not followed
        """The first output of the model, for inputs in a fixed order."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer  # a submodule, so that its weights are traced

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None) -> Any:
            return self.transformer(
                input_ids=input_ids, attention_mask=attention_mask,
                token_type_ids=token_type_ids, return_dict=False,
            )[0]  # fmt: skip

    example = {name: torch.ones(2, 8, dtype=torch.long) for name in names}
    model = openvino.convert_model(First().eval(), example_input=example)
    openvino.save_model(model, str(folder / "model.xml"), compress_to_fp16=True)
    shutil.copyfile(model_folder() / "tokenizer.json", folder / "tokenizer.json")
