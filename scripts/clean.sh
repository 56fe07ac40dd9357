#!/usr/bin/env bash
# Removes what was built. run/ stays: it has a database with accounts and money.
source "$(dirname "$0")/lib.sh"

say 'removing .build and the plug-ins in plugins/'
rm -rf .build .build-*/ plugins/*.so plugins/.*.so.new
