#!/usr/bin/env bash
# check-layers.sh [LIBDIR]: holds the rooms to their order. A room may use itself and what stands left of it:
#     util < model < plan < engine < judge < report < cli
# The worker stands beside them, on util alone; the lists (*.def) of the other rooms it may read: they are what
# both ends of the channel must agree on. The fixture writer (fixtures/writer) is a part of the worker that lies elsewhere.
# The rooms of the reference clone keep an order of their own, base < document < machine < writer < requester < mutant; the
# lists (*.def) of all of them may be read everywhere.
# Looks at every #include, and where LIBDIR is given (a build tree's lib folder) at what the libraries call.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

order=(util model plan engine judge report cli)
bad=0
looked=0
calls=0

complain() {
    printf '%s\n' "$*"
    bad=1
}

# allowed FROM TO: may the room FROM use the room TO?
allowed() {
    local room
    [ "$1" != "$2" ] || return 0
    [ "$1" != worker ] || [ "$2" != util ] || return 0
    for room in "${order[@]}"; do
        case $room in
        "$1") return 1 ;; # FROM comes first: TO stands right of it, or nowhere
        "$2")
            [ "$1" != worker ]
            return
            ;;
        esac
    done
    return 1
}

check_includes() {
    local room file line text target folder
    for room in "${order[@]}" worker; do
        for file in "$top/runner/$room"/*.[ch] "$top/runner/$room"/*.def; do
            [ -f "$file" ] || continue
            looked=$((looked + 1))
            while IFS=: read -r line text; do
                target=${text#*\"}
                target=${target%%\"*}
                folder=$(realpath -m "$(dirname "$file")/$(dirname "$target")")
                case $folder in
                "$top"/runner/*/*) complain "${file#"$top/"}:$line: $target lies in no room" ;;
                "$top"/runner/*)
                    case $room/$target in worker/*.def) continue ;; esac
                    allowed "$room" "${folder##*/}" ||
                        complain "${file#"$top/"}:$line: $room must not use ${folder##*/} ($target)"
                    ;;
                *) complain "${file#"$top/"}:$line: $room must not reach out of runner/ ($target)" ;;
                esac
            done < <(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" || true)
        done
    done
    [ "$looked" -gt 0 ] || complain "no source file found"
}

# A file of the reference is included by its bare name: the rooms are all on its search path.
check_reference() {
    local rooms=(base document machine writer requester mutant) place i j file line text target
    local -A room_of
    for i in "${!rooms[@]}"; do
        for file in "$top/fixtures/reference/${rooms[i]}"/*.h; do
            room_of[${file##*/}]=$i
        done
    done
    for i in "${!rooms[@]}"; do
        for file in "$top/fixtures/reference/${rooms[i]}"/*.[ch]; do
            place=${file#"$top/"}
            looked=$((looked + 1))
            while IFS=: read -r line text; do
                target=${text#*\"}
                target=${target%%\"*}
                j=${room_of[$target]:-0}
                [ "$j" -le "$i" ] || complain "$place:$line: ${rooms[i]} must not use ${rooms[j]} ($target)"
            done < <(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" || true)
        done
    done
}

# Every symbol that a library defines, with its room (d); every one that it lacks (u). Who lacks what another has
# uses it; what two define is a clash.
check_libraries() {
    local libs=$1 room from to symbol table
    table=$(mktemp)
    for room in "${order[@]}"; do
        if [ ! -f "$libs/libcts_$room.a" ]; then
            complain "$libs has no library of $room"
            continue
        fi
        nm -g -P --defined-only "$libs/libcts_$room.a" 2>/dev/null | awk -v r="$room" 'NF > 2 {print "d", r, $1}' >>"$table"
        nm -g -P --undefined-only "$libs/libcts_$room.a" 2>/dev/null | awk -v r="$room" 'NF > 1 {print "u", r, $1}' >>"$table"
    done
    while read -r from to symbol; do
        complain "cts_$from and cts_$to both define $symbol"
    done < <(sort -u "$table" | awk '$1 == "d" { if ($3 in room) print room[$3], $2, $3; room[$3] = $2 }')
    while read -r from to symbol; do
        calls=$((calls + 1))
        allowed "$from" "$to" || complain "cts_$from must not use $symbol of cts_$to"
    done < <(sort -u "$table" | awk '
        $1 == "d" { room[$3] = $2; has[$2, $3] = 1 }
        $1 == "u" && $3 in room && !(($2, $3) in has) { print $2, room[$3], $3 }')
    rm -f "$table"
    [ "$calls" -gt 0 ] || complain "the libraries in $libs call nothing of one another"
}

check_includes
check_reference
[ $# -eq 0 ] || check_libraries "$1"
[ "$bad" -eq 0 ] || exit 1
echo "$looked files and $calls calls keep the order of the rooms"
