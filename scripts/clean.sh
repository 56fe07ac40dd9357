#!/usr/bin/env bash
# Removes what was built. run/ stays: it has a database with accounts and money.
source "$(dirname "$0")/lib.sh"

say 'removing .build and what was built in plugins/'
rm -rf .build .build-*/ plugins/*.so plugins/.*.so.new plugins/examples/*/.build plugins/examples/*/*.so
