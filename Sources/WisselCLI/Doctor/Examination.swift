import Ethdev
import Journal
import Node
import Runtime

/// Everything the doctor looks at, in the order it is told.
struct Examination: Encodable {
    var findings: [Finding]

    var failed: Int { findings.count { $0.verdict == .fail } }
    var warned: Int { findings.count { $0.verdict == .warn } }

    /// The machine, and what a configuration asks of it.
    init(configuration: NodeConfiguration?) {
        findings = MachineExamination.findings()
        guard let configuration else { return }
        findings += Self.plan(configuration)
        if let running = JournalHolder.processID(directory: configuration.journal.directory) {
            findings.append(
                .ok(
                    "node", "running",
                    "process \(running) runs on this configuration: its devices are left alone; stop it to have them "
                        + "examined"))
            return
        }
        let decision = PortSetup.memory(for: configuration)
        findings.append(Self.memory(decision, configuration.memory))
        do throws(EthdevError) {
            var specifications: [DeviceSpecification] = []
            for interface in configuration.interfaces {
                specifications.append(try DeviceSpecification(parsing: interface.device))
            }
            try PortSetup.startEAL(for: configuration, specifications, hugePages: decision.hugePages)
        } catch {
            findings.append(.fail("node", "DPDK starts", error.cause, remedy: error.remedy))
            return
        }
        findings.append(.ok("node", "DPDK starts", "devices see \(EAL.addressMode) addresses (IOVA)"))
        for interface in configuration.interfaces {
            findings += InterfaceExamination(interface).findings(configuration)
        }
    }

    private static func plan(_ configuration: NodeConfiguration) -> [Finding] {
        do throws(CorePlanError) {
            return [.ok("node", "core plan", try TradingNode.plan(for: configuration).text)]
        } catch {
            let remedy = "leave cores.plan out for one made from what is there"
            return [.fail("node", "core plan", "\(error)", remedy: remedy)]
        }
    }

    private static func memory(_ decision: HugePageDecision, _ wanted: NodeConfiguration.Memory) -> Finding {
        if decision.lack.isEmpty { return .ok("node", "memory", decision.message) }
        let remedy = "sudo hugepages/reserve"
        switch wanted.hugePages {
        case .required: return .fail("node", "memory", "\(decision.lack), and hugePages is `required`", remedy: remedy)
        case .auto: return .warn("node", "memory", "\(decision.lack): it would run with --no-huge", remedy: remedy)
        case .none: return .ok("node", "memory", "no huge pages, as the configuration says")
        }
    }
}
