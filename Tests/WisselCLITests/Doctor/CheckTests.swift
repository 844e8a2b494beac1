import Foundation
import TestSupport
import Testing

/// Every check of the machine, on made-up ones: what passes on the healthy machine does not on the ill one.
@Suite(.serialized) struct CheckTests {
    /// What the healthy machine is asked with: without a configuration, and with one on a NIC, a TAP, an interface of the
    /// kernel, and on CPUs that are not set apart.
    private static let configurations = [nil, [], Ailment.tap, Ailment.interface, Ailment.shared]
    /// What is said of it then; asked once.
    private static let healthy = Result { try configurations.map { try HealthyMachine().examine($0) } }

    @Test func theHealthyMachineHasNothingToPutRight() throws {
        for report in try Self.healthy.get().dropLast() {
            #expect(report.bad.isEmpty, "\(report.checks.filter { $0.verdict != "pass" })")
            #expect(report.status == 0 && report.passed == report.checks.count && report.failed == 0)
            #expect(report.checks.allSatisfy { $0.remedy.isEmpty && !$0.found.isEmpty })
            // Not because a file was not found.
            for check in report.checks {
                for words in ["not told", "not tell", "tells of none", "has no ", "no limit is", "machine's to set"] {
                    #expect(!check.found.contains(words), "\(check)")
                }
            }
        }
    }

    @Test(arguments: Ailment.all) func anIllMachineIsToldFromAHealthyOne(_ ailment: Ailment) throws {
        let before = try zip(Self.configurations, Self.healthy.get()).first { configuration, _ in
            configuration?.map(\.1) == ailment.configuration?.map(\.1)
        }
        #expect(before?.1.check(ailment.id)?.verdict == "pass", "\(before?.1.check(ailment.id) as Any)")

        let machine = try HealthyMachine()
        try ailment.change(machine)
        let report = try machine.examine(ailment.configuration.map { $0 + ailment.wrong })
        let check = try #require(report.check(ailment.id))
        #expect(check.verdict == ailment.verdict, "\(check)")
        let text = check.found + "\n" + check.remedy
        for words in ailment.words { #expect(text.contains(words), "\(words)\n\(text)") }
        #expect(!check.remedy.isEmpty && !check.remedy.contains("\n"))
        #expect(report.status == (ailment.verdict == "fail" ? 1 : 0), "\(report.bad)")
        // Nothing else is taken for ill.
        #expect(report.bad == ailment.besides.union([ailment.id]), "\(report.checks.filter { $0.verdict != "pass" })")
    }

    @Test func thereAreThirtyChecksAndMore() throws {
        let report = try DoctorReport(arguments: [])
        #expect(report.checks.count >= 30 && Set(report.checks.map(\.id)).count == report.checks.count)
        #expect(report.status == (report.failed > 0 ? 1 : 0))
    }

    // MARK: No check without test and without documentation

    private static let doctor = Program.repository + "/Sources/WisselCLI/Doctor"

    private func ids(in path: String, after prefix: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.components(separatedBy: prefix).dropFirst().map { String($0.prefix { $0 != "\"" && $0 != "`" }) }
    }

    private func machineChecks() throws -> Set<String> {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.doctor + "/Checks")
        let all = try files.flatMap { try ids(in: "\(Self.doctor)/Checks/\($0)", after: "MachineCheck(\"") }
        #expect(Set(all).count == all.count && all.count > 50)
        return Set(all)
    }

    @Test func everyCheckOfTheMachineIsTestedBothWays() throws {
        let passing = try Self.healthy.get().flatMap(\.checks).filter { $0.verdict == "pass" }
        let checks = try machineChecks()
        #expect(Set(passing.map(\.id)) == checks)
        let skipped: Set<String> = SmallDisk.isPossible ? [] : ["journal-space"]
        #expect(Set(Ailment.all.map(\.id)) == checks.subtracting(skipped))
    }

    @Test func everyCheckIsInTheTableAndTheOtherWayRound() throws {
        let rows = try ids(in: Self.doctor + "/README.md", after: "\n| `")
        let text = try String(contentsOfFile: Self.doctor + "/PortExamination.swift", encoding: .utf8)
        let list = try #require(text.components(separatedBy: "static let ids = [").last?.prefix { $0 != "]" })
        let ports = list.split(separator: "\"").filter { $0.first?.isLetter ?? false }.map(String.init)
        let expected = try machineChecks().union(ports).union(["node-running", "dpdk-start", "jitter"])
        #expect(ports.count > 5 && Set(rows).count == rows.count)
        #expect(Set(rows) == expected, "\(Set(rows).symmetricDifference(expected))")
    }
}
