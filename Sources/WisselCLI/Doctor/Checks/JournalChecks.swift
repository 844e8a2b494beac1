import Glibc
import Node
import Runtime

/// Where the journal is written.
enum JournalChecks {
    static let all = [
        MachineCheck("journal-directory", "journal", directory),
        MachineCheck("journal-space", "journal", space),
        MachineCheck("journal-file-system", "journal", fileSystem),
    ]

    /// Below this many free segments somebody should look.
    private static let comfortableSegments = 16

    private static func path(_ machine: ExaminedMachine) -> String? {
        (machine.configuration?.journal.directory).map(ExaminedMachine.absolute)
    }

    private static func directory(_ machine: ExaminedMachine) -> [Outcome] {
        guard let path = path(machine) else { return [] }
        let own = machine.folder.path(path)
        var state = stat()
        guard stat(own, &state) == 0, state.st_mode & S_IFMT == S_IFDIR else {
            return [.fail("the directory \(path) does not exist", remedy: "mkdir -p \(path)")]
        }
        if access(own, W_OK | X_OK) == 0 { return [.pass(path)] }
        return [.fail("\(path) cannot be written to", remedy: "sudo chown \"$(id -un)\" \(path)")]
    }

    /// A segment is reserved whole before its first block is written.
    private static func space(_ machine: ExaminedMachine) -> [Outcome] {
        guard let path = path(machine), let settings = machine.configuration?.journal else { return [] }
        var state = statvfs()
        guard statvfs(machine.folder.path(path), &state) == 0 else { return [] }
        let free = (Int(state.f_bavail) * Int(state.f_frsize)) >> 20
        let segments = free / settings.segmentMegabytes
        let text = "\(grouped(free)) MiB free, \(grouped(segments)) segments of \(settings.segmentMegabytes) MiB"
        let remedy = "df -h \(path)   # then journal.directory on a larger disk, or smaller journal.segmentMegabytes"
        if segments < 1 { return [.fail(text, remedy: remedy)] }
        return [segments < comfortableSegments ? .warn(text, remedy: remedy) : .pass(text)]
    }

    private static func fileSystem(_ machine: ExaminedMachine) -> [Outcome] {
        guard let path = path(machine) else { return [] }
        let mounts = (machine.folder.text("/proc/mounts") ?? "").split(separator: "\n").compactMap {
            line -> (folder: Substring, kind: Substring)? in
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { return nil }
            let isAbove = path == fields[1] || fields[1] == "/" || path.hasPrefix(fields[1] + "/")
            return isAbove ? (fields[1], fields[2]) : nil
        }
        // The last of the longest: a later mount covers an earlier one.
        guard let mount = mounts.reversed().max(by: { $0.folder.count < $1.folder.count }) else {
            return [.pass("not told")]
        }
        let text = "\(mount.kind) on \(mount.folder)"
        let remedy = "journal: {directory: …}   # on a local disk"
        switch mount.kind {
        case "tmpfs", "ramfs": return [.warn("\(text): in memory, and gone with the power", remedy: remedy)]
        case "nfs", "nfs4", "cifs", "9p", "ceph":
            return [.warn("\(text): durable when another machine says so", remedy: remedy)]
        default: return [.pass(text)]
        }
    }
}
