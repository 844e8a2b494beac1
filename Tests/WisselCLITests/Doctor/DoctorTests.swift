import Foundation
import TestSupport
import Testing

/// `wissel doctor`: what it finds, what it says to do, and how it leaves.
@Suite(.serialized) struct DoctorTests {
    private func examine(_ arguments: String...) throws -> DoctorReport { try DoctorReport(arguments: arguments) }

    /// What is said of a device.
    private func check(_ id: String, _ device: String, _ report: DoctorReport) -> DoctorReport.Check? {
        report.checks.first { $0.id == id && $0.area == device }
    }

    @Test func theMachineAloneIsExamined() throws {
        let report = try examine()
        #expect(report.status == 0)
        #expect(report.check("dpdk-version")?.verdict == "pass")
        // What could be better comes with what to do, what is well without.
        for check in report.checks { #expect((check.verdict == "pass") == check.remedy.isEmpty, "\(check)") }
    }

    @Test func theJSONGoesToAFileToo() throws {
        let folder = try TemporaryFolder()
        let result = try Program.run("doctor", "--json", folder.path + "/doctor.json")
        #expect(result.status == 0 && result.output.contains("passed, "))
        let report = try JSONDecoder().decode(DoctorReport.self, from: Data(folder.text("doctor.json").utf8))
        #expect(report.checks.count >= 30)
    }

    @Test func aWrongConfigurationLeavesWith78() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder, changes: [("port: 9000", "port: 90000")])
        #expect(try Program.run("doctor", "--config", path).status == 78)
    }

    @Test func aDeviceThatIsNotThereFailsWithCauseAndRemedy() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder, changes: [("device: tap:wissel0", "device: pci:0000:99:00.0")])
        let report = try examine("--config", path)
        #expect(report.status == 1)
        let absent = try #require(check("nic-present", "pci:0000:99:00.0", report))
        #expect(absent.verdict == "fail" && absent.found == "there is no PCI device 0000:99:00.0")
        #expect(absent.remedy.hasPrefix("scripts/nic list"))
        #expect(report.check("dpdk-start")?.found.hasPrefix("not tried") == true)
    }

    @Test func devicesWithoutAKernelAreExaminedByAnyone() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(
            in: folder, changes: [("device: tap:wissel0", "device: ring:doctor"), ("queues: 1", "queues: 2")])
        let report = try examine("--config", path)
        #expect(report.status == 0)
        func found(_ id: String) -> String { check(id, "ring:doctor", report)?.found ?? "nothing" }
        #expect(found("device-link").hasPrefix("up"))
        #expect(found("device-queues").hasPrefix("2 asked for, 16 offered"))
        #expect(found("device-rss") == "no RSS: whoever sends chooses")
        #expect(found("device-steering") == "software classifier: the driver has no flow rules")
        #expect(found("device-timesync") == "no clock in the device")
        #expect(report.checks.filter { $0.area == "ring:doctor" }.count == 11)
        #expect(report.check("dpdk-start")?.found.contains("addresses") == true)
    }

    @Test func hardwareSteeringThatCannotBeFailsHereAndAtTheStart() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(
            in: folder,
            changes: [
                ("device: tap:wissel0", "device: ring:steer"), ("queues: 1", "queues: 2"),
                ("steering: auto ", "steering: hardware "),
            ])
        let report = try examine("--config", path)
        #expect(report.status == 1)
        let steering = try #require(check("device-steering", "ring:steer", report))
        #expect(steering.verdict == "fail" && steering.found == "the driver has no flow rules")
        let start = try Program.run("run", "--quiet", "--seconds", "1", "--config", path)
        #expect(start.status == 1)
        #expect(
            start.error.contains("the driver has no flow rules; let the software classifier do it"), "\(start.error)")
    }

    @Test(.enabled(if: Program.canUseTAP, "needs root and /dev/net/tun"))
    func aRunningNodeKeepsItsDevices() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder)
        let before = try examine("--isolated", "--config", path)
        #expect(before.status == 0)
        #expect(check("device-open", "tap:wissel0", before)?.found.hasPrefix("net_tap") == true)
        #expect(check("device-queues", "tap:wissel0", before)?.found.hasPrefix("1 asked for, 4 offered") == true)
        #expect(before.check("node-running") == nil)

        let node = try Running(
            command: Program.path, ["run", "--isolated", "--quiet", "--config", path], folder: folder)
        try #require(node.waits(for: "ready\n"), "\(node.output)\(node.error)")
        let during = try examine("--isolated", "--config", path)
        #expect(during.status == 0)
        #expect(during.check("node-running")?.found.hasPrefix("process \(node.processID) ") == true)
        #expect(during.checks.allSatisfy { $0.area != "tap:wissel0" })
        node.terminate()
        #expect(node.wait(limitSeconds: 20) == 0)
    }

    @Test func theTableHasALinePerCheckAndTheSumBelow() throws {
        let result = try Program.run("doctor")
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "process" && lines.contains { $0.hasPrefix("  PASS  rights") })
        #expect(lines.last?.hasSuffix("0 must be put right") == true)
        #expect(!result.output.contains("\u{1B}"), "colours in what is no terminal")
    }

    /// A node that cannot do what its configuration says opens nothing.
    @Test func aNodeIsNotStartedOnAMachineThatFails() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(
            in: folder, journal: folder.path + "/none", changes: [("device: tap:wissel0", "device: pci:0000:99:00.0")])
        let refused = try Program.run("run", "--quiet", "--seconds", "1", "--config", path)
        #expect(refused.status == 78 && refused.output.isEmpty, "\(refused.output)")
        let lines = refused.error.split(separator: "\n").map(String.init)
        let row = try #require(lines.firstIndex { $0.hasPrefix("FAIL journal-directory (journal): ") })
        #expect(lines[row + 1].trimmingCharacters(in: .whitespaces) == "mkdir -p \(folder.path)/none")
        #expect(lines.contains { $0.hasPrefix("FAIL nic-present (pci:0000:99:00.0): ") })
        #expect(lines.last?.contains("--ignore-doctor") == true)

        let ignored = try Program.run("run", "--quiet", "--seconds", "1", "--ignore-doctor", "--config", path)
        #expect(ignored.status == 1 && ignored.error.contains("starting all the same"), "\(ignored.error)")
        #expect(ignored.error.contains("no PCI device 0000:99:00.0"))
    }

    @Test func aNodeThatStartsSaysInOneLineWhatTheDoctorFound() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder, changes: [("device: tap:wissel0", "device: ring:doctor")])
        let result = try Program.run("run", "--quiet", "--seconds", "0.1", "--config", path)
        #expect(result.status == 0, "\(result.error)")
        let line = try #require(result.output.split(separator: "\n").first)
        #expect(line.hasPrefix("doctor:   ") && line.contains(" passed"))
    }
}
