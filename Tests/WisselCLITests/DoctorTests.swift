import Foundation
import TestSupport
import Testing

/// `wissel doctor`: what it finds, what it says to do, and how it leaves.
@Suite(.serialized) struct DoctorTests {
    private struct Examination: Decodable {
        struct Finding: Decodable {
            var area: String
            var subject: String
            var verdict: String
            var found: String
            var remedy: String
        }
        var findings: [Finding]

        func finding(_ area: String, _ subject: String) -> Finding? {
            findings.first { $0.area == area && $0.subject == subject }
        }
    }

    private func examine(_ arguments: String...) throws -> (status: Int32, examination: Examination) {
        let result = try Program.run(command: Program.path, ["doctor", "--json", "-"] + arguments)
        #expect(!result.output.isEmpty, "\(result.error)")
        return (result.status, try JSONDecoder().decode(Examination.self, from: Data(result.output.utf8)))
    }

    @Test func theMachineAloneIsExamined() throws {
        let (status, examination) = try examine()
        #expect(status == 0)
        for subject in ["rights", "CPUs", "isolation", "governor", "NUMA", "huge pages", "DPDK", "IOMMU"] {
            #expect(examination.finding("machine", subject) != nil, "\(subject)")
        }
        #expect(examination.finding("machine", "DPDK")?.found.contains("DPDK 22.11") == true)
        // What could be better comes with what to do, what is well without.
        for finding in examination.findings {
            #expect((finding.verdict == "ok") == finding.remedy.isEmpty, "\(finding)")
        }
    }

    @Test func aWrongConfigurationLeavesWith78() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder, changes: [("port: 9000", "port: 90000")])
        #expect(try Program.run("doctor", "--config", path).status == 78)
    }

    @Test func aDeviceThatIsNotThereFailsWithCauseAndRemedy() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder, changes: [("device: tap:wissel0", "device: pci:0000:99:00.0")])
        let (status, examination) = try examine("--config", path)
        #expect(status == 1)
        let finding = try #require(examination.finding("pci:0000:99:00.0", "device"))
        #expect(finding.verdict == "fail")
        #expect(finding.found == "there is no PCI device 0000:99:00.0")
        #expect(finding.remedy == "take an address that lspci -D lists")
    }

    @Test func devicesWithoutAKernelAreExaminedByAnyone() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(
            in: folder, changes: [("device: tap:wissel0", "device: ring:doctor"), ("queues: 1", "queues: 2")])
        let (status, examination) = try examine("--config", path)
        #expect(status == 0)
        #expect(examination.finding("ring:doctor", "link")?.found.hasPrefix("up") == true)
        #expect(examination.finding("ring:doctor", "queues")?.found.hasPrefix("2 asked for, 16 offered") == true)
        #expect(examination.finding("ring:doctor", "spreading")?.found == "no RSS: whoever sends chooses")
        #expect(
            examination.finding("ring:doctor", "orders by the")?.found
                == "software classifier: the driver has no flow rules")
        #expect(examination.finding("node", "DPDK starts")?.found.contains("addresses") == true)
    }

    @Test func hardwareSteeringThatCannotBeFailsHereAndAtTheStart() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(
            in: folder,
            changes: [
                ("device: tap:wissel0", "device: ring:steer"), ("queues: 1", "queues: 2"),
                ("steering: auto ", "steering: hardware "),
            ])
        let (status, examination) = try examine("--config", path)
        #expect(status == 1)
        let finding = try #require(examination.finding("ring:steer", "orders"))
        #expect(finding.verdict == "fail" && finding.found == "the driver has no flow rules")
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
        #expect(before.examination.finding("tap:wissel0", "device")?.found.hasPrefix("opens: net_tap") == true)
        #expect(before.examination.finding("tap:wissel0", "queues")?.found.hasPrefix("1 asked for, 4 offered") == true)
        #expect(before.examination.finding("node", "running") == nil)

        let node = try Running(
            command: Program.path, ["run", "--isolated", "--quiet", "--config", path], folder: folder)
        try #require(node.waits(for: "ready\n"), "\(node.output)\(node.error)")
        let during = try examine("--isolated", "--config", path)
        #expect(during.status == 0)
        #expect(during.examination.finding("node", "running")?.found.hasPrefix("process \(node.processID) ") == true)
        #expect(during.examination.findings.allSatisfy { $0.area != "tap:wissel0" })
        node.terminate()
        #expect(node.wait(limitSeconds: 20) == 0)
    }

    @Test func theTableHasALinePerFindingAndTheSumBelow() throws {
        let result = try Program.run("doctor")
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "machine")
        #expect(lines.last?.hasSuffix("0 must be put right") == true)
        #expect(!result.output.contains("\u{1B}"), "colours in what is no terminal")
    }
}
