import Glibc
import Runtime

/// A thread of another program that is bound to CPUs of the node, and works there.
struct PinnedWork: Sendable {
    let process: Int32
    let command: String
    let cpus: [Int]

    /// Bound means: to these CPUs alone, and to fewer than the process that asks may use; who may run everywhere is moved
    /// away by the scheduler. Working means: ready to run in two looks 60 ms apart, or 20 ms of CPU time between them.
    /// Without such a thread there is one look.
    static func found(on cpus: [Int], in machine: ExaminedMachine, except own: [Int32]) -> [PinnedWork] {
        let folder = machine.folder
        let wanted = Set(cpus)
        var before: [(path: String, work: PinnedWork, status: ThreadStatus)] = []
        for process in machine.processes where !process.isOfKernel && !own.contains(process.id) {
            let tasks = "/proc/\(process.id)/task"
            for task in folder.names(tasks) {
                let allowed = affinity(folder.text("\(tasks)/\(task)/status"))
                guard !allowed.isEmpty, wanted.isSuperset(of: allowed), allowed != machine.permitted,
                    allowed.count < machine.online.count,
                    let status = ThreadStatus(folder.text("\(tasks)/\(task)/stat"))
                else { continue }
                let work = PinnedWork(process: process.id, command: command(of: process, folder), cpus: allowed)
                before.append(("\(tasks)/\(task)/stat", work, status))
            }
        }
        if before.isEmpty { return [] }
        if folder.isHere { usleep(60_000) }
        return before.compactMap { path, work, status in
            guard let after = ThreadStatus(folder.text(path)) else { return nil }
            let isReady = status.state == "R" && after.state == "R"
            return isReady || after.ticks - status.ticks >= 2 ? work : nil
        }
    }

    private static func affinity(_ status: String?) -> [Int] {
        let line = (status ?? "").split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        return line.flatMap { cpuNumbers($0.dropFirst(18).filter { !$0.isWhitespace }) } ?? []
    }

    /// The whole command line where it can be read, at most 60 characters.
    private static func command(of process: MachineProcess, _ folder: MachineFolder) -> String {
        let words = (folder.text("/proc/\(process.id)/cmdline") ?? "").split(separator: "\0").joined(separator: " ")
        let text = MachineFolder.trimmed(words)
        return text.isEmpty ? process.name : String(text.prefix(60))
    }
}
