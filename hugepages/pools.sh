# Shared by reserve, release and status: where the kernel's pools are, and the notes of who reserved what. Sourced, not run.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # the scripts that source this use these names, and scripts/machine.sh gives the others

# A note is a file /run/wissel/hugepages-NAME with a line "KIB PAGES NODE" per pool; without NODE, or -, the kernel chose.
notes="$root/run/wissel"
units="$root/etc/systemd/system"
readonly notes units

tag=manual

# 2M, 1G or a number of KiB, as KiB; nothing when it is none of these.
kibibytes() {
    case "$1" in
        *[!0-9]*[!0-9] | "" | [!0-9]*) ;;
        *[kK]) printf '%s' "${1%?}" ;;
        *M) printf '%s' "$((10#${1%M} * 1024))" ;;
        *G) printf '%s' "$((10#${1%G} * 1048576))" ;;
        *[!0-9]) ;;
        *) printf '%s' "$1" ;;
    esac
}

# The folder of the pool of SIZE KiB on NODE (- for that of the whole machine).
pool_of() {
    if [ "$2" = - ]; then printf '%s' "$root/sys/kernel/mm/hugepages/hugepages-$1kB"; else
        printf '%s' "$root/sys/devices/system/node/node$2/hugepages/hugepages-$1kB"
    fi
}

# "64 × 2048 KiB on node 1"
pages_text() {
    printf '%s × %s KiB' "$1" "$2"
    [ "$3" = - ] || printf ' on node %s' "$3"
}

# One unit per name and pool. A name holds no dot, so that no name's units are taken for another's.
unit_of() {
    printf 'wissel-hugepages-%s.%skB' "$1" "$2"
    [ "$3" = - ] || printf '.node%s' "$3"
    printf '.service'
}

reload_systemd() {
    [ ! -d "$root/run/systemd/system" ] || act systemctl daemon-reload
}

wrong() {
    warn "$*"
    usage >&2
    exit "$exit_usage"
}

# The argument of an option that takes a whole number.
whole_number() {
    case "$2" in "" | *[!0-9]* | ???????????*) wrong "$1 takes a whole number, not '$2'" ;; esac
}
