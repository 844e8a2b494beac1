# Two guests: a node with a NIC on each NUMA node, and a client wired to one of them; the other NIC leads to this machine.
# shellcheck shell=bash disable=SC2154,SC2016  # names given by scripts/lab; single quotes keep $ for the guest

say "A node with a NIC on each of two NUMA nodes, a client wired to it NIC to NIC"
key=6d1f0c52a9e84b7d6d1f0c52a9e84b7d
guest_start node "$(tap_device 0 lab0)" "$(wire_device 1 node client)"
guest_start client "$(wire_device 0 client node)"
guest_wait node
guest_wait client
tap_up lab0 198.18.0.1/24

# --- What a server looks like before anybody has done anything

in_guest node "two NUMA nodes, an IOMMU, a port of the kernel's on each node" 'scripts/nic list'
mapfile -t ports < <(awk '$3 == "e1000e" {print $4, $1}' <<<"$seen" | sort | cut -d ' ' -f 2)
equal "ports" "${#ports[@]}" 2
near="${ports[0]}" far="${ports[1]}"
in_guest node "the configuration gets its cores from wissel plan" "
    mkdir -p /etc/wissel /var/lib/wissel/journal
    sed 's/NIC0/$near/; s/NIC1/$far/' scripts/rack/node.yaml >/etc/wissel/node.yaml
    wissel plan --config /etc/wissel/node.yaml --apply && cat /etc/wissel/node.yaml"
says "one core polls on each node, none on CPU 0" 'network0, cpu: 1'
says "   and the other" 'network1, cpu: [23]'
# Four emulated processors on few real ones: who has nothing to do must let go of them.
in_guest node "cores back off when idle here" "sed -i 's/idle: .*/idle: backoff/' /etc/wissel/node.yaml"

# --- Everything that can be missing, told before anything is opened

refused node "a NIC that is not bound" 78 "scripts/nic bind $near" 'wissel run --config /etc/wissel/node.yaml'
in_guest node "scripts/nic bind" "scripts/nic bind $near $far"
refused node "no huge pages" 78 'hugepages/reserve --count [0-9]+ .*--node 0' 'wissel run --config /etc/wissel/node.yaml'
seen="$(guest node 'wissel plan --config /etc/wissel/node.yaml --hugepages' || true)"
mapfile -t reservations < <(sed -n 's/^ *sudo //; /^hugepages\/reserve/p' <<<"$seen")
equal "wissel plan --hugepages says what to reserve, by node" "${#reservations[@]}" 2
in_guest node "${reservations[0]}" "${reservations[0]}"
refused node "no huge pages on node 1" 78 'hugepages/reserve --count [0-9]+ .*--node 1' 'wissel run --config /etc/wissel/node.yaml'
in_guest node "${reservations[1]}" "${reservations[1]}"
in_guest node "somebody else works on CPU 1" 'taskset -c 1 bash -c "while :; do :; done" >/dev/null 2>&1 & echo $! >/run/intruder; sleep 1'
refused node "an occupied core" 78 'process [0-9]+ .* on 1$' 'wissel run --config /etc/wissel/node.yaml'
in_guest node "   and leaves" 'kill -KILL $(cat /run/intruder)'
in_guest node "a plan that polls each NIC from the other node" \
    'sed "s/network0, cpu: 1/network0, cpu: CPU/; s/network1, cpu: [23]/network1, cpu: 1/; s/cpu: CPU/cpu: 2/" /etc/wissel/node.yaml >/run/wrong.yaml
     sed "s/^cores:/cores:\n  remoteMemory: refuse/" /run/wrong.yaml >/run/refuse.yaml; wissel run --check --config /run/refuse.yaml'
refused node "   is refused when the configuration says so" 78 'node [01]' 'wissel run --config /run/refuse.yaml'

# --- The node runs

seen="$(node_start node /etc/wissel/node.yaml)" || failed "the node starts" "$seen"
passed "the node starts"
says "by the e1000 poll-mode driver" "pci:$near \(net_e1000_em\)"
says "   on both" "pci:$far \(net_e1000_em\)"
reached_by_vfio node "$near" "$far" || failed "the node has its NICs by vfio-pci, and by nothing else" "$seen"
passed "the node has its NICs by vfio-pci, and by nothing else"
printf '%s\n' "$seen" | sed 's/^/       /'
in_guest node "wissel doctor beside the running node" 'cat /run/node.log; wissel doctor --config /etc/wissel/node.yaml'
says "   devices see virtual addresses: IOVA mode VA" 'virtual addresses \(IOVA\)'

# --- Where everything is, by the kernel's word

