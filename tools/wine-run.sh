#!/usr/bin/env bash
# wine-run.sh PROGRAM.exe ARG…: runs a Windows program under Wine and ends when it ends, with its exit code.
# Wine's services live on and keep what they inherit, so the program writes to a file and not to our output.
# VSSCTS_WINE: another Wine. VSSCTS_WINEPREFIX: another prefix than the suite's own. VSSCTS_WINE_TIMEOUT: seconds,
# 170 where not given.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ $# -gt 0 ] || die "usage: wine-run.sh PROGRAM.exe ARG…"
export WINEPREFIX=${VSSCTS_WINEPREFIX:-$cache/wine-x86_64}
export WINEDEBUG=-all
read -ra wine <<<"${VSSCTS_WINE:-wine}"
mkdir -p "$(dirname "$WINEPREFIX")"
# The first start in a prefix fills it; one does that, the others wait. Lock and mark are those of vsscts.
exec 9>"$WINEPREFIX.lock"
flock 9
if [ ! -f "$WINEPREFIX/vsscts-ready" ]; then
    timeout 120 "${wine[@]}" wineboot -i </dev/null >"$WINEPREFIX.log" 2>&1 9>&- ||
        die "Wine cannot make its prefix $WINEPREFIX (log: $WINEPREFIX.log)"
    touch "$WINEPREFIX/vsscts-ready"
fi
exec 9>&-

output=$(mktemp)
trap 'rm -f "$output"' EXIT
status=0
timeout -k 5 "${VSSCTS_WINE_TIMEOUT:-170}" "${wine[@]}" "$@" </dev/null >"$output" 2>&1 || status=$?
cat "$output"
exit "$status"
