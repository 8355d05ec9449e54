# shellcheck shell=bash disable=SC2034
# What the scripts of this project share. Source it; it changes nothing but variables and functions.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vsscts
native_presets=(native-debug native-release)
windows_archs=(x86_64 i686)

# Everything that a script says about itself, a line per argument, goes to standard error: standard
# output is vsscts's.
say() {
    printf '%s\n' "$@" >&2
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# logged LOG COMMAND…: runs COMMAND with all its output in LOG; shows the end of LOG where it fails.
logged() {
    local log=$1 status=0
    shift
    mkdir -p "$(dirname "$log")"
    "$@" </dev/null >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" >&2
        say "(exit $status; the whole log is $log)"
    fi
    return "$status"
}
