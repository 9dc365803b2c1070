"""Fuzz every reader, the splitter, the claim and question parsers and the renderers for long.

    python -m benchmarks.fuzz [--inputs 100000] [--seconds 600] [--only read.md ...]

Each target runs in a process of its own. With ``atheris`` installed (``pip install atheris``; not
required) the inputs are guided by coverage; else they are random damage to valid inputs. A
crash is printed with its input in hexadecimal. The properties are those of tests/fuzz/targets.py.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.samples import mutated, seeds_of
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Run the targets one after another; return 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=600, help="at most, for each target")
    parser.add_argument("--only", nargs="*", default=[], choices=list(TARGETS), metavar="TARGET")
    parser.add_argument("--guide", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.guide:
        return _guided(options.guide, rest)
    failed = 0
    for name in options.only or TARGETS:
        started = time.perf_counter()
        if importlib.util.find_spec("atheris"):
            done, crash = _run_guided(name, options.inputs, options.seconds)
            how = "guided by coverage"
        else:
            done, crash = _run_random(name, options.inputs, options.seconds)
            how = "random"
        failed += bool(crash)
        taken = time.perf_counter() - started
        print(f"{name}: {done:,} inputs {how} in {taken:.0f} s: {crash or 'no crash'}", flush=True)
    return 1 if failed else 0


def _run_random(name: str, inputs: int, seconds: int) -> tuple[int, str]:
    chance = random.Random(name)
    until = time.perf_counter() + seconds
    for done in range(inputs):
        if time.perf_counter() > until:
            return done, ""
        data = mutated(chance.choice(seeds_of(name)), chance)
        try:
            TARGETS[name](data)
        except Exception as error:  # whatever it is, it is what this looks for
            return done + 1, f"{type(error).__name__}: {error} for {data.hex()}"
    return inputs, ""


def _run_guided(name: str, inputs: int, seconds: int) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds_of(name)):
            Path(folder, f"seed{number}").write_bytes(seed)
        command = [
            sys.executable, "-W", "ignore", "-m", "benchmarks.fuzz", "--guide", name, folder,
            f"-runs={inputs}", f"-max_total_time={seconds}", "-max_len=8192", "-timeout=60",
            f"-artifact_prefix={folder}/", "-seed=7", "-print_final_stats=1", "-rss_limit_mb=4096",
        ]  # fmt: skip
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        said = found.stdout + found.stderr
        done = re.search(r"number_of_executed_units: (\d+)", said)
        crash = ""
        if found.returncode:
            inputs_found = [p.read_bytes().hex() for p in Path(folder).glob("[clot]*-*")]
            error = [line for line in said.splitlines() if "Error" in line][-1:]
            crash = f"{' '.join(error) or said[-300:]} for {inputs_found}"
    return int(done.group(1)) if done else 0, crash


def _guided(name: str, arguments: list[str]) -> int:
    import atheris

    with atheris.instrument_imports(include=["assistant"]):
        for module in [m for m in sys.modules if m.startswith(("assistant", "tests"))]:
            del sys.modules[module]
        from tests.fuzz.targets import TARGETS as INSTRUMENTED
    atheris.Setup([sys.argv[0], *arguments], INSTRUMENTED[name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
