r"""Train the verifier: a cross-encoder of two texts, made from the packaged MiniLM.

    python -m training.verifier --out build/1 --rate 1e-4
    python -m training.verifier --out build/2 --stage 2 --start build/1/checkpoint.pt --rate 7e-5
    python -m training.verifier --out build/3 --stage 3 --start build/2/checkpoint.pt --rate 5e-5
    python -m training.verifier --out build/4 --stage 4 --start build/3/checkpoint.pt --rate 8e-5
    python -m training.verifier --out build/5 --stage 5 --start build/4/checkpoint.pt --rate 6e-5 \
        --share 0.75
    python -m training.verifier --store build/4/checkpoint.pt build/5/checkpoint.pt
    python -m training.verifier --out build/6 --stage 6 --start MEAN --rate 7e-5

MEAN is the mean of the fourth's and fifth's weights, as a checkpoint. Four outputs: (premise,
claim) -> supported, refuted, neither; (question, window) -> whether the window answers the
question. The embeddings stay those of the packaged model, so only the six layers, the pooler and
the head are stored. Reproducible from the seed on one machine; about four hours on two cores.
docs/model-card.md says what it was trained on and how well it does.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from sklearn.metrics import f1_score, roc_auc_score
from transformers import AutoTokenizer, BertForSequenceClassification

from assistant.models.verifier import FOLDER
from assistant.models.weights import WEIGHTS_SHA256, file_sha256, model_folder, verify_weights
from training.rows import TARGETS, Row
from training.verifier_data import development_rows, training_rows

OUTPUT_NAMES = ["supports", "refutes", "neither", "answers the question"]
_MAX_TOKENS = 176
_BATCH = 32
_SAVED_EVERY = 200  # batches
_POOL = 50  # batches sorted by length together


def main() -> None:
    """Train, measure on what was held out, and store the layers that changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="public data")
    parser.add_argument("--out", type=Path, default=Path("build/verifier"), help="for checkpoints")
    parser.add_argument("--start", type=Path, help="the checkpoint of the stage before")
    parser.add_argument("--stage", type=int, choices=range(1, 9), default=1)
    parser.add_argument("--share", type=float, default=1.0, help="train on this part of the rows")
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--store", type=Path, nargs="+", help="only store the mean of these")
    arguments = parser.parse_args()
    if arguments.store:
        store(mean_of([torch.load(path) for path in arguments.store]))
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(arguments.seed)
    torch.manual_seed(arguments.seed)
    rows = training_rows(arguments.data, rng, arguments.stage)
    rows = rows[: int(len(rows) * arguments.share)]
    counts = {s: sum(r.source == s for r in rows) for s in sorted({r.source for r in rows})}
    print(json.dumps({"rows": len(rows), **counts}), flush=True)
    held_out = development_rows(arguments.data)
    tokenizer = AutoTokenizer.from_pretrained(str(model_folder()), local_files_only=True)
    model = new_model()
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start), strict=False)
    model.bert.embeddings.requires_grad_(False)
    _train(model, tokenizer, rows, held_out, rng, arguments)


def new_model() -> Any:
    """Return the packaged model with a fresh head of four outputs."""
    verify_weights(model_folder())
    return BertForSequenceClassification.from_pretrained(
        str(model_folder()), num_labels=4, local_files_only=True
    )


def changed_weights(model: Any) -> dict[str, Any]:
    """Return what differs from the packaged model: all but the embeddings."""
    return {n: t for n, t in model.state_dict().items() if "bert.embeddings." not in n}


