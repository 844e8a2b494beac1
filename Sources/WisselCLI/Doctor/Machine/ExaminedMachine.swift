import Ethdev
import Foundation
import Journal
import Node
import Runtime

/// What the checks look at: the machine's files, read once where several need them, and what the configuration asks of
/// it. Ask before EAL starts, which binds the calling thread to one CPU.
struct ExaminedMachine: Sendable {
    let folder: MachineFolder
    let configuration: NodeConfiguration?
    /// The cause as text when /sys cannot be read.
    let topology: Result<MachineTopology, TopologyError>
    /// Nil without a configuration.
    let plan: Result<CorePlan, CorePlanError>?
    /// The interfaces of the configuration.
    let ports: [ExaminedPort]
    /// CPUs a thread may be pinned to.
    let permitted: [Int]
    let processes: [MachineProcess]
    /// The words the kernel was booted with.
    let bootArguments: [String]
    /// The capabilities of `wissel doctor` itself, a bit each (capabilities(7)).
    let capabilities: UInt64
    /// The flags of the first CPU (/proc/cpuinfo).
    let cpuFlags: Set<String>

    init(_ folder: MachineFolder, configuration: NodeConfiguration?) throws(EthdevError) {
        self.folder = folder
        self.configuration = configuration
        topology = Result { () throws(TopologyError) in try MachineTopology(root: folder.root) }
        plan = configuration.map { configuration in
            Result { () throws(CorePlanError) in try TradingNode.plan(for: configuration, root: folder.root) }
        }
        ports = try ExaminedPort.all(of: configuration, in: folder)
        permitted = AvailableCPUs.permitted(root: folder.root).numbers
        processes = MachineProcess.all(in: folder)
        bootArguments = (folder.line("/proc/cmdline") ?? "").split(separator: " ").map(String.init)
        let status = (folder.text("/proc/self/status") ?? "").split(separator: "\n")
        let mask = status.first { $0.hasPrefix("CapEff:") }?.dropFirst(7).filter { !$0.isWhitespace }
        capabilities = mask.flatMap { UInt64($0, radix: 16) } ?? 0
        let information = (folder.text("/proc/cpuinfo") ?? "").split(separator: "\n")
        let flags = information.first { $0.hasPrefix("flags") }?.split(separator: ":").last ?? ""
        cpuFlags = Set(flags.split(separator: " ").map(String.init))
    }

    /// CPUs of the plan, ascending; without a configuration those that are isolated, which are meant for it.
    var nodeCPUs: [Int] {
        if let configured { return configured.cores.compactMap(\.cpu).sorted() }
        return configuration == nil ? ((try? topology.get())?.isolated ?? []) : []
    }

    /// The plan; nil without a configuration and when it is wrong.
    var configured: CorePlan? { try? plan?.get() }

    /// Whether cores poll without rest, so that what else runs on their CPUs costs latency at once.
    var pollsWithoutRest: Bool {
        guard let configured else { return false }
        return configured.cores.contains { ($0.idle ?? configured.idle) == .busy }
    }

    /// The huge pages the configuration asks for; nil without one.
    var demand: MemoryDemand? {
        configuration.map { MemoryDemand($0, onHugePages: true, root: folder.root) }
    }

    var online: [Int] { (try? topology.get())?.online ?? [] }

    /// The value of a boot argument `name=value`; nil when it was not given.
    func bootArgument(_ name: String) -> String? {
        bootArguments.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    func holds(capability bit: Int) -> Bool { capabilities & (1 << UInt64(bit)) != 0 }

    /// The running processes of a name, without threads of the kernel.
    func processes(named names: String...) -> [MachineProcess] {
        processes.filter { names.contains($0.name) && !$0.isOfKernel }
    }

    /// The process that runs a node on this configuration now.
    var runningNode: Int32? {
        configuration.flatMap { JournalHolder.processID(directory: folder.path(Self.absolute($0.journal.directory))) }
    }

    /// The journal's directory as it stands on the machine.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
