extension NodeConfiguration {
    /// A complete configuration for a machine without a NIC, with a comment per key; `wissel run --print-config` prints
    /// it and the demonstration runs on it.
    public static let example = """
        # wissel run --config node.yaml
        node:
          name: demo
          acknowledgement: journaled    # when a report may leave: matched | journaled (its command is on the disk)
          priority: strict              # lanes by strict priority; arrival = first come, first served, for comparison

        memory:
          hugePages: auto               # auto | required | none
          megabytesWithoutHugePages: 256
          buffers: 32768                # packet buffers per interface
          filePrefix: wissel

        dpdk:
          sharing: private              # private | shared: dpdk-dumpcap and dpdk-pdump can attach (takes huge pages)
          telemetry: on                 # on | off: dpdk-telemetry.py -f wissel, then /wissel/help

        interfaces:
          - device: tap:wissel0         # tap:NAME · pci:0000:03:00.0 · af_packet:veth1 · af_xdp:veth1 · memif:… · pcap:…
            address: 198.18.0.2/24      # the node's own address (198.18.0.0/15 is set aside for benchmarks, RFC 2544)
            hostAddress: 198.18.0.1     # TAP only: the address of this machine's side
            queues: 1
            mtu: 1500

        orderEntry:
          port: 9000
          participants:
            - id: 1
              name: ALPHA
              accessKey: 6d1f0c52a9e84b7d6d1f0c52a9e84b7d    # yours: openssl rand -hex 16
              sources: [198.18.0.0/24]
              sessions: [1, 2, 3, 4]
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

        instruments:
          - id: 1
            symbol: WSL
            minimumPrice: 1             # ticks
            maximumPrice: 65536
            referencePrice: 10000
            maximumOrders: 262144
            risk: {maximumQuantity: 10000, maximumNotional: 1_000_000_000, collarTicks: 2000}

        journal:
          directory: wissel-journal
          segmentMegabytes: 64

        cores:
          idle: backoff                 # busy | yield | backoff: what a core does when nothing is there
          # plan:                       # left out: made from the CPUs that are there
          #   - {cpu: 2, stages: [network0]}
          #   - {cpu: 3, stages: [engine]}
          #   - {cpu: 4, stages: [marketData]}
          #   - {cpu: 5, stages: [journal]}
        """
}
