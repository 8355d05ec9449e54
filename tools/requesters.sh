#!/usr/bin/env bash
# requesters.sh          fetches the sources of the public requesters that the tests build, and unpacks their VSS parts
# requesters.sh --path   prints the folder that holds them: a folder for each, where it could be had
# What cannot be had is said, and is no error: the tests that want it are left out.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$top/tools/apt-private.sh"
. "$top/tools/pins.sh"

pins=$top/cmake/requesters.sha256
home=$cache/requesters-$(cat "$pins" "${BASH_SOURCE[0]}" | sha256sum | cut -c1-12)

# parts_of NAME: what is needed of a release archive.
parts_of() {
    case $1 in
    burp) echo 'src/win32/burp/*' src/win32/compat/ms_atl.h ;;
    qemu) echo 'qga/vss-win32/*' ;;
    *) die "${pins#"$top/"}: no rule for $1" ;;
    esac
}

# Called where -e does not hold: each step says for itself that it failed. What is there is whole.
unpack_pin() {
    local name=$1 version=$3 work=$5 parts
    fetch_pin "$@" || return
    read -ra parts <<<"$(parts_of "$name")"
    mkdir -p "$work/$name"
    tar -x -C "$work/$name" --strip-components=1 --wildcards -f "$archives/$name-$version.tar" \
        "${parts[@]/#/*\/}" || return
    mv -T "$work/$name" "$home/$name"
}

have_pin() {
    [ -d "$home/$1" ] || (unpack_pin "$@") ||
        say "no source of $1: what is tested with it is left out"
}

case ${1:-} in
--path)
    printf '%s\n' "$home"
    exit
    ;;
'') ;;
*) die "usage: requesters.sh [--path]" ;;
esac
mkdir -p "$home"
exec 9>"$cache/requesters.lock"
flock 9
work=$(mktemp -d "$cache/requesters.XXXXXX")
trap 'rm -rf "$work"' EXIT
each_pin have_pin "$work"
