#!/usr/bin/env bash
# Makes the Python environment .build/python with the libraries that tests compare with, unless it is there.
source "$(dirname "$0")/lib.sh"

folder=.build/python
if cmp -s scripts/requirements.txt "$folder/requirements.txt"; then exit 0; fi

say "making the Python environment $folder"
mkdir -p .build
rm -rf "$folder"
python3 -m venv "$folder" || fail 'python3 -m venv failed. On Debian the package python3-venv has it.'
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r scripts/requirements.txt ||
    fail 'pip could not install the libraries of scripts/requirements.txt. Check the network.'
# Last, so that an environment that was not finished is made anew.
cp scripts/requirements.txt "$folder/requirements.txt"