def mean_of(checkpoints: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean of each weight: models of one descent often do best averaged."""
    return {name: sum(c[name] for c in checkpoints) / len(checkpoints) for name in checkpoints[0]}


def store(changed: dict[str, Any]) -> None:
    """Write the layers that changed, in half precision, and their hash, where they are shipped."""
    path = FOLDER / "verifier.safetensors"
    halved = {name: weights.half().contiguous() for name, weights in changed.items()}
    save_file(halved, path)
    record = {"sha256": file_sha256(path), "base": WEIGHTS_SHA256, "outputs": OUTPUT_NAMES}
    (FOLDER / "verifier.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {record['sha256']}")


def _train(
    model: Any, tokenizer: Any, rows: list[Row], held_out: list[Row], rng: random.Random,
    arguments: argparse.Namespace,
) -> None:  # fmt: skip
    batches = list(_batches(tokenizer, rows, rng))
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=arguments.rate, weight_decay=0.01, fused=True)
    warm = len(batches) // 16 + 1
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (len(batches) - s) / len(batches)))
    )
    started, total = time.time(), 0.0
    model.train()
    for step, batch in enumerate(batches, start=1):
        loss = _loss(model, tokenizer, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        rates.step()
        optimizer.zero_grad()
        total += loss.item()
        if step % 100 == 0:
            print(
                f"{step}/{len(batches)} {time.time() - started:.0f}s loss {total / 100:.3f}",
                flush=True,
            )
            total = 0.0
        if step % _SAVED_EVERY == 0 or step == len(batches):
            torch.save(changed_weights(model), arguments.out / "checkpoint.part")
            (arguments.out / "checkpoint.part").replace(arguments.out / "checkpoint.pt")
    print(json.dumps(measure(model, tokenizer, held_out)), flush=True)


def _batches(tokenizer: Any, rows: list[Row], rng: random.Random) -> Iterator[list[Row]]:
    """Yield batches of rows of like length, in random order."""
    size = _BATCH * _POOL
    for at in range(0, len(rows), size):
        pool = sorted(rows[at : at + size], key=lambda r: len(r.first) + len(r.second))
        found = [pool[i : i + _BATCH] for i in range(0, len(pool), _BATCH)]
        rng.shuffle(found)
        yield from found


def _loss(model: Any, tokenizer: Any, batch: list[Row]) -> Any:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**_encoded(tokenizer, batch)).logits
    logits = logits.float()
    targets = torch.tensor([r.target for r in batch])
    chances = torch.log_softmax(logits[:, :3], dim=1)
    claim = targets < 3
    terms = []
    if claim.any():
        terms.append(-chances[claim].gather(1, targets[claim, None]).sum())
    open_ = targets == TARGETS["not_entailment"]
    if open_.any():
        terms.append(-torch.logsumexp(chances[open_][:, 1:], dim=1).sum())
    answers = targets > 3
    if answers.any():
        wanted = (targets[answers] == TARGETS["answer"]).float()
        terms.append(
            torch.nn.functional.binary_cross_entropy_with_logits(
                logits[answers, 3], wanted, reduction="sum"
            )
        )
    return torch.stack(terms).sum() / len(batch)


def _encoded(tokenizer: Any, batch: list[Row]) -> Any:
    return tokenizer(
        [r.first for r in batch], [r.second for r in batch], padding=True, truncation=True,
        max_length=_MAX_TOKENS, return_tensors="pt",
    )  # fmt: skip


def measure(model: Any, tokenizer: Any, rows: list[Row]) -> dict[str, float]:
    """Return accuracy by source, macro-F1 of the scientific claims, AUROC of the answers."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].first) + len(rows[i].second))
    logits = np.zeros((len(rows), 4), dtype=np.float32)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 64):
            part = order[at : at + 64]
            logits[part] = model(**_encoded(tokenizer, [rows[i] for i in part])).logits.float()
    found: dict[str, float] = {}
    for source in sorted({r.source for r in rows}):
        at_source = [i for i, r in enumerate(rows) if r.source == source]
        targets = np.array([rows[i].target for i in at_source])
        if source.endswith("answers"):
            found[source] = roc_auc_score(targets == 5, logits[at_source, 3])
            continue
        labels = logits[at_source, :3].argmax(axis=1)
        right = np.where(targets == 3, labels != 0, labels == targets)
        found[source] = right.mean()
        if source == "scifact":
            found["scifact_f1"] = f1_score(targets, labels, average="macro")
    return {name: round(float(value), 4) for name, value in found.items()}


if __name__ == "__main__":
    main()
