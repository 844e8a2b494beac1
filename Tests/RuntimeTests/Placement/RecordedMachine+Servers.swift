extension RecordedMachine {
    /// Machines with cores enough for every stage.
    static let servers = [
        RecordedMachine(
            name: "two sockets of 16 cores, SMT on, NIC on node 0",
            topology: """
                online 0-63
                smt 32
                package 0: 0-15,32-47
                package 1: 16-31,48-63
                l3: 0-15,32-47
                l3: 16-31,48-63
                node 0: 0-15,32-47
                node 1: 16-31,48-63
                distances 0: 10 21
                distances 1: 21 10
                """, networkNodes: [0, 0],
            plan: """
                1: network0
                2: network1
                3: engine
                4: marketData
                5: journal
                polling
                system 0,6-32,38-63, empty 33-37
                isolcpus=managed_irq,domain,1-5,33-37
                nohz_full=1-5,33-37
                rcu_nocbs=1-5,33-37
                irqaffinity=0,6-32,38-63
                """),
        RecordedMachine(
            name: "two sockets of 16 cores, SMT off, numbered in turn",
            topology: """
                online 0-31
                package 0: 0-30:2
                package 1: 1-31:2
                l3: 0-30:2
                l3: 1-31:2
                node 0: 0-30:2
                node 1: 1-31:2
                distances 0: 10 21
                distances 1: 21 10
                """, networkNodes: [0],
            plan: """
                2: network0
                4: engine
                6: marketData
                8: journal
                polling
                system 0-1,3,5,7,9-31, empty none
                isolcpus=managed_irq,domain,2,4,6,8
                nohz_full=2,4,6,8
                rcu_nocbs=2,4,6,8
                irqaffinity=0-1,3,5,7,9-31
                """),
        RecordedMachine(
            name: "two sockets of 8 cores, NIC on the far node",
            topology: twoSockets, networkNodes: [1],
            plan: """
                8: network0
                9: engine
                10: marketData
                11: journal
                polling
                system 0-7,12-23,28-31, empty 24-27
                isolcpus=managed_irq,domain,8-11,24-27
                nohz_full=8-11,24-27
                rcu_nocbs=8-11,24-27
                irqaffinity=0-7,12-23,28-31
                """),
        RecordedMachine(
            name: "two sockets of 8 cores, a NIC on each",
            topology: twoSockets, networkNodes: [0, 0, 1],
            plan: """
                1: network0
                2: network1
                8: network2
                3: engine
                4: marketData
                5: journal
                polling
                system 0,6-7,9-16,22-23,25-31, empty 17-21,24
                isolcpus=managed_irq,domain,1-5,8,17-21,24
                nohz_full=1-5,8,17-21,24
                rcu_nocbs=1-5,8,17-21,24
                irqaffinity=0,6-7,9-16,22-23,25-31
                """),
        RecordedMachine(
            name: "two sockets of 8 cores, some isolated",
            topology: """
                online 0-15
                package 0: 0-7
                package 1: 8-15
                l3: 0-7
                l3: 8-15
                node 0: 0-7
                node 1: 8-15
                distances 0: 10 21
                distances 1: 21 10
                isolated 4-7,12-13
                tickless 4-7,12-13
                """, networkNodes: [0, 0],
            plan: """
                4: network0
                5: network1
                6: engine
                7: marketData
                1: journal
                polling
                system 0,2-3,8-15, empty none
                isolcpus=managed_irq,domain,1,4-7
                nohz_full=1,4-7
                rcu_nocbs=1,4-7
                irqaffinity=0,2-3,8-15
                ! journal on CPU 1: not isolated, because the isolated CPUs (4-7,12-13) are too few where they are needed: \
                boot with the kernel arguments of this plan
                """),
        RecordedMachine(
            name: "one socket of 8 cores, offline CPUs with gaps",
            topology: """
                present 0-15
                online 0-2,5,7-15
                smt 8
                l3: 0-15
                node 0: 0-15
                distances 0: 10
                """, networkNodes: [0],
            plan: """
                1: network0
                2: engine
                5: marketData
                7: journal
                polling
                system 0,8,11-12,14, empty 9-10,13,15
                isolcpus=managed_irq,domain,1-2,5,7,9-10,13,15
                nohz_full=1-2,5,7,9-10,13,15
                rcu_nocbs=1-2,5,7,9-10,13,15
                irqaffinity=0,8,11-12,14
                """),
        RecordedMachine(
            name: "one socket of 8 cores, SMT on, no nodes",
            topology: """
                online 0-15
                smt 8
                l3: 0-15
                """, networkNodes: [nil, nil],
            plan: """
                1: network0
                2: network1
                3: engine
                4: marketData
                5: journal
                polling
                system 0,6-8,14-15, empty 9-13
                isolcpus=managed_irq,domain,1-5,9-13
                nohz_full=1-5,9-13
                rcu_nocbs=1-5,9-13
                irqaffinity=0,6-8,14-15
                """),
    ]

    private static let twoSockets = """
        online 0-31
        smt 16
        package 0: 0-7,16-23
        package 1: 8-15,24-31
        l3: 0-7,16-23
        l3: 8-15,24-31
        node 0: 0-7,16-23
        node 1: 8-15,24-31
        distances 0: 10 21
        distances 1: 21 10
        """
}
