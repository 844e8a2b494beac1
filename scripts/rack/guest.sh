# Starts guests of the laboratory, runs commands in them, and takes them away again. Sourced by scripts/lab, not run.
# shellcheck shell=bash
# shellcheck disable=SC2154  # names given by scripts/lab and scripts/rack/image.sh

# Longest time a command in a guest may take before it is taken for hung; its processors are emulated.
guest_patience=180
declare -A guest_process=() guest_in=() guest_out=()

# A machine of two NUMA nodes with two cores and 1 GiB each, its devices behind a host bridge of their node.
# guest_start NAME [--no-iommu] [--kernel ARGUMENTS] [--shell] DEVICE…, where DEVICE is NODE:MODEL:NETDEV[:PROPERTIES],
# NETDEV the value of QEMU's -netdev without its id.
guest_start() {
    local name="$1" folder iommu=1 kernel_arguments="" shell=0 device number=0 node model netdev properties
    local arguments=() bridges="" release
    shift
    folder="$laboratory/guests/$name"
    rm -rf "$folder"
    mkdir -p "$folder"
    while [ $# -gt 0 ]; do
        case "$1" in
            --no-iommu) iommu=0 ;;
            --kernel) kernel_arguments="$2"; shift ;;
            --shell) shell=1 ;;
            *) break ;;
        esac
        shift
    done
    release="$(ls "$laboratory/kernel/root/lib/modules")"
    # shellcheck disable=SC2054  # the commas are QEMU's
    arguments=(
        -nodefaults -no-reboot -nographic -display none
        -machine q35,kernel-irqchip=split -accel tcg,thread=multi -cpu max
        -smp 4,sockets=2,cores=2,threads=1 -m 2048
        -object memory-backend-ram,id=memory0,size=1G -object memory-backend-ram,id=memory1,size=1G
        -numa node,nodeid=0,cpus=0-1,memdev=memory0 -numa node,nodeid=1,cpus=2-3,memdev=memory1
        -kernel "$laboratory/kernel/root/boot/vmlinuz-$release" -initrd "$image_file"
    )
    # Without interrupt remapping vfio refuses; caching mode lets QEMU see what the kernel maps for devices.
    [ "$iommu" -eq 0 ] || arguments+=(-device "intel-iommu,intremap=on,caching-mode=on")
    for device in "$@"; do
        IFS=: read -r node model netdev properties <<<"$device"
        if [[ "$bridges" != *"<$node>"* ]]; then
            arguments+=(-device "pxb-pcie,id=bridge$node,bus_nr=$((64 + 64 * node)),numa_node=$node,bus=pcie.0")
            bridges+="<$node>"
        fi
        arguments+=(
            -device "pcie-root-port,id=slot$number,bus=bridge$node,chassis=$((number + 1))"
            -netdev "${netdev/,/,id=net$number,}"
            -device "$model,netdev=net$number,bus=slot$number,romfile=,mac=52:54:00:00:0$((${#guest_process[@]} + 1)):0$number${properties:+,$properties}"
        )
        number=$((number + 1))
    done
    # The journal's disk: direct writes and io_uring work on it as on a server's.
    truncate -s 512M "$folder/disk"
    mke2fs -q -t ext4 -O ^has_journal -E nodiscard "$folder/disk"
    arguments+=(-drive "file=$folder/disk,if=none,id=disk,format=raw,cache=unsafe" -device "nvme,drive=disk,serial=wissel,bus=pcie.0")
    kernel_arguments="console=ttyS0 quiet panic=-1 tsc=reliable iommu=pt intel_iommu=$([ "$iommu" -eq 1 ] && echo on || echo off) $kernel_arguments"
    if [ "$shell" -eq 1 ]; then
        local size
        size="$(stty size 2>/dev/null || echo '24 80')"
        kernel_arguments+=" wissel.shell=1 wissel.rows=${size% *} wissel.columns=${size#* }"
        qemu-system-x86_64 "${arguments[@]}" -chardev stdio,id=console,signal=off -serial chardev:console -append "$kernel_arguments"
        return
    fi
    mkfifo "$folder/commands.in" "$folder/commands.out"
    qemu-system-x86_64 "${arguments[@]}" -serial "file:$folder/console" -chardev "pipe,id=commands,path=$folder/commands" \
        -serial chardev:commands -append "$kernel_arguments" >"$folder/qemu.log" 2>&1 </dev/null &
    guest_process[$name]=$!
    # The shell does not tell when we end it.
    disown
    local in out
    # Both ways, so that neither end waits for the other to be there.
    exec {in}<>"$folder/commands.in" {out}<>"$folder/commands.out"
    guest_in[$name]="$in" guest_out[$name]="$out"
}

