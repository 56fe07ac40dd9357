#!/usr/bin/env bash
# Runs scripts/NAME.sh, and says so when there is none.
source "$(dirname "$0")/lib.sh"
need_swift

script=scripts/$1.sh
[[ -e $script ]] || fail "$script is not there, so \`make $1\` has nothing to run. It comes with the $1 suite."
say "running $script"
exec bash "$script"
