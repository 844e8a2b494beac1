import Ethdev
import Node
import Runtime

/// Everything the doctor looks at, in the order it is told.
struct Examination: Encodable {
    private(set) var checks: [Finding]
    /// Nil when it was not asked for.
    private(set) var jitter: [JitterProbe]?
    private let machine: ExaminedMachine
    var passed: Int { checks.count { $0.verdict == .pass } }
    var warned: Int { checks.count { $0.verdict == .warn } }
    var failed: Int { checks.count { $0.verdict == .fail } }

    /// The machine, and what a configuration asks of it; opens no device.
    /// - Parameter root: the folder that holds the machine's `sys`, `proc` and so on; `/` for this one.
    init(machine root: String, configuration: NodeConfiguration?) throws(EthdevError) {
        let machine = try ExaminedMachine(MachineFolder(root: root), configuration: configuration)
        self.init(machine)
    }

    private init(_ machine: ExaminedMachine) {
        self.machine = machine
        let findings = MachineCheck.all.flatMap { $0.findings(machine) }
        // An area's findings together, areas in the order of their first, devices behind the machine.
        let devices = machine.ports.map(\.device)
        var areas: [String] = []
        for finding in findings where !areas.contains(finding.area) && !devices.contains(finding.area) {
            areas.append(finding.area)
        }
        for device in devices where !areas.contains(device) { areas.append(device) }
        checks = areas.flatMap { area in findings.filter { $0.area == area } }
    }

    /// This machine, and every interface of the configuration opened as the node opens it; an interface stays closed
    /// while a node runs on the configuration, or something keeps the node from starting.
    init(openingDevicesOf configuration: NodeConfiguration) throws(EthdevError) {
        self.init(try ExaminedMachine(MachineFolder(root: "/"), configuration: configuration))
        if let running = machine.runningNode {
            add(
                "node-running",
                .pass(
                    "process \(running) runs on this configuration: its devices are left alone; stop it to have them "
                        + "examined"))
            return
        }
        if failed > 0 {
            add(
                "dpdk-start",
                .warn("not tried: something else must be put right first", remedy: "wissel doctor again, after that"))
            return
        }
        do throws(EthdevError) {
            let decision = PortSetup.memory(for: configuration)
            try PortSetup.startEAL(
                for: configuration, machine.ports.map(\.specification), hugePages: decision.hugePages)
        } catch {
            add("dpdk-start", .fail(error.cause, remedy: error.remedy))
            return
        }
        add("dpdk-start", .pass("devices see \(EAL.addressMode) addresses (IOVA)"))
        for port in machine.ports { checks += PortExamination(port).findings(configuration) }
    }

    /// Measures how long the CPUs of the plan, or without one all CPUs there are to use, are taken away; not while a node
    /// runs on them. A check per CPU.
    mutating func measureJitter(seconds: Double, progress: (String) -> Void) throws {
        if let running = machine.runningNode {
            add(
                "jitter",
                .warn(
                    "not measured: process \(running) runs on these CPUs and would be disturbed",
                    remedy: "stop the node first"))
            return
        }
        let cpus = machine.configured.map { $0.cores.compactMap(\.cpu).sorted() } ?? []
        let probed = cpus.isEmpty ? machine.permitted : cpus
        let probes = try JitterProbe.measure(cpus: probed, seconds: seconds) {
            progress("jitter on CPUs \(AvailableCPUs(probed)): \($0) of \(figureText(seconds)) s")
        }
        jitter = probes
        checks += probes.map { $0.outcome.finding(id: "jitter", area: "jitter") }
    }

    private mutating func add(_ id: String, _ outcome: Outcome) {
        checks.append(outcome.finding(id: id, area: "node"))
    }

    private enum CodingKeys: CodingKey { case checks, passed, warned, failed, jitter }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(checks, forKey: .checks)
        try container.encode(passed, forKey: .passed)
        try container.encode(warned, forKey: .warned)
        try container.encode(failed, forKey: .failed)
        try container.encodeIfPresent(jitter, forKey: .jitter)
    }
}
