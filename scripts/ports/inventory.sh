# Which network ports PCI has, what can be said about each without touching it, and what speaks against binding it.
# Sourced by scripts/nic, not run.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # names given to scripts/nic, and by it or scripts/machine.sh

pci="$root/sys/bus/pci"
network="$root/sys/class/net"

is_network_device() { [[ "$(line_of "$pci/devices/$1/class")" == 0x02* ]]; }
driver_of() { link_name "$pci/devices/$1/driver"; }
group_of() { link_name "$pci/devices/$1/iommu_group"; }

# The kernel's interfaces of a port; those of virtio hang one level deeper.
interfaces_of() {
    local path names=()
    for path in "$pci/devices/$1"/net/* "$pci/devices/$1"/virtio*/net/*; do
        [ ! -e "$path" ] || names+=("${path##*/}")
    done
    printf '%s' "${names[*]}"
}

link_of() {
    local name texts=() state speed
    for name in $1; do
        state="$(line_of "$network/$name/operstate")"
        speed="$(line_of "$network/$name/speed")"
        [[ "$state" != up || ! "$speed" =~ ^[1-9][0-9]*$ ]] || state="up, $speed Mbit/s"
        texts+=("${state:-unknown}")
    done
    local IFS=/
    printf '%s' "${texts[*]}"
}

# DPDK's mlx drivers work through the kernel's: taken from it, the port is of no use to anybody.
is_bifurcated() {
    local driver
    driver="$(driver_of "$1")"
    [[ "$driver" == mlx[45]_* || ( "$driver" == "" && "$(line_of "$pci/devices/$1/vendor")" == 0x15b3 ) ]]
}

# Which interfaces lie below a default route: the name, and the interface the route names.
declare -A carries=()
mark_below() {
    local name="$1" route="$2" lower
    [ -z "${carries[$name]:-}" ] || return 0
    carries[$name]="$route"
    for lower in "$network/$name"/lower_*; do
        if [ -e "$lower" ]; then mark_below "${lower##*/lower_}" "$route"; fi
    done
}
find_default_routes() {
    local -a fields
    # Flag 200 is a route that refuses, such as the kernel's own "unreachable default" on lo.
    if [ -r "$root/proc/net/route" ]; then
        while read -r -a fields; do
            [[ "${fields[1]:-}" = 00000000 && "${fields[7]:-}" = 00000000 ]] || continue
            (((0x${fields[3]} & 0x200) != 0)) || mark_below "${fields[0]}" "${fields[0]}"
        done <"$root/proc/net/route"
    fi
    if [ -r "$root/proc/net/ipv6_route" ]; then
        while read -r -a fields; do
            [[ "${fields[0]:-}" =~ ^0+$ && "${fields[1]:-}" = 00 ]] || continue
            (((0x${fields[8]} & 0x200) != 0)) || mark_below "${fields[9]}" "${fields[9]}"
        done <"$root/proc/net/ipv6_route"
    fi
    # /proc knows the main table and the first of several next hops; iproute2 knows them all.
    command -v ip >/dev/null || return 0
    local family word previous
    for family in -4 -6; do
        previous=""
        while read -r -a fields; do
            [ "${fields[0]:-}" != unreachable ] || continue
            for word in "${fields[@]}"; do
                [ "$previous" != dev ] || mark_below "$word" "$word"
                previous="$word"
            done
        done < <(ip "$family" route show table all default 2>/dev/null)
    done
}

# The interface of a port that a default route runs over, and that route; nothing when there is none.
route_over() {
    local name
    for name in $(interfaces_of "$1"); do
        [ -n "${carries[$name]:-}" ] || continue
        if [ "${carries[$name]}" = "$name" ]; then printf '%s' "$name"; else printf '%s below %s' "$name" "${carries[$name]}"; fi
        return
    done
}

# Why a port is not to be bound, in a few words; nothing when it can be.
obstacle() {
    local route
    route="$(route_over "$1")"
    if is_bifurcated "$1"; then
        printf 'shared with the kernel, use it as it is'
    elif [ -n "$route" ]; then
        printf 'carries the default route (%s)' "$route"
    elif [ -z "$(group_of "$1")" ]; then
        printf 'no IOMMU group'
    fi
}

list() {
    local json="$1" path address first=1 found=0 driver node group interfaces link id why format='%-12s  %-9s  %-15s  %4s  %-11s  %-16s  %5s  %s\n'
    [ -d "$pci/devices" ] || stop "$exit_machine" "$pci/devices is missing: this machine has no PCI bus"
    find_default_routes
    # shellcheck disable=SC2059  # the format is ours
    if [ "$json" -eq 1 ]; then printf '{"devices":['; else printf "$format" address id driver node interface link IOMMU 'can be bound'; fi
    for path in "$pci/devices"/*; do
        address="${path##*/}"
        is_network_device "$address" || continue
        found=1
        driver="$(driver_of "$address")" group="$(group_of "$address")"
        node="$(line_of "$path/numa_node")" interfaces="$(interfaces_of "$address")" link="$(link_of "$interfaces")"
        id="$(line_of "$path/vendor")" why="$(line_of "$path/device")"
        id="${id#0x}:${why#0x}" why="$(obstacle "$address")"
        # The firmware of a machine with one node says -1.
        [ "$node" != -1 ] || node=""
        if [ "$json" -eq 1 ]; then
            [ "$first" -eq 1 ] || printf ','
            first=0
            printf '\n{"address":%s,"id":%s,"driver":%s,"node":%s,"interfaces":[' "$(json_string "$address")" \
                "$(json_string "$id")" "$(json_or_null "$driver")" "${node:-null}"
            local name comma=""
            for name in $interfaces; do
                printf '%s%s' "$comma" "$(json_string "$name")"
                comma=,
            done
            printf '],"link":%s,"iommuGroup":%s,"bindable":%s,"obstacle":%s}' "$(json_or_null "$link")" \
                "$(json_or_null "$group")" "$([ -z "$why" ] && printf true || printf false)" "$(json_or_null "$why")"
        else
            if [ -n "$why" ]; then why="no: $why"; else why=yes; fi
            case "$driver" in vfio-pci | uio_pci_generic | igb_uio) why="bound" ;; esac
            # shellcheck disable=SC2059
            printf "$format" "$address" "$id" "${driver:--}" "${node:--}" "${interfaces:--}" "${link:--}" "${group:--}" "$why"
        fi
    done
    [ "$json" -eq 0 ] || printf '\n]}\n'
    [ "$found" -eq 1 ] || [ "$json" -eq 1 ] || note "no network device on PCI"
}
