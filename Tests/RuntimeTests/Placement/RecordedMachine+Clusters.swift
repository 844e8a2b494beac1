extension RecordedMachine {
    /// Machines whose sockets are divided: several nodes or several L3 caches in one.
    static let clusters = [
        RecordedMachine(
            name: "two sockets with SNC, four nodes of 8 cores, more queues than cores",
            topology: """
                online 0-63
                smt 32
                package 0: 0-15,32-47
                package 1: 16-31,48-63
                l3: 0-15,32-47
                l3: 16-31,48-63
                node 0: 0-7,32-39
                node 1: 8-15,40-47
                node 2: 16-23,48-55
                node 3: 24-31,56-63
                distances 0: 10 11 21 21
                distances 1: 11 10 21 21
                distances 2: 21 21 10 11
                distances 3: 21 21 11 10
                """, networkNodes: [Int?](repeating: 1, count: 8),
            plan: """
                8: network0 network7
                9: network1
                10: network2
                11: network3
                12: network4
                13: network5
                14: network6
                15: engine
                1: marketData
                2: journal
                polling
                system 0,3-7,16-32,35-39,48-63, empty 33-34,40-47
                isolcpus=managed_irq,domain,1-2,8-15,33-34,40-47
                nohz_full=1-2,8-15,33-34,40-47
                rcu_nocbs=1-2,8-15,33-34,40-47
                irqaffinity=0,3-7,16-32,35-39,48-63
                ! network0 and network7 share CPU 8: NUMA node 1 has too few physical cores for one each beside CPU 0's: \
                ask for fewer queues or give it more cores
                ! marketData on CPU 1, NUMA node 0: node 1 has no physical core left beside CPU 0's, so each hand-over \
                crosses nodes: free cores on node 1
                ! journal on CPU 2, NUMA node 0: node 1 has no physical core left beside CPU 0's, so each hand-over \
                crosses nodes: free cores on node 1
                """),
        RecordedMachine(
            name: "one EPYC, 8 L3 groups of 8 cores, SMT on",
            topology: """
                online 0-127
                smt 64
                l3: 0-7,64-71
                l3: 8-15,72-79
                l3: 16-23,80-87
                l3: 24-31,88-95
                l3: 32-39,96-103
                l3: 40-47,104-111
                l3: 48-55,112-119
                l3: 56-63,120-127
                node 0: 0-127
                distances 0: 10
                """, networkNodes: [0],
            plan: """
                8: network0
                9: engine
                10: marketData
                11: journal
                polling
                system 0-7,12-71,76-127, empty 72-75
                isolcpus=managed_irq,domain,8-11,72-75
                nohz_full=8-11,72-75
                rcu_nocbs=8-11,72-75
                irqaffinity=0-7,12-71,76-127
                """),
        RecordedMachine(
            name: "two EPYC, NPS4, two L3 groups of 4 cores per node",
            topology: """
                online 0-63
                package 0: 0-31
                package 1: 32-63
                l3: 0-3
                l3: 4-7
                l3: 8-11
                l3: 12-15
                l3: 16-19
                l3: 20-23
                l3: 24-27
                l3: 28-31
                l3: 32-35
                l3: 36-39
                l3: 40-43
                l3: 44-47
                l3: 48-51
                l3: 52-55
                l3: 56-59
                l3: 60-63
                node 0: 0-7
                node 1: 8-15
                node 2: 16-23
                node 3: 24-31
                node 4: 32-39
                node 5: 40-47
                node 6: 48-55
                node 7: 56-63
                distances 0: 10 12 12 12 32 32 32 32
                distances 1: 12 10 12 12 32 32 32 32
                distances 2: 12 12 10 12 32 32 32 32
                distances 3: 12 12 12 10 32 32 32 32
                distances 4: 32 32 32 32 10 12 12 12
                distances 5: 32 32 32 32 12 10 12 12
                distances 6: 32 32 32 32 12 12 10 12
                distances 7: 32 32 32 32 12 12 12 10
                """, networkNodes: [5, 5],
            plan: """
                40: network0
                41: network1
                42: engine
                43: marketData
                44: journal
                polling
                system 0-39,45-63, empty none
                isolcpus=managed_irq,domain,40-44
                nohz_full=40-44
                rcu_nocbs=40-44
                irqaffinity=0-39,45-63
                """),
    ]
}
