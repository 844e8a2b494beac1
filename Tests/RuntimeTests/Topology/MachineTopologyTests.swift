import Foundation
import Runtime
import TestSupport
import Testing

@Suite struct MachineTopologyTests {
    @Test func everythingIsReadAsItIsWritten() throws {
        let topology = try RecordedMachine.servers[0].read()
        #expect(
            topology.cpu(48)
                == MachineTopology.CPU(
                    number: 48, package: 1, node: 1, siblings: [16, 48],
                    sharesL3With: Array(16...31) + Array(48...63)))
        #expect(topology.online == Array(0...63) && topology.nodes == [0, 1] && topology.offline.isEmpty)
        #expect(topology.distance(from: 0, to: 1) == 21 && topology.distance(from: 1, to: 1) == 10)
        #expect(topology.summary == "64 CPUs on 32 cores, 2 sockets, 2 NUMA nodes, 2 L3 groups")
        let isolated = try RecordedMachine.servers[4].read()
        #expect(isolated.isolated == [4, 5, 6, 7, 12, 13] && isolated.tickless == isolated.isolated)
        let gaps = try RecordedMachine.servers[5].read()
        #expect(gaps.offline == [3, 4, 6] && gaps.cpu(11)?.siblings == [11] && gaps.cpu(3) == nil)
    }

    @Test func whatAMachineDoesNotTellIsLeftOut() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/sys/devices/system/cpu/cpu0", withIntermediateDirectories: true)
        let topology = try MachineTopology(root: folder.path + "/")
        let cpu = MachineTopology.CPU(number: 0, package: 0, node: 0, siblings: [0], sharesL3With: [])
        #expect(topology.cpus == [cpu] && topology.isolated.isEmpty && topology.distances.isEmpty)
        #expect(topology.distance(from: 0, to: 0) == 10 && topology.distance(from: 0, to: 1) == 20)
        #expect(topology.summary == "1 CPU on 1 core, 1 socket, 1 NUMA node, no L3 told")
    }

    @Test func namesOfOlderKernelsAreKnown() throws {
        let folder = try TemporaryFolder()
        try RecordedTopology("online 0-3\nsmt 2").write(to: folder.path)
        for cpu in 0..<4 {
            let own = folder.path + "/sys/devices/system/cpu/cpu\(cpu)/topology"
            try FileManager.default.moveItem(atPath: own + "/core_cpus_list", toPath: own + "/thread_siblings_list")
        }
        #expect(try MachineTopology(root: folder.path).cpu(3)?.siblings == [1, 3])
    }

    @Test func whatCannotBeReadIsSaidWithFileAndRemedy() throws {
        let folder = try TemporaryFolder()
        let cpus = folder.path + "/sys/devices/system/cpu"
        #expect(throws: TopologyError.noCPUs(folder: cpus)) { try MachineTopology(root: folder.path) }
        #expect("\(TopologyError.noCPUs(folder: cpus))".contains("mount"))

        try RecordedTopology("online 0-1\nnode 0: 0-1\ndistances 0: 10 20").write(to: folder.path)
        let distances = folder.path + "/sys/devices/system/node/node0/distance"
        #expect(
            throws: TopologyError.notNumbers(
                file: distances, text: "10 20", expected: "1 distances, one per node")
        ) { try MachineTopology(root: folder.path) }
        for text in ["0-", "a", "3-1", "0,,1", "-1", "0-9999999999", "1-2-3"] {
            _ = try folder.write(text, to: "sys/devices/system/cpu/online")
            #expect(
                throws: TopologyError.notNumbers(
                    file: cpus + "/online", text: text, expected: "a list of CPUs such as 0-3,8")
            ) { try MachineTopology(root: folder.path) }
        }
    }

    @Test func thisMachineIsReadAndPlanned() throws {
        let topology = try MachineTopology()
        #expect(!topology.cpus.isEmpty)
        #expect(topology.cpus.allSatisfy { $0.siblings.contains($0.number) })
        let placement = CorePlacement(on: topology, available: .current(), networkNodes: [nil])
        #expect(!placement.choices.isEmpty)
    }
}
