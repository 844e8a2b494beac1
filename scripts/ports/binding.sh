# Takes ports from their drivers, gives them to others and back, and keeps the note of what each had.
# Sourced by scripts/nic, not run.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # names given to scripts/nic, and by it or scripts/machine.sh

# A port is noted in the first, which a reboot empties, or with --persistent in the second.
states=("$root/run/wissel/nic" "$root/var/lib/wissel/nic")
unsafe="$root/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"

# --- The note of what ports had: a line "address driver override way", - for none ---

forget() {
    local address="$1" file rest line
    for file in "${states[@]}"; do
        [ -f "$file" ] || continue
        rest=""
        while IFS= read -r line; do
            [ "${line%% *}" = "$address" ] || rest+="${rest:+$'\n'}$line"
        done <"$file"
        if [ -n "$rest" ]; then write_to "$rest" "$file"; else act rm -f "$file"; fi
    done
}

# What was remembered first counts: what a port has after that, it has from us.
remember() {
    local address="$1" way="$2" file="${states[$persistent]}" line="" override
    for line in "${states[@]}"; do
        if [ -f "$line" ] && [[ $'\n'"$(<"$line")" == *$'\n'"$address "* ]]; then return; fi
    done
    if [ "$address" = noiommu ]; then
        line="noiommu $(line_of "$unsafe") - sysfs"
    else
        override="$(line_of "$pci/devices/$address/driver_override")"
        case "$override" in "" | "(null)") override=- ;; esac
        line="$(driver_of "$address")"
        line="$address ${line:--} $override $way"
    fi
    [ -d "${file%/*}" ] || act mkdir -p "${file%/*}"
    if [ -f "$file" ]; then line="$(<"$file")"$'\n'"$line"; fi
    write_to "$line" "$file"
}

# --- bind and unbind ---

load_driver() {
    [ ! -d "$pci/drivers/$1" ] || return 0
    act modprobe "$1" || true
    [ "$dry_run" -eq 1 ] || [ -d "$pci/drivers/$1" ]
}

# Takes a port from its driver, if it has one.
release_port() {
    local driver
    driver="$(driver_of "$1")"
    [ -z "$driver" ] || write_to "$1" "$pci/drivers/$driver/unbind"
}

# Whether a program holds a port through vfio, which it says. The kernel would wait for its end, and we with it.
is_held() {
    local group descriptor process
    group="$(group_of "$1")"
    [[ -n "$group" && "$(driver_of "$1")" = vfio-pci ]] || return 1
    for descriptor in "$root"/proc/[0-9]*/fd/*; do
        [[ "$descriptor" -ef "$root/dev/vfio/$group" || "$descriptor" -ef "$root/dev/vfio/noiommu-$group" ]] || continue
        process="${descriptor#"$root"/proc/}"
        warn "process ${process%%/*} ($(line_of "$root/proc/${process%%/*}/comm")) holds $1 through vfio: end it first"
        return 0
    done
    return 1
}

check_port() {
    local address="$1" route
    [ -d "$pci/devices/$address" ] || stop "$exit_failed" "there is no PCI device $address; scripts/nic list shows those there are"
    is_network_device "$address" ||
        stop "$exit_failed" "$address is no network device (class $(line_of "$pci/devices/$address/class")); nothing has been changed"
    route="$(route_over "$address")"
    [ -z "$route" ] || [ "$force" -eq 1 ] ||
        stop "$exit_failed" "$address carries the default route ($route): without it the machine may be out of reach." \
            "Nothing has been changed. Take another port, or --force at the machine's own console"
}

check_iommu() {
    local address="$1" other
    if [ -z "$(group_of "$address")" ]; then
        [ "$no_iommu" -eq 1 ] ||
            stop "$exit_machine" "$address has no IOMMU group: the IOMMU is off, and $driver could not keep the NIC from" \
                "other memory. Nothing has been changed. Switch on VT-d or AMD-Vi in the firmware and boot with" \
                "intel_iommu=on iommu=pt (AMD: amd_iommu=on iommu=pt); or --no-iommu on a machine that may fail"
        return
    fi
    [ "$driver" = vfio-pci ] || return 0
    for other in "$pci/devices/$address/iommu_group/devices"/*; do
        other="${other##*/}"
        [[ " ${addresses[*]} " != *" $other "* && -d "$pci/devices/$other" ]] || continue
        case "$(driver_of "$other")" in
            "" | vfio-pci | pcieport) ;;
            *) warn "$other shares IOMMU group $(group_of "$address") and has driver $(driver_of "$other"): vfio-pci hands out" \
                "a group only whole, so bind or unbind $other as well" ;;
        esac
    done
}

