# shellcheck shell=bash
# Sources that others publish, pinned by version and hash in the file that $pins names: a line has name, Debian source
# package, upstream version, SHA-256 of the release archive. They come from the folder that VSSCTS_DEPS_ARCHIVES names,
# or from Debian's source packages. Source it after lib.sh and apt-private.sh, and set pins.

# shellcheck disable=SC2154 # lib.sh sets it
archives=$cache/archives

# each_pin FUNCTION ARG…: calls FUNCTION NAME PACKAGE VERSION HASH ARG… for every line of the pins.
each_pin() {
    local call=$1 name package version hash
    shift
    while read -r name package version hash <&3; do
        case $name in '' | '#'*) continue ;; esac
        "$call" "$name" "$package" "$version" "$hash" "$@"
    done 3<"$pins"
}

hash_of() {
    sha256sum <"$1" | cut -d' ' -f1
}

# keep_archive NAME VERSION HASH FILE: puts FILE into the cache if it is what was pinned.
keep_archive() {
    [ "$(hash_of "$4")" = "$3" ] || return 1
    mkdir -p "$archives"
    cp "$4" "$archives/$1-$2.part.$$"
    mv "$archives/$1-$2.part.$$" "$archives/$1-$2.tar"
}

# fetch_pin NAME PACKAGE VERSION HASH WORK: makes sure that the archive is in the cache.
fetch_pin() {
    local name=$1 package=$2 version=$3 hash=$4 work=$5 file source found=() seen='' hint
    hint="give the release archives in a folder instead: VSSCTS_DEPS_ARCHIVES=<folder> (hashes: ${pins#"$top/"})"
    file=$archives/$name-$version.tar
    [ -f "$file" ] && [ "$(hash_of "$file")" = "$hash" ] && return
    if [ -n "${VSSCTS_DEPS_ARCHIVES:-}" ]; then
        [ -d "$VSSCTS_DEPS_ARCHIVES" ] || die "VSSCTS_DEPS_ARCHIVES: no folder $VSSCTS_DEPS_ARCHIVES"
        for file in "$VSSCTS_DEPS_ARCHIVES"/*; do
            [ -f "$file" ] && keep_archive "$name" "$version" "$hash" "$file" && return
        done
        die "no file in $VSSCTS_DEPS_ARCHIVES has the pinned hash of $name $version ($hash)"
    fi
    command -v apt-get >/dev/null || die "no apt-get here to fetch the sources of $name with; $hint"
    [ -f "$work/apt.conf" ] || {
        say "reading the lists of source packages"
        prepare_apt "$work" deb-src "$(dpkg --print-architecture)"
    }
    while read -r source; do
        seen+=" $source"
        file=${source#*:}
        [ "${file%-*}" != "$version" ] || found+=("$source")
    done < <(apt-cache -c "$work/apt.conf" showsrc --only-source "$package" 2>/dev/null | sed -n 's/^Version: //p')
    if [ -z "$seen" ]; then
        tail -n 5 "$work/update.log" >&2
        die "apt finds no source package $package; $hint"
    fi
    [ ${#found[@]} -gt 0 ] || die "apt has $package${seen}, the build wants $version; $hint"
    # they share the release archive, but a mirror may have lost one of its places
    for source in "${found[@]}"; do
        (cd "$work/fetched" &&
            apt-get -q -c "$work/apt.conf" source --download-only --tar-only "$package=$source") \
            </dev/null >"$work/fetch.log" 2>&1 || continue
        for file in "$work/fetched/${package}"_*.orig.tar.*; do
            case $file in *.asc) continue ;; esac
            keep_archive "$name" "$version" "$hash" "$file" && return
        done
        die "the source of $package $source does not have the pinned hash $hash"
    done
    tail -n 5 "$work/fetch.log" >&2
    die "cannot fetch the source package $package=$source; $hint"
}
