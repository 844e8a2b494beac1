# Shared by what changes the machine (hugepages/, scripts/nic): where the system's files are, rights, exit codes.
# Sourced, not run.
# shellcheck shell=bash

# In front of every path of the system, so that the tests can hand over a made-up /sys, /proc, /etc and /run.
root="${WISSEL_ROOT:-}"

# The numbers of sysexits.h, which the program uses too.
# shellcheck disable=SC2034  # not every script that sources this one uses all of them
readonly root exit_failed=1 exit_usage=64 exit_rights=77 exit_machine=78
script="${0##*/}"
dry_run=0

note() { printf '   %s\n' "$*"; }
warn() { printf '%s: %s\n' "$script" "$*" >&2; }
stop() {
    local code="$1"
    shift
    warn "$@"
    exit "$code"
}

# The first line of a small file; nothing when there is none or the kernel does not want to say.
line_of() {
    local text=""
    [ ! -r "$1" ] || IFS= read -r text 2>/dev/null <"$1" || true
    printf '%s' "$text"
}

# The last part of where a link leads; nothing when there is none.
link_name() {
    [ -L "$1" ] || return 0
    local target
    target="$(readlink "$1")"
    printf '%s' "${target##*/}"
}

json_string() {
    local text="${1//\\/\\\\}"
    printf '"%s"' "${text//\"/\\\"}"
}
json_or_null() { if [ -n "$1" ]; then json_string "$1"; else printf null; fi; }

# Finds out how FILE can be written: by us, or with sudo. Even root cannot in a container whose /sys is read-only.
privileged=()
find_rights() {
    if [ "$dry_run" -eq 1 ] || [ -w "$1" ]; then return; fi
    [ "$(id -u)" -ne 0 ] ||
        stop "$exit_rights" "$1 cannot be written, not even by root: run this outside the container, or with all capabilities"
    command -v sudo >/dev/null || stop "$exit_rights" "$1 takes root's rights: run this as root, or install sudo"
    privileged=(sudo)
}

# Says a command, then runs it with the rights found; only says it with --dry-run.
act() {
    note "$*"
    [ "$dry_run" -eq 1 ] || "${privileged[@]}" "$@"
}

# Writes TEXT to FILE. The kernel's answer is the exit status: it refuses a write it does not like.
write_to() {
    local text="$1" file="$2"
    if [[ "$text" == *$'\n'* ]]; then
        note "write $file:"
        note "  | ${text//$'\n'/$'\n'     | }"
    else
        note "echo $(printf %q "$text") > $file"
    fi
    [ "$dry_run" -eq 1 ] || printf '%s\n' "$text" | "${privileged[@]}" tee "$file" >/dev/null
}
