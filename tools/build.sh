#!/usr/bin/env bash
# build.sh PRESET[:TARGET]…: configures where that was not done yet, and builds, without a word where all goes
# well. The log of a build is build/<preset>/build.log.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

build_one() {
    local preset=${1%%:*} targets=() tree
    tree=$top/build/$preset
    case $1 in *:*) targets=(--target "${1#*:}") ;; esac
    # CMake looks after its own files; that it must read the presets again, only we know.
    if [ ! "$tree/.configured" -nt "$top/CMakePresets.json" ]; then
        say "building $preset (the first time takes a while)"
        logged "$tree/build.log" cmake --preset "$preset" -S "$top" || die "cannot configure $preset"
        touch "$tree/.configured"
    fi
    logged "$tree/build.log" cmake --build "$tree" "${targets[@]}" || die "cannot build $1"
}

[ $# -gt 0 ] || die "usage: build.sh PRESET[:TARGET]…"
# Ninja knows nothing of another Ninja in the same tree.
mkdir -p "$top/build"
exec 9>"$top/build/.lock"
flock 9
cd "$top"
for preset in "$@"; do
    build_one "$preset" 9>&-
done