bind_port() {
    local address="$1" way=sysfs name
    if [ "$(driver_of "$address")" = "$driver" ]; then
        note "$address: has $driver already"
        return
    fi
    for name in $(interfaces_of "$address"); do
        [ "$(line_of "$network/$name/operstate")" != up ] ||
            note "$address: $name is up and goes away, with its addresses and connections"
    done
    [ "$persistent" -eq 0 ] || ! command -v driverctl >/dev/null || way=driverctl
    # Without the note there would be no way back.
    remember "$address" "$way" || return "$exit_failed"
    if [ "$way" = driverctl ]; then
        act driverctl set-override "$address" "$driver" || true
    else
        # With the override in place no other driver can be quicker.
        { write_to "$driver" "$pci/devices/$address/driver_override" && release_port "$address" &&
            write_to "$address" "$pci/drivers_probe"; } || true
    fi
    [ "$dry_run" -eq 0 ] || return 0
    [ "$(driver_of "$address")" != "$driver" ] || { note "$address: bound to $driver"; return; }
    warn "$driver did not take $address, so it is given back; 'dmesg | tail' says why"
    restore_port "$address" || true
    return "$exit_failed"
}

unbind_port() {
    local address="$1"
    if is_bifurcated "$address"; then
        warn "$address is left alone: DPDK and the kernel share it, and without its driver neither can use it"
        return "$exit_failed"
    fi
    if [ -z "$(driver_of "$address")" ]; then
        note "$address: has no driver"
        return
    fi
    ! is_held "$address" || return "$exit_failed"
    remember "$address" sysfs || return "$exit_failed"
    case "$(line_of "$pci/devices/$address/driver_override")" in
        "" | "(null)") ;;
        *) write_to "" "$pci/devices/$address/driver_override" ;;
    esac
    release_port "$address" || true
    [ "$dry_run" -eq 0 ] || return 0
    [ -n "$(driver_of "$address")" ] || { note "$address: has no driver any more"; return; }
    warn "$(driver_of "$address") did not let go of $address: a program may hold it"
    return "$exit_failed"
}

# --- restore ---

restore_port() {
    local address="$1" file former="" override="" way="" current now fields
    for file in "${states[@]}"; do
        [ ! -f "$file" ] || while read -r -a fields; do
            [ "${fields[0]}" != "$address" ] || { former="${fields[1]}" override="${fields[2]}" way="${fields[3]}"; }
        done <"$file"
    done
    [ -n "$former" ] || { note "$address: has not been changed"; return; }
    if [ "$address" = noiommu ]; then
        [ "$(line_of "$unsafe")" = "$former" ] || write_to "$former" "$unsafe" || return "$exit_failed"
        forget noiommu
        return
    fi
    if [ ! -d "$pci/devices/$address" ]; then
        warn "$address is no longer there; its note is dropped"
        forget "$address"
        return
    fi
    ! is_held "$address" || return "$exit_failed"
    if [ "$way" = driverctl ] && command -v driverctl >/dev/null; then
        act driverctl unset-override "$address" || true
    fi
    current="$(driver_of "$address")"
    now="$(line_of "$pci/devices/$address/driver_override")"
    case "$now" in "" | "(null)") now=- ;; esac
    [ "$override" = - ] && [ "$now" = - ] || write_to "${override#-}" "$pci/devices/$address/driver_override" || true
    if [ "${current:--}" != "$former" ]; then
        release_port "$address" || true
        if [ "$former" != - ]; then
            load_driver "$former" || true
            write_to "$address" "$pci/drivers_probe" || true
            # Two drivers may want it; the one it had counts.
            if [ "$dry_run" -eq 0 ] && [ "$(driver_of "$address")" != "$former" ] && [ -d "$pci/drivers/$former" ]; then
                release_port "$address" || true
                write_to "$address" "$pci/drivers/$former/bind" || true
            fi
        fi
    fi
    if [ "$dry_run" -eq 0 ]; then
        current="$(driver_of "$address")"
        if [ "${current:--}" != "$former" ]; then
            warn "$address has driver ${current:-none} instead of $former: end the program that holds it," \
                "'modprobe $former', and run 'scripts/nic restore' again"
            return "$exit_failed"
        fi
        if [ "$former" = - ]; then note "$address: without a driver, as before"; else note "$address: back with $former"; fi
    fi
    forget "$address"
}

restore() {
    local file address failed=0 known=()
    for file in "${states[@]}"; do
        [ ! -f "$file" ] || while read -r address _; do known+=("$address"); done <"$file"
    done
    [ "${#known[@]}" -gt 0 ] || { note "no port has been bound or unbound by scripts/nic"; return; }
    find_rights "$pci/drivers_probe"
    [ "${#addresses[@]}" -eq 0 ] || known=("${addresses[@]}")
    for address in "${known[@]}"; do
        [ "$address" = noiommu ] || restore_port "$address" || failed="$exit_failed"
    done
    # The mode without an IOMMU ends when nothing is left that was bound in it.
    [[ " ${known[*]} " != *" noiommu "* || "$failed" -ne 0 ]] || restore_port noiommu || failed="$exit_failed"
    return "$failed"
}
