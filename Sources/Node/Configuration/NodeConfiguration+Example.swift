extension NodeConfiguration {
    /// A complete configuration for a machine without a NIC, with a comment per key; `wissel run --print-config` prints
    /// it and the demonstration runs on it.
    public static let example = """
        # wissel run --config node.yaml
        node:
          name: demo
          acknowledgement: journaled    # when a report may leave: matched | journaled (its command is on the disk)
          shards: 1                     # engines that share the instruments, 1…16; results depend on it, as on instruments
          priority: strict              # lanes by strict priority; arrival = first come, first served, for comparison

        memory:
          hugePages: auto               # auto | required | none
          megabytesWithoutHugePages: 256
          buffers: 32768                # packet buffers per queue of an interface
          filePrefix: wissel

        dpdk:
          sharing: private              # private | shared: dpdk-dumpcap and dpdk-pdump can attach (takes huge pages)
          telemetry: on                 # on | off: dpdk-telemetry.py -f wissel, then /wissel/help

        interfaces:
          - device: tap:wissel0         # tap:NAME · pci:0000:03:00.0 · af_packet:veth1 · af_xdp:veth1 · memif:… · pcap:…
            address: 198.18.0.2/24      # the node's own address (198.18.0.0/15 is set aside for benchmarks, RFC 2544)
            hostAddress: 198.18.0.1     # TAP only: the address of this machine's side
            queues: 1
            steering: auto              # orders to a queue of their own: auto | hardware (or no start) | software
            mtu: 1500                   # largest IP packet; up to 9600, with buffers to fit; longer frames are dropped
            vlan: 0                     # 802.1Q VLAN that is accepted beside untagged frames; 0: none
            priorityTag: off            # on: untagged frames leave with a tag for their priority, VLAN 0
            checksumOffload: auto       # auto: by the device where it can; off: in software

        orderEntry:
          port: 9000
          participants:
            - id: 1
              name: ALPHA
              accessKey: 6d1f0c52a9e84b7d6d1f0c52a9e84b7d    # yours: openssl rand -hex 16
              sources: [198.18.0.0/24]
              sessions: [1, 2, 3, 4]
              # firms: [{session: 1, firm: 7}]   # for self-trade prevention; without, a session is its own firm
            - id: 2
              name: BRAVO
              accessKey: 91c7be3044fd5a2891c7be3044fd5a28
              sources: [198.18.0.0/24]
              sessions: [5, 6]

        marketData:
          - name: IEX-DEEP
            format: iex-deep
            group: 233.215.21.4
            port: 10378
            # sources: [198.18.0.7]     # only from these; all single hosts: source-specific multicast

        filter:                         # who gets in; `kill -HUP` reads it again while packets flow
          acl: []                       # first match wins: - {action: deny, source: 203.0.113.0/24, destinationPorts: 9000}
          bogons: [neverSource]         # neverSource | notGlobal | prefixes; own and participants' networks are none
          amplificationPorts: [17, 19, 53, 69, 111, 123, 137, 161, 389, 520, 1434, 1900, 3283, 3702, 5353, 5683, 11211]
          unknownSources: {packetsPerSecond: 10000, burst: 1000}        # all sources without a session together
          perUnknownSource: {packetsPerSecond: 500, burst: 100}
          perGrantedSource: {packetsPerSecond: 1000000, burst: 100000}  # a source with a session
          grantIdleSeconds: 300         # a lost client keeps its grant so long

        instruments:
          - id: 1
            symbol: WSL
            minimumPrice: 1             # ticks; with maximumPrice the price band
            maximumPrice: 65536
            referencePrice: 10000
            maximumOrders: 262144
            # shard: 0                  # of node.shards; left out: by turns, in the order of this list
            algorithm: F                # F FIFO · A allocation · C pro-rata · K configurable · O and Q threshold pro-rata
                                        # S and T FIFO with market makers · Z time pro-rata · X size priority
            # secondAlgorithm: C        # of a second book of the instrument
            lotSize: 1                  # quantities are multiples
            tickTable: []               # - {from: 5000, tick: 5}: prices from there up are multiples; empty: all are valid
            marketMakers: []            # - {session: 5, percent: 40}
            # topMinimum: 1             # lots, of the order that betters the market: A, K, O, S
            # topMaximum: 0             # 0: no bound
            # fifoPercent: 0            # K: shared by FIFO before pro-rata
            # minimumAllocation: 1      # smallest pro-rata share
            # leveling: off             # K: a lot for orders without a share
            dynamicRange: 0             # ticks from the last trade at which trading is interrupted; 0: never
            staticRange: 0              # the same from the last auction's price
            interruptionMilliseconds: 0 # how long; 0: until `wissel market phase`
            phase: continuous           # at the start: closed | preOpen | openingAuction | continuous | …
            windowTicks: 8192           # prices in the array of each side, 8192 × 1, 2, 4 … 32; the others are in a tree
            risk: {maximumQuantity: 10000, maximumNotional: 1_000_000_000, collarTicks: 2000}

        journal:
          directory: wissel-journal
          segmentMegabytes: 64

        icmp:
          echoPerSecond: 1000           # echo requests answered, per queue
          errorsPerSecond: 100          # "port unreachable" sent

        multicast:
          robustness: 2                 # how often a join or leave is told
          seed: 0                       # of the random moments at which queries are answered

        marking:                        # for the switches on the way; pcp (802.1p) only on tagged frames
          orderReports: {dscp: 46, pcp: 5}
          control: {dscp: 40, pcp: 4}
          marketData: {dscp: 24, pcp: 3}

        cores:
          idle: backoff                 # busy | yield | backoff: what a core does when nothing is there
          remoteMemory: warn            # a network core on another NUMA node than its NIC: warn | refuse (no start)
          # matching: [6, 7]            # CPUs of the shards, dealt out by turns; left out: where plan names matching0 …,
                                        # else on the engine's core
          # plan:                       # left out: made from the CPUs that are there
          #   - {cpu: 2, stages: [network0]}
          #   - {cpu: 3, stages: [engine]}
          #   - {cpu: 4, stages: [marketData]}
          #   - {cpu: 5, stages: [journal]}
        """
}
