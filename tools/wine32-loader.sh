#!/usr/bin/env bash
# The loader of a 32-bit Wine that lives in a folder of its own: runs its arguments as `wine` would. tools/wine32.sh
# puts it beside that folder, root/. Wine sees the machine's own folders, all but those with programs and libraries;
# that view is a mount namespace, which ends with the last of its processes and shows nowhere else.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$here/root

# show FOLDER: lets it be seen in the root.
show() {
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
}

if [ "${1:-}" != --inside ]; then
    user=(--map-root-user)
    [ "$(id -u)" -ne 0 ] || user=()
    # In a chroot / is no mount, and what is mounted below it could show outside: see below.
    propagation=slave
    unshare --mount "${user[@]}" --propagation slave true 2>/dev/null || propagation=unchanged
    # Where it is no root, a user namespace makes it one for the mounts.
    exec unshare --mount "${user[@]}" --propagation "$propagation" -- \
        "${BASH_SOURCE[0]}" --inside "$propagation" "$(id -u)" "$(id -g)" "$(pwd -P)" "$@"
fi
shift
propagation=$1 uid=$2 gid=$3 folder=$4
shift 4

# /dev/shm is a mount everywhere: made private, all that comes below it stays here.
if [ "$propagation" = unchanged ]; then
    mount --make-private /dev/shm
    mount -t tmpfs none /dev/shm
    mkdir /dev/shm/root
    mount --bind "$root" /dev/shm/root
    root=/dev/shm/root
fi

for entry in /*; do
    case $entry in
    /usr | /bin | /sbin | /lib* | /boot) continue ;;
    esac
    if [ -L "$entry" ]; then
        [ -L "$root$entry" ] || ln -s "$(readlink "$entry")" "$root$entry" || true
    elif [ -d "$entry" ]; then
        show "$entry"
    fi
done
for entry in /usr/local /usr/src; do
    [ ! -d "$entry" ] || show "$entry"
done

back=()
[ "$uid" -eq 0 ] || back=(--user --map-user="$uid" --map-group="$gid")
# The server's start script wants a shell, which the root has none of.
export WINESERVER=/usr/lib/wine/wineserver32
unset WINELOADER WINEARCH
exec unshare "${back[@]}" --root="$root" --wd="$folder" -- /usr/lib/wine/wine "$@"
