# shellcheck shell=bash
# What every script here begins with: strict mode, the project's folder, and how steps and failures are told.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '==> %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The bundled plug-ins: the products of Package.swift that are dynamic libraries.
plugins() { sed -n 's/.*\.library(name: "\([a-z0-9-]*\)", type: \.dynamic.*/\1/p' Package.swift; }

need_swift() {
    command -v swift >/dev/null || fail 'swift is not on the PATH. Install Swift 6.2 or later from swift.org and add its bin folder to the PATH.'
}
