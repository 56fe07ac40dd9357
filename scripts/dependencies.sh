#!/usr/bin/env bash
# Installs the Debian packages that are missing. Arguments: what they are for, of build, test, bench.
source "$(dirname "$0")/lib.sh"

packages=()
for purpose in "$@"; do
    case $purpose in
    build)
        packages+=(libcurl4-openssl-dev libsqlite3-dev libssl-dev pkg-config make curl python3)
        # What the adapter native can do without: it then leaves out Argon2id and images.
        [[ ${UCAPTCHA_NATIVE_MINIMAL:-} == 1 ]] ||
            packages+=(libargon2-dev libtesseract-dev libleptonica-dev tesseract-ocr-eng)
        ;;
    test) packages+=(python3-venv binutils git gcc libc6-dev openssl fonts-dejavu-core) ;;
    bench) packages+=(wrk gcc libc6-dev) ;;
    *) fail "There are no packages for '$purpose'. Say build, test or bench." ;;
    esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    if [[ ${UCAPTCHA_DEPENDENCIES:-} == installed ]]; then exit 0; fi
    fail "This system is no Debian. Install what is called there ${packages[*]}, then set UCAPTCHA_DEPENDENCIES=installed."
fi

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null ||
        fail "These packages are missing and only root can install them: ${missing[*]}. Run as root: apt-get install ${missing[*]}"
    as_root=(sudo)
fi
say "installing ${missing[*]}"
"${as_root[@]}" apt-get update -q || fail 'apt-get update failed. Check the network and the package sources.'
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install ${missing[*]}. Its last lines say why."
# Package.swift looks for libraries that can be done without, and what it found the last time is remembered.
rm -rf "${XDG_CACHE_HOME:-$HOME/.cache}/org.swift.swiftpm/manifests"
