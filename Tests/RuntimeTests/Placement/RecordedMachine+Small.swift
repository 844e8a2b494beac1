extension RecordedMachine {
    /// Machines on which not every stage can have a core.
    static let small = [
        RecordedMachine(
            name: "virtual machine with 4 CPUs", topology: "online 0-3", networkNodes: [nil],
            plan: """
                1: network0
                2: engine marketData
                3: journal
                polling
                system 0, empty none
                isolcpus=managed_irq,domain,1-3
                nohz_full=1-3
                rcu_nocbs=1-3
                irqaffinity=0
                ! engine and marketData share CPU 2: the machine has too few physical cores for one each beside CPU 0's: \
                ask for fewer queues or give it more cores
                """),
        RecordedMachine(
            name: "two nodes of 2 cores, a NIC on each",
            topology: """
                online 0-3
                package 0: 0-1
                package 1: 2-3
                l3: 0-1
                l3: 2-3
                node 0: 0-1
                node 1: 2-3
                distances 0: 10 20
                distances 1: 20 10
                """, networkNodes: [0, 1],
            plan: """
                1: network0
                2: network1
                3: engine marketData journal
                polling
                system 0, empty none
                isolcpus=managed_irq,domain,1-3
                nohz_full=1-3
                rcu_nocbs=1-3
                irqaffinity=0
                ! engine and marketData and journal share CPU 3: NUMA node 1 has too few physical cores for one each \
                beside CPU 0's: ask for fewer queues or give it more cores
                """),
        RecordedMachine(
            name: "2 cores of 2 threads", topology: "online 0-3\nsmt 2", networkNodes: [nil],
            plan: """
                0: network0 engine marketData
                1: journal
                backing off
                system none, empty 2-3
                ! 2 physical cores (0-1) cannot be given to polling stages alone: stages share CPUs with one another and \
                with the system, and back off when idle; 4 physical cores are the least for cores that poll without \
                rest, 5 for one per stage
                """),
        RecordedMachine(
            name: "virtual machine with 2 CPUs", topology: "online 0-1\nnode 0: 0-1\ndistances 0: 10",
            networkNodes: [nil, nil],
            plan: """
                0: network0 network1 engine marketData
                1: journal
                backing off
                system none, empty none
                ! 2 physical cores (0-1) cannot be given to polling stages alone: stages share CPUs with one another and \
                with the system, and back off when idle; 4 physical cores are the least for cores that poll without \
                rest, 5 for one per stage
                """),
        RecordedMachine(
            name: "one CPU", topology: "online 0", networkNodes: [nil],
            plan: """
                0: network0 engine marketData journal
                backing off
                system none, empty none
                ! 1 physical core (0) cannot be given to polling stages alone: stages share CPUs with one another and \
                with the system, and back off when idle; 4 physical cores are the least for cores that poll without \
                rest, 5 for one per stage
                """),
    ]

    static let all = servers + clusters + small
}
