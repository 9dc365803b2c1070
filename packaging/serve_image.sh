#!/usr/bin/env bash
# Make the folder that the serving image holds: a virtual environment without torch, and the
# converted models. The Containerfile runs this; it works as well without any container.
#
#     packaging/serve_image.sh FOLDER
#
# PYTHON is the interpreter to use (python3). CONVERTER is one where requirements.txt is
# installed; without it such an environment is made for the conversion and removed afterwards.
set -euo pipefail
target=$(realpath -m "${1:?name the folder to make}")
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
pip=(-m pip install --quiet --disable-pip-version-check --no-cache-dir)

mkdir -p "$target"
if [ -z "${CONVERTER:-}" ]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  "$python" -m venv "$scratch/venv"
  CONVERTER=$scratch/venv/bin/python
  "$CONVERTER" "${pip[@]}" -r requirements.txt
fi
ASSISTANT_CACHE=$target/models "$CONVERTER" -m assistant convert

"$python" -m venv "$target/venv"
"$target/venv/bin/python" "${pip[@]}" -r requirements-serve.txt -r requirements-formats.txt
rm -rf build/lib build/bdist.*  # what an earlier build left would be packed too
"$target/venv/bin/python" "${pip[@]}" --no-deps .

# What was made has to work by itself, from somewhere else.
cd "$target"
ASSISTANT_CACHE=$target/models ASSISTANT_INDEX=$target/index ASSISTANT_FEEDBACK=off \
  "$target/venv/bin/assistant" index
ASSISTANT_CACHE=$target/models ASSISTANT_INDEX=$target/index ASSISTANT_FEEDBACK=off \
  "$target/venv/bin/assistant" doctor
rm -rf "$target"/models/models/*/compiled "$target/index"  # made again where it runs