# Waits until a guest has booted.
guest_wait() {
    local name="$1" line="" started="$SECONDS"
    while true; do
        if read -r -t 1 -u "${guest_out[$name]}" line; then
            [ "$line" != ready ] || return 0
        elif ! kill -0 "${guest_process[$name]}" 2>/dev/null; then
            cat "$laboratory/guests/$name/qemu.log" >&2
            tail -n 30 "$laboratory/guests/$name/console" >&2
            fail "the guest '$name' ended while it booted; its last lines are above"
        elif [ "$((SECONDS - started))" -gt "$guest_patience" ]; then
            tail -n 30 "$laboratory/guests/$name/console" >&2
            fail "the guest '$name' has not booted in $guest_patience s; its last lines are above"
        fi
    done
}

# Runs a command in a guest: prints its output, has its exit code.
guest() {
    local name="$1" answer text
    shift
    text="$(base64 -w 0 <<<"$*")"
    printf '%s\n' "$text" >&"${guest_in[$name]}"
    IFS= read -r -t "$guest_patience" -u "${guest_out[$name]}" answer ||
        fail "the guest '$name' did not answer within $guest_patience s: $*"
    base64 -d <<<"${answer#* }"
    return "${answer%% *}"
}

guest_stop() {
    local name="$1"
    [ -n "${guest_process[$name]:-}" ] || return 0
    base64 -w 0 <<<"poweroff" >&"${guest_in[$name]}"
    printf '\n' >&"${guest_in[$name]}"
    for _ in {1..150}; do
        kill -0 "${guest_process[$name]}" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "${guest_process[$name]}" 2>/dev/null || true
    wait "${guest_process[$name]}" 2>/dev/null || true
    unset "guest_process[$name]"
}

# Takes away what still runs, after a failure too.
guests_end() {
    local name
    for name in "${!guest_process[@]}"; do kill -KILL "${guest_process[$name]}" 2>/dev/null || true; done
    wait 2>/dev/null
}

# A NIC on NODE whose wire is a TAP interface of this side; tap_up gives it its address there.
tap_device() { printf '%s:e1000e:tap,ifname=%s,script=no,downscript=no' "$1" "$2"; }

tap_up() {
    ip address add "$2" dev "$1"
    ip link set "$1" up
}

# A NIC on NODE wired to the NIC of another guest: Ethernet frames as datagrams between two sockets.
wire_device() {
    local folder="$laboratory/wires"
    mkdir -p "$folder"
    rm -f "$folder/$2"
    printf '%s:e1000e:dgram,local.type=unix,local.path=%s,remote.type=unix,remote.path=%s' "$1" "$folder/$2" "$folder/$3"
}

# Starts a node in a guest and waits until it is ready; its lines are in /run/node.log, its statistics in /run/node.json.
node_start() {
    guest "$1" "cd /run; (wissel run --config $2 --json /run/node.json >/run/node.log 2>&1; echo \"exit code \$?\" >>/run/node.log) &
        for _ in {1..600}; do grep -qE '^(ready|exit code)' /run/node.log && break; sleep 0.1; done
        cat /run/node.log; grep -q '^ready' /run/node.log"
}

# Stops it as an operator does.
node_stop() {
    guest "$1" "kill -INT \$(pidof wissel)
        for _ in {1..600}; do grep -q '^exit code' /run/node.log && break; sleep 0.1; done
        cat /run/node.log; grep -q '^exit code 0' /run/node.log"
}
