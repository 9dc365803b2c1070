"""The reference model -> an OpenVINO model of its token states, weights in half precision."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from assistant.models.reference import ReferenceEncoder
from assistant.models.runtime import import_openvino


def export_openvino(folder: Path) -> None:
    """Write model.xml and model.bin (about 45 MB) to a folder; takes some ten seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        openvino = import_openvino()
        import torch

        transformer: Any = ReferenceEncoder().model[0].auto_model
        example = torch.ones(2, 8, dtype=torch.long)

        class TokenStates(torch.nn.Module):  # type: ignore[misc]  # torch is not followed
            def __init__(self) -> None:
                super().__init__()
                self.transformer = transformer  # a submodule, so that its weights are traced

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                return self.transformer(
                    input_ids=input_ids, attention_mask=attention_mask, return_dict=False
                )[0]

        model = openvino.convert_model(
            TokenStates(), example_input={"input_ids": example, "attention_mask": example}
        )
        openvino.save_model(model, str(folder / "model.xml"), compress_to_fp16=True)
