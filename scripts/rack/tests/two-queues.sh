# A NIC with several queues: virtio-net with two queue pairs, through the IOMMU and vfio-pci like any other.
# shellcheck shell=bash disable=SC2154

say "A NIC with two queue pairs"
key=6d1f0c52a9e84b7d6d1f0c52a9e84b7d
guest_start queues "0:virtio-net-pci:tap,ifname=queues0,queues=2,script=no,downscript=no:mq=on,vectors=8,iommu_platform=on,disable-legacy=on"
guest_wait queues
tap_up queues0 198.18.0.1/24
in_guest queues "a virtio port of the kernel's" 'scripts/nic list'
port="$(awk '$3 == "virtio-pci" {print $1}' <<<"$seen")"
in_guest queues "bound, planned, pages reserved" "
    scripts/nic bind $port && mkdir -p /var/lib/wissel/journal && sed '/device: pci:NIC1/,+2d; s/NIC0/$port/; s/queues: 1/queues: 2/' scripts/rack/node.yaml >/run/node.yaml &&
    wissel plan --config /run/node.yaml --apply && sed -i 's/idle: .*/idle: backoff/' /run/node.yaml &&
    hugepages/reserve --count 96 --node 0"
seen="$(node_start queues /run/node.yaml)" || failed "the node starts" "$seen"
passed "the node starts"
says "   by the virtio poll-mode driver, with two queues" "pci:$port \(net_virtio\).* 2 queues"
reached_by_vfio queues "$port" || failed "the node has its NIC by vfio-pci, and by nothing else" "$seen"
passed "the node has its NIC by vfio-pci, and by nothing else"
on_host "the node answers ping" ping -c 3 -i 0.2 -W 5 198.18.0.2
for session in 1 2 3 4 5 6; do
    on_host "500 orders of session $session, each answered once" \
        "$wissel" load --key $key --local 198.18.0.1 --session "$session" --rate 500 --orders 500
done
in_guest queues "threads, rings, packet buffers and the NIC are where they belong" 'wissel placement --config /run/node.yaml'
seen="$(node_stop queues)" || failed "the node stops" "$seen"
passed "the node stops"
says "   orders came in by the first queue" 'network0 +[1-9][0-9,]* frames in, .*; [1-9][0-9,]* order'
says "   and by the second" 'network1 +[1-9][0-9,]* frames in, .*; [1-9][0-9,]* order'
says "   no buffer is missing" 'every buffer came back'
guest_stop queues
