# What the tests of the laboratory are written with: a line per check, and all that was seen when one fails.
# Sourced by scripts/lab, not run.
# shellcheck shell=bash
# shellcheck disable=SC2154  # names given by scripts/lab

checks_passed=0

passed() {
    checks_passed=$((checks_passed + 1))
    printf '   ok  %s\n' "$*"
}

# failed WHAT SEEN: ends the test, with what was seen and the guests' last words.
failed() {
    printf '\n   FAILED  %s\n' "$1" >&2
    printf '%s\n' "$2" | sed 's/^/     | /' >&2
    local name
    for name in "${!guest_process[@]}"; do
        printf '   console of %s:\n' "$name" >&2
        tail -n 8 "$laboratory/guests/$name/console" | sed 's/^/     | /' >&2
    done
    fail "the laboratory saw something else than it must"
}

# in_guest GUEST WHAT COMMAND: the command must succeed; its output is in $seen.
in_guest() {
    seen="$(guest "$1" "$3")" || failed "$2 (exit code $?)" "$seen"
    passed "$2"
}

# refused GUEST WHAT CODE TEXT COMMAND: the command must end with that exit code, and say TEXT (an extended regular expression).
refused() {
    local code=0
    seen="$(guest "$1" "$5")" || code=$?
    [ "$code" -eq "$3" ] || failed "$2: exit code $code instead of $3" "$seen"
    grep -qE -- "$4" <<<"$seen" || failed "$2: no '$4' in the message" "$seen"
    passed "$2: exit code $code, \"$(grep -oE -m 1 -- ".*$4.*" <<<"$seen" | sed 's/^ *//' | cut -c 1-150)\""
}

# on_host WHAT COMMAND…: the same on this side of the wire.
on_host() {
    local what="$1"
    shift
    seen="$("$@" 2>&1)" || failed "$what (exit code $?)" "$seen"
    passed "$what"
}

# says WHAT TEXT: what was seen last must say TEXT.
says() {
    grep -qE -- "$2" <<<"$seen" || failed "$1: no '$2'" "$seen"
    passed "$1"
}

# equal WHAT FOUND WANTED
equal() {
    [ "$2" = "$3" ] || failed "$1: '$2' instead of '$3'" "$seen"
    passed "$1: $2"
}

# reached_by_vfio GUEST PORT…: whether the running node has these ports through vfio-pci and has no other way to a wire, by
# the kernel's word: the driver of each port, that no interface of the kernel's is left on it, the vfio group and devices
# the process holds open (without an IOMMU a group is called noiommu-N), and no packet socket or TAP beside them.
reached_by_vfio() {
    local name="$1"
    shift
    seen="$(guest "$name" "
        process=\$(pidof wissel) || { echo 'no node runs'; exit 1; }
        held() { readlink /proc/\$process/fd/* | grep -c \"\$1\"; }
        wrong=0
        for port in $*; do
            driver=\$(basename \"\$(readlink /sys/bus/pci/devices/\$port/driver)\")
            group=\$(basename \"\$(readlink /sys/bus/pci/devices/\$port/iommu_group)\")
            interfaces=\$(cd /sys/bus/pci/devices/\$port && ls -d net/* virtio*/net/* 2>/dev/null)
            groups=\$(held \"^/dev/vfio/\$group\$\")
            echo \"\$port: driver \$driver, group \$group held \$groups times, interfaces of the kernel's: \${interfaces:-none}\"
            [ \"\$driver\" = vfio-pci ] && [ \"\$groups\" = 1 ] && [ -z \"\$interfaces\" ] || wrong=1
        done
        devices=\$(held '^anon_inode:\[vfio-device\]$') taps=\$(held '^/dev/net/tun$') sockets=\$(tail -n +2 /proc/net/packet | wc -l)
        echo \"open in the node: vfio devices \$devices, TAP devices \$taps; packet sockets of the machine: \$sockets\"
        [ \$devices = $# ] && [ \$taps = 0 ] && [ \$sockets = 0 ] || wrong=1
        exit \$wrong")"
}
