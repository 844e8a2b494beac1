import Foundation
import Testing

/// hugepages/reserve, release and status on a made-up machine with two nodes.
@Suite struct HugePageScriptsTests {
    private let pool = "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"

    private func node(_ number: Int, _ kibibytes: Int = 2048) -> String {
        "/sys/devices/system/node/node\(number)/hugepages/hugepages-\(kibibytes)kB/nr_hugepages"
    }

    private func machine(limit: Int? = nil, inUse: Int = 0) throws -> MadeUpMachine {
        let machine = try MadeUpMachine()
        for size in [2048, 1_048_576] {
            try machine.pool(kibibytes: size, limit: limit)
            for node in 0...1 { try machine.pool(kibibytes: size, node: node, limit: limit, inUse: inUse) }
        }
        return machine
    }

    @Test func reserveAndReleaseUnderANameAsTheDemonstrationDoes() throws {
        let machine = try machine()
        try machine.file(pool, "10")
        let reserved = try machine.run("hugepages/reserve", "--count", "128", "--tag", "demo")
        #expect(reserved.status == 0, "\(reserved.error)")
        #expect(
            reserved.output == """
                   echo 138 > \(machine.root)\(pool)
                   huge pages: 128 × 2048 KiB reserved (pool 10 → 138)

                """)
        #expect(machine.takeLog() == ["138 > \(pool)", "2048 128 > /run/wissel/hugepages-demo"])
        let again = try machine.run("hugepages/reserve", "--count", "128", "--tag", "demo")
        #expect(again.status == 0 && again.output.contains("already reserved under 'demo' (128 × 2048 KiB)"))
        #expect(machine.takeLog().isEmpty)
        let released = try machine.run("hugepages/release", "--tag", "demo")
        #expect(released.status == 0 && released.output.contains("128 × 2048 KiB given back (pool 138 → 10)"))
        #expect(machine.takeLog() == ["10 > \(pool)"] && !machine.exists("/run/wissel/hugepages-demo"))
        let nothing = try machine.run("hugepages/release", "--tag", "demo")
        #expect(nothing.status == 0 && nothing.output.contains("nothing reserved under 'demo'"))
    }

    @Test func eachNodeAndEachSizeHasItsOwnPool() throws {
        let machine = try machine()
        let reserve = try machine.run("hugepages/reserve", "--count", "64", "--node", "0", "--node", "1")
        #expect(reserve.status == 0, "\(reserve.error)")
        #expect(try machine.run("hugepages/reserve", "--count", "2", "--size", "1G", "--node", "1").status == 0)
        #expect(
            machine.takeLog() == [
                "64 > \(node(0))", "2048 64 0 > /run/wissel/hugepages-manual",
                "64 > \(node(1))", "2048 64 0; 2048 64 1 > /run/wissel/hugepages-manual",
                "2 > \(node(1, 1_048_576))", "2048 64 0; 2048 64 1; 1048576 2 1 > /run/wissel/hugepages-manual",
            ])
        #expect(machine.text(pool) == "0")

        let status = try machine.run("hugepages/status")
        #expect(
            status.output == """
                node     size            total     free  MiB total
                node0    1048576kB           0        0          0
                node0    2048kB             64       64        128
                node1    1048576kB           2        2       2048
                node1    2048kB             64       64        128
                reserved under 'manual': 64 × 2048 KiB on node 0
                reserved under 'manual': 64 × 2048 KiB on node 1
                reserved under 'manual': 2 × 1048576 KiB on node 1

                """)

        #expect(try machine.run("hugepages/release", "--size", "2M", "--node", "1").status == 0)
        #expect(machine.takeLog() == ["0 > \(node(1))", "2048 64 0; 1048576 2 1 > /run/wissel/hugepages-manual"])
        #expect(try machine.run("hugepages/release").status == 0)
        #expect(machine.takeLog() == ["0 > \(node(0))", "0 > \(node(1, 1_048_576))"])
        #expect(!machine.exists("/run/wissel/hugepages-manual"))
    }

    @Test func aKernelThatGivesFewerIsFoundOut() throws {
        let machine = try machine(limit: 40)
        let some = try machine.run("hugepages/reserve", "--count", "64", "--node", "0", "--tag", "some")
        #expect(some.status == 1 && some.output.contains("40 × 2048 KiB on node 0 reserved (pool 0 → 40)"))
        #expect(
            some.error.contains("the kernel gave 40 of 64") && some.error.contains("compact_memory"), "\(some.error)")
        #expect(machine.text("/run/wissel/hugepages-some") == "2048 40 0")
        let none = try machine.run("hugepages/reserve", "--node", "0", "--tag", "none")
        #expect(none.status == 1 && none.error.contains("the kernel gave 0 of 128"), "\(none.error)")
        #expect(!machine.exists("/run/wissel/hugepages-none"))
        #expect(try machine.run("hugepages/release", "--tag", "some").status == 0)
        #expect(machine.text(node(0)) == "0")
    }

    @Test func pagesInUseAreSaid() throws {
        let machine = try machine(inUse: 3)
        #expect(try machine.run("hugepages/reserve", "--count", "8", "--node", "1").status == 0)
        let result = try machine.run("hugepages/release")
        #expect(result.status == 1 && result.error.contains("3 pages are still in use"), "\(result.error)")
    }

    @Test func statusForMachinesAndWithoutNodes() throws {
        let machine = try MadeUpMachine()
        try machine.pool(kibibytes: 2048, total: 7, inUse: 2)
        try machine.file("/run/wissel/hugepages-a", "2048 5\n2048 2 1")
        let result = try machine.run("hugepages/status", "--json")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: [Any]])
        let pool = try #require(json["pools"]?.first as? [String: Any])
        #expect(json["pools"]?.count == 1 && pool["node"] is NSNull)
        #expect(pool["sizeKiB"] as? Int == 2048 && pool["total"] as? Int == 7 && pool["free"] as? Int == 5)
        let notes = try #require(json["reservations"] as? [[String: Any]])
        #expect(notes.map { $0["pages"] as? Int } == [5, 2] && notes.allSatisfy { $0["tag"] as? String == "a" })
        #expect(notes[0]["node"] is NSNull && notes[1]["node"] as? Int == 1)
        #expect(json["units"]?.isEmpty == true)
    }

    @Test func aUnitReservesAtEachBootUntilItIsRemoved() throws {
        let machine = try machine()
        try machine.directory("/run/systemd/system")
        try machine.command("systemctl", "log systemctl \"$@\"")
        let result = try machine.run(
            "hugepages/reserve", "--count", "64", "--node", "1", "--tag", "node", "--persistent")
        #expect(result.status == 0, "\(result.error)")
        let name = "wissel-hugepages-node.2048kB.node1.service"
        let unit = machine.text("/etc/systemd/system/\(name)")
        let script = "\(Program.repository)/hugepages"
        #expect(
            unit.contains("ExecStart=\"\(script)/reserve\" --count 64 --size 2048 --node 1 --tag node\n"), "\(unit)")
        #expect(unit.contains("ExecStop=\"\(script)/release\" --size 2048 --node 1 --tag node\n"))
        #expect(machine.text("/etc/systemd/system/sysinit.target.wants/\(name)") == unit)
        #expect(
            machine.takeLog().suffix(3) == [
                "systemctl daemon-reload", "64 > \(node(1))", "2048 64 1 > /run/wissel/hugepages-node",
            ])
        #expect(try machine.run("hugepages/status").output.contains("at each boot: \(name)"))

        // Another name's unit stays, though its name begins alike.
        #expect(try machine.run("hugepages/reserve", "--tag", "node-2", "--persistent").status == 0)
        _ = machine.takeLog()
        let removed = try machine.run("hugepages/release", "--tag", "node", "--persistent")
        #expect(removed.status == 0, "\(removed.error)")
        #expect(machine.takeLog() == ["systemctl daemon-reload", "0 > \(node(1))"])
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: machine.root + "/etc/systemd/system").sorted() == [
                "sysinit.target.wants", "sysinit.target.wants/wissel-hugepages-node-2.2048kB.service",
                "wissel-hugepages-node-2.2048kB.service",
            ])
    }

    @Test func theKernelsCommandLineIsOnlyPrinted() throws {
        let machine = try machine()
        let perNode = try machine.run(
            "hugepages/reserve", "--persistent", "--cmdline", "--size", "1G", "--count", "4", "--node", "0", "--node",
            "1")
        #expect(perNode.status == 0 && perNode.output == "hugepagesz=1G hugepages=0:4,1:4\n")
        #expect(perNode.error.contains("update-grub"))
        #expect(try machine.run("hugepages/reserve", "--cmdline").output == "hugepagesz=2M hugepages=128\n")
        #expect(machine.takeLog().isEmpty)
    }

    @Test func aDryRunChangesNothing() throws {
        let machine = try machine()
        let result = try machine.run("hugepages/reserve", "--count", "3", "--dry-run", "--persistent")
        #expect(result.status == 0 && result.output.contains("echo 3 > \(machine.root)\(pool)"), "\(result.error)")
        #expect(result.output.contains("wissel-hugepages-manual.2048kB.service"))
        #expect(machine.takeLog().isEmpty && !machine.exists("/etc/systemd/system/sysinit.target.wants"))
        #expect(try machine.run("hugepages/reserve", "--count", "3").status == 0)
        _ = machine.takeLog()
        #expect(try machine.run("hugepages/release", "--dry-run").output.contains("echo 0 > "))
        #expect(machine.takeLog().isEmpty && machine.exists("/run/wissel/hugepages-manual"))
    }

    @Test(arguments: [
        ["reserve", "--count"], ["reserve", "--count", "many"], ["reserve", "--count", "0"],
        ["reserve", "--size", "2T"],
        ["reserve", "--node", "x"], ["reserve", "--tag", "a/b"], ["reserve", "more"], ["release", "--tag", ""],
        ["release", "--size", "M"], ["release", "--all"], ["status", "--table"],
    ])
    func wrongArguments(arguments: [String]) throws {
        let machine = try machine()
        let result = try machine.run("hugepages/" + arguments[0], arguments: Array(arguments.dropFirst()))
        #expect(result.status == 64 && !result.error.isEmpty && result.output.isEmpty, "\(result)")
        #expect(machine.takeLog().isEmpty)
    }

    @Test func aMachineThatIsNotSetUpIsSaid() throws {
        let machine = try machine()
        let node = try machine.run("hugepages/reserve", "--node", "7")
        #expect(node.status == 78 && node.error.contains("no NUMA node 7"), "\(node.error)")
        let size = try machine.run("hugepages/reserve", "--size", "16M")
        #expect(size.status == 78 && size.error.contains("no pages of 16384 KiB"), "\(size.error)")
        #expect(try MadeUpMachine().run("hugepages/status").status == 78)
        try FileManager.default.removeItem(atPath: machine.root + "/etc/systemd")
        let unit = try machine.run("hugepages/reserve", "--persistent")
        #expect(unit.status == 78 && unit.error.contains("--cmdline") && machine.takeLog().isEmpty, "\(unit.error)")
    }

    @Test(arguments: ["hugepages/reserve", "hugepages/release", "hugepages/status", "scripts/nic"])
    func helpIsEnough(script: String) throws {
        let help = try MadeUpMachine().run(script, "--help")
        #expect(help.status == 0 && help.output.contains("Exit codes: 0 done;"), "\(help.error)")
    }
}
