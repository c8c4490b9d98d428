#!/bin/sh
# Makes .venv beside this file, with the packages of requirements.txt: clients that judge the stub.
set -eu
cd "$(dirname "$0")"
# An installation that broke off is not taken for one.
if [ -e .venv/whole ] && [ ! requirements.txt -nt .venv/whole ]; then exit 0; fi
rm -rf .venv
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Expected Python 3.10 or later as python3." >&2; exit 69; }
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --requirement requirements.txt
touch .venv/whole
