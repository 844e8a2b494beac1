import Foundation
import TestSupport
import Testing

/// Every check of the machine, on made-up ones: what passes on the healthy machine does not on the ill one.
@Suite(.serialized) struct CheckTests {
    @Test func theHealthyMachineHasNothingToPutRight() throws {
        let machine = try HealthyMachine()
        for configuration in [nil, [], Ailment.tap, Ailment.interface] {
            let report = try machine.examine(configuration)
            #expect(report.bad.isEmpty, "\(report.checks.filter { $0.verdict != "pass" })")
            #expect(report.status == 0 && report.passed == report.checks.count && report.failed == 0)
            #expect(report.checks.allSatisfy { $0.remedy.isEmpty && !$0.found.isEmpty })
        }
    }

    @Test(arguments: Ailment.all) func anIllMachineIsToldFromAHealthyOne(_ ailment: Ailment) throws {
        let machine = try HealthyMachine()
        let before = try machine.examine(ailment.configuration)
        #expect(before.check(ailment.id)?.verdict == "pass", "\(before.check(ailment.id) as Any)")

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
        let machine = try HealthyMachine()
        let passing = try [nil, [], Ailment.tap, Ailment.interface].flatMap { try machine.examine($0).checks }
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
        let expected = try machineChecks().union(ports).union(["node-running", "dpdk-start"])
        #expect(ports.count > 5 && Set(rows).count == rows.count)
        #expect(Set(rows) == expected, "\(Set(rows).symmetricDifference(expected))")
    }
}