in_guest node "threads, rings, packet buffers and NICs are where they belong (move_pages)" 'wissel placement --config /etc/wissel/node.yaml'
printf '%s\n' "$seen" | sed 's/^/       /'
in_guest node "the same by numa_maps and the pools" '
    awk "/huge/ {for (i = 1; i <= NF; i++) if (\$i ~ /^N[0-9]+=/) {split(\$i, part, \"=\"); sum[part[1]] += part[2]}}
        END {printf \"numa_maps N0 %d N1 %d\n\", sum[\"N0\"], sum[\"N1\"]}" /proc/$(pidof wissel)/numa_maps
    for node in 0 1; do
        pool=/sys/devices/system/node/node$node/hugepages/hugepages-2048kB
        echo pool $node taken $(($(cat $pool/nr_hugepages) - $(cat $pool/free_hugepages)))
    done'
maps0="$(sed -n 's/^numa_maps N0 \([0-9]*\) N1 .*/\1/p' <<<"$seen")" maps1="$(sed -n 's/^numa_maps N0 .* N1 \([0-9]*\)$/\1/p' <<<"$seen")"
if [ "$maps0" -lt 8 ] || [ "$maps1" -lt 8 ]; then failed "each node holds packet buffers" "$seen"; fi
equal "   node 0: pages mapped and pages taken" "$maps0" "$(sed -n 's/^pool 0 taken //p' <<<"$seen")"
equal "   node 1: pages mapped and pages taken" "$maps1" "$(sed -n 's/^pool 1 taken //p' <<<"$seen")"

# --- Orders, alone and in a flood, from here and from the other guest

on_host "the node answers ping from here" ping -c 3 -i 0.2 -W 5 198.18.0.2
in_guest client "   and from the client" 'ip address add 198.19.0.1/24 dev eth0; ip link set eth0 up
        for _ in {1..20}; do ping -c 1 -W 1 198.19.0.2 && break; done; ping -c 3 -i 0.2 -W 5 198.19.0.2'
on_host "2,000 orders from here, each answered once" "$wissel" load --key $key --local 198.18.0.1 --session 1 --rate 1000 --orders 2000
in_guest client "1,000 orders from the client, each answered once" \
    "wissel load --key $key --node 198.19.0.2:9000 --local 198.19.0.1 --session 2 --rate 500 --orders 1000"
"$wissel" flood --local 198.18.0.1 --rate 20000 --seconds 4 >"$laboratory/flood" 2>&1 &
flood=$!
on_host "2,000 orders in a flood of 80,000 packets of market data on the same NIC, none lost" \
    "$wissel" load --key $key --local 198.18.0.1 --session 3 --rate 500 --orders 2000
grep -E 'round trip|sent again|resends' <<<"$seen" | sed 's/^/       /' || true
wait "$flood" || failed "the flood" "$(cat "$laboratory/flood")"

# --- The end

seen="$(node_stop node)" || failed "the node stops" "$seen"
passed "the node stops"
says "   no buffer is missing" 'every buffer came back'
orders="$(awk '$1 == "engine" {gsub(",", "", $2); print $2; exit}' <<<"$seen")"
[ "${orders:-0}" -ge 5000 ] || failed "the engine took 5,000 commands" "$seen"
says "   it saw market data" 'IEX-DEEP +[1-9][0-9,]* packets'
state="$(awk '$1 == "state" {print $2; exit}' <<<"$seen")"
in_guest node "the journal holds them: replayed, the state is $state" "wissel replay --config /etc/wissel/node.yaml --expect $state"
in_guest node "a plan that polls from the other node is warned about by default" \
    'rm -rf /var/lib/wissel/journal/*; timeout 60 wissel run --config /run/wrong.yaml --seconds 1 2>&1'
says "   when it starts" 'warning, nic-numa .*node 0, and network0 on CPU 2 of node 1'
says "   and runs all the same" '^ready'
in_guest node "scripts/nic restore" 'scripts/nic restore'
in_guest node "   the kernel has its ports back, one of them answers" '
    for name in /sys/class/net/eth*; do
        [ "$(cat $name/device/numa_node)" = 0 ] && ip address add 198.18.0.9/24 dev ${name##*/} && ip link set ${name##*/} up
    done; ls /sys/class/net; for _ in {1..50}; do ping -c 1 -W 1 198.18.0.1 && break; done'
equal "   interfaces" "$(grep -cE '^eth[0-9]$' <<<"$seen")" 2
in_guest node "hugepages/release" 'for note in /run/wissel/hugepages-*; do hugepages/release --tag ${note##*/hugepages-}; done; cat /proc/sys/vm/nr_hugepages'
equal "   huge pages" "$(tail -n 1 <<<"$seen")" 0
in_guest node "nothing is left in the huge-page mount" 'ls -A /dev/hugepages | wc -l; ls -A /run/wissel /var/run/dpdk 2>/dev/null'
equal "   files" "$(head -n 1 <<<"$seen")" 0
guest_stop client
guest_stop node
