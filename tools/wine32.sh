#!/usr/bin/env bash
# wine32.sh: prints the path of a loader of 32-bit Wine, for VSSCTS_WINE_I686 and VSSCTS_WINE. Where the machine has none,
# one is unpacked from Debian's packages for i386 into the cache; nothing is installed. Where that cannot be done either
# it says why and exits with 1.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$top/tools/apt-private.sh"

loader=$top/tools/wine32-loader.sh
home=$cache/wine32-$(cat "${BASH_SOURCE[0]}" "$loader" | sha256sum | cut -c1-12)

# why_not: says why no Wine can be unpacked or started here; nothing where it can.
why_not() {
    local tool
    for tool in apt-get dpkg-deb unshare mount; do
        command -v "$tool" >/dev/null || {
            echo "there is no $tool here"
            return
        }
    done
    [ "$(uname -m)" = x86_64 ] || {
        echo "this machine is no x86_64"
        return
    }
    if [ "$(id -u)" -eq 0 ]; then
        unshare --mount --propagation unchanged true 2>/dev/null || echo "this machine lets nobody make a mount namespace"
    else
        unshare --user --map-root-user --mount --propagation unchanged true 2>/dev/null ||
            echo "this machine lets only root make a mount namespace"
    fi
}

# unpack WORK: 32-bit Wine and all that it needs, from WORK's apt into WORK/new/root. Packages are unpacked, not set up;
# what libwine does then is done here: it makes a builtin DLL out of another package's.
unpack() {
    local work=$1 root=$1/new/root package
    prepare_apt "$work" deb i386
    apt-get -q -y -c "$work/apt.conf" install --download-only wine32 || return
    mkdir -p "$root"
    for package in "$work"/archives/*.deb; do
        dpkg-deb -x "$package" "$root" || return
    done
    dpkg-deb -I "$work"/archives/libwine_*.deb postinst | sed "s,/usr/,$root/usr/,g" | sh -es configure || return
    rm -rf "$root"/usr/share/{doc,locale,man,iso-codes}
    cp "$loader" "$work/new/wine"
}

# works WORK: does it run a program in a prefix of its own?
works() {
    local prefix=$1/prefix status=0
    WINEPREFIX=$prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=;mshtml=' \
        timeout -k 5 120 "$1/new/wine" cmd.exe /c 'exit 7' </dev/null 9>&- || status=$?
    WINEPREFIX=$prefix wineserver -k </dev/null 9>&- || true
    [ "$status" -eq 7 ]
}

make() {
    local why try
    work=$cache/wine32.part
    why=$(why_not)
    [ -z "$why" ] || die "no 32-bit Wine: $why; install wine32, or name one in VSSCTS_WINE_I686"
    mkdir -p "$cache"
    # One unpacks, the others wait and find it done. What a killed one has left is in the way of nobody.
    exec 9>"$cache/wine32.lock"
    flock 9
    [ ! -d "$home" ] || return 0
    trap 'rm -rf "$work"' EXIT
    say "unpacking a 32-bit Wine (once, about 150 MB to fetch)"
    # A mirror that is just being changed serves lists that do not fit: a second look helps.
    for try in 1 2; do
        rm -rf "$work"
        mkdir -p "$work"
        if logged "$cache/logs/wine32.log" unpack "$work" && logged "$cache/logs/wine32-try.log" works "$work"; then
            mv -T "$work/new" "$home"
            return
        fi
        [ "$try" -eq 2 ] || say "that failed; trying once more"
    done
    die "no 32-bit Wine: it cannot be fetched from the machine's apt sources, or does not run"
}

[ $# -eq 0 ] || die "usage: wine32.sh"
if [ -n "${VSSCTS_WINE_I686:-}" ]; then
    printf '%s\n' "$VSSCTS_WINE_I686"
elif [ -x /usr/lib/wine/wine ]; then
    echo /usr/lib/wine/wine
else
    [ -d "$home" ] || make
    printf '%s\n' "$home/wine"
fi
