# Our forwarding beside dpdk-testpmd in a guest, in turn on the same two NICs. Market data from this machine comes in on one
# NIC, as fast as it is taken, and leaves by the other. Sourced by scripts/lab.
# shellcheck shell=bash disable=SC2154  # names given by scripts/lab

seconds="${1:-2}"
if ! [[ "$seconds" =~ ^([1-9]|10)$ ]]; then
    printf 'scripts/lab: bench takes 1 to 10 seconds a measurement\n' >&2
    exit 64
fi
# The longest answer of a guest is the whole benchmark: five pairs in two modes, each with the start of a process.
# shellcheck disable=SC2034  # of scripts/rack/guest.sh
guest_patience=600
say "Forwarding between two e1000e NICs in a guest, ours and dpdk-testpmd in turn, $seconds s each"
guest_start bench "$(tap_device 0 lab0)" "$(tap_device 0 lab1)"
guest_wait bench
tap_up lab0 198.18.0.1/24
tap_up lab1 198.19.0.1/24
in_guest bench "two ports on node 0" 'scripts/nic list'
mapfile -t ports < <(awk '$3 == "e1000e" {print $1}' <<<"$seen")
equal "ports" "${#ports[@]}" 2
in_guest bench "bound, huge pages reserved" "scripts/nic bind ${ports[*]} && hugepages/reserve --count 260 --node 0"
"$wissel" flood --local 198.18.0.1 --rate 300000 --seconds 1 --rounds 100000 >"$laboratory/flood" 2>&1 &
flood=$!
disown
in_guest bench "measured" "wissel bench packet --device pci:${ports[0]},pci:${ports[1]} --mode io --mode macswap --repetitions 5 --seconds $seconds"
kill "$flood" 2>/dev/null || true
printf '%s\n' "$seen"
guest_stop bench
