import Runtime

/// A process as /proc tells it (proc(5)).
struct MachineProcess: Sendable {
    let id: Int32
    /// Its command, at most 15 bytes of it.
    let name: String
    /// A thread of the kernel, which nobody can move.
    let isOfKernel: Bool

    static func all(in folder: MachineFolder) -> [MachineProcess] {
        folder.names("/proc").compactMap { name in
            guard let id = Int32(name), let status = ThreadStatus(folder.text("/proc/\(name)/stat")) else { return nil }
            return MachineProcess(id: id, name: status.name, isOfKernel: status.isOfKernel)
        }
    }
}

/// The file `stat` of a process or thread.
struct ThreadStatus {
    let name: String
    /// R: it runs or could.
    let state: Substring
    let isOfKernel: Bool
    /// CPU time it has used, user and system, in ticks of 10 ms.
    let ticks: Int
    /// 1 and 2 are the real-time policies (sched(7)).
    let policy: Int

    init?(_ text: String?) {
        // The name stands in parentheses and may hold any character.
        guard let text, let start = text.firstIndex(of: "("), let end = text.lastIndex(of: ")"), start < end else {
            return nil
        }
        let fields = text[text.index(after: end)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 12, let flags = UInt64(fields[6]), let user = Int(fields[11]), let system = Int(fields[12])
        else { return nil }
        name = String(text[text.index(after: start)..<end])
        state = fields[0]
        isOfKernel = flags & 0x0020_0000 != 0  // PF_KTHREAD
        ticks = user + system
        policy = fields.count > 38 ? Int(fields[38]) ?? 0 : 0
    }
}
