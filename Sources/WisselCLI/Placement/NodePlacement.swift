import Ethdev
import Foundation
import Node
import Runtime

/// Where a running node really is: its threads and memory as the kernel tells them, its NICs as /sys tells them, beside
/// where the plan wanted them.
struct NodePlacement: Encodable {
    struct Thread: Encodable {
        var name: String
        /// As the plan says; nil: not pinned.
        var plannedCPU: Int?
        /// What the kernel lets the thread run on.
        var allowedCPUs: String
        var numaNode: Int?
        var isAsPlanned: Bool
    }

    /// Memory or a NIC that belongs to a core.
    struct Belonging: Encodable {
        var core: String
        var what: String
        var bytes: Int?
        /// Of the core.
        var wantedNode: Int?
        /// Pages by node; for a NIC its node.
        var found: String
        var isNear: Bool
    }

    var processID: Int32
    var threads: [Thread]
    var belongings: [Belonging]

    var isAsPlanned: Bool { threads.allSatisfy(\.isAsPlanned) && belongings.allSatisfy(\.isNear) }

    /// Asks the node for its cores and where it believes its memory to be, and the kernel for all the rest.
    /// - Throws: `TelemetryError` when no node answers, `RuntimeError.pagesNotTold` without the right to look.
    init(prefix: String, root: String = "/") throws {
        let telemetry = try TelemetryClient(prefix: prefix)
        processID = telemetry.processID
        threads = []
        belongings = []
        let allowed = try Self.allowedCPUs(processID)
        let names = try telemetry.ask("/wissel/placement")
        for index in 0..<names.count {
            let core = try telemetry.ask("/wissel/placement,\(index)")
            let name = core["core"] as? String ?? "?"
            let cpu = (core["cpu"] as? String).flatMap { Int($0) }
            let node = cpu.flatMap { NUMA.node(ofCPU: $0) }
            let lists = allowed["wissel-\(name)".prefix(15).description] ?? []
            threads.append(
                Thread(
                    name: name, plannedCPU: cpu, allowedCPUs: lists.joined(separator: " and "), numaNode: node,
                    isAsPlanned: cpu.map { lists == ["\($0)"] } ?? !lists.isEmpty))
            var (regions, order): ([String: (bytes: Int, pages: MemoryRegion.Pages)], [String]) = ([:], [])
            for (key, value) in core.sorted(by: { $0.key < $1.key }) {
                guard let text = value as? String else { continue }
                if key.hasPrefix("nic") {
                    let found = try DeviceLocality(of: .pci(text), root: root).node
                    belongings.append(
                        Belonging(
                            core: name, what: "NIC \(text)", wantedNode: node,
                            found: found.map { "node \($0)" } ?? "no node", isNear: found == nil || found == node))
                } else if key.hasPrefix("region"), let region = MemoryRegion(text: text) {
                    // A pool may lie in several pieces.
                    if regions[region.name] == nil { order.append(region.name) }
                    regions[region.name, default: (0, MemoryRegion.Pages())].bytes += region.byteCount
                    regions[region.name]?.pages += try region.pages(ofProcess: processID)
                }
            }
            for what in order {
                guard let (bytes, pages) = regions[what] else { continue }
                belongings.append(
                    Belonging(
                        core: name, what: what, bytes: bytes, wantedNode: node, found: pages.text,
                        isNear: node == nil || pages.byNode.keys.allSatisfy { $0 == node }))
            }
        }
    }

    /// The CPUs of each thread of a process, by its name.
    private static func allowedCPUs(_ process: Int32) throws -> [String: [String]] {
        var lists: [String: [String]] = [:]
        for task in directoryNames("/proc/\(process)/task") {
            // A thread may end while we look.
            guard let name = textFile("/proc/\(process)/task/\(task)/comm"),
                let status = textFile("/proc/\(process)/task/\(task)/status"),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
            else { continue }
            lists[name.trimmingCharacters(in: .whitespacesAndNewlines), default: []].append(
                line.dropFirst("Cpus_allowed_list:".count).trimmingCharacters(in: .whitespaces))
        }
        return lists
    }

    func table() -> String {
        let rows =
            [["core", "what", "wanted", "found", ""]]
            + threads.map { thread in
                [
                    thread.name, "thread",
                    thread.plannedCPU.map { "CPU \($0), node \(thread.numaNode ?? 0)" } ?? "any CPU",
                    "CPU \(thread.allowedCPUs)", thread.isAsPlanned ? "as planned" : "ELSEWHERE",
                ]
            }
            + belongings.map { row in
                [
                    row.core, row.what + (row.bytes.map { ", \(grouped(($0 + 1023) / 1024)) KiB" } ?? ""),
                    row.wantedNode.map { "node \($0)" } ?? "any node", row.found, row.isNear ? "near" : "FAR",
                ]
            }
        let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
                .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
    }
}

extension MemoryRegion {
    /// As telemetry carries it, which has neither 64-bit hexadecimal numbers nor nested tables in this version.
    var text: String { "\(String(address, radix: 16)) \(byteCount) \(pageByteCount) \(name)" }

    init?(text: String) {
        let words = text.split(separator: " ", maxSplits: 3)
        guard words.count == 4, let address = UInt64(words[0], radix: 16), let bytes = Int(words[1]), bytes >= 0,
            let page = Int(words[2]), page > 0
        else { return nil }
        self.init(name: String(words[3]), address: address, byteCount: bytes, pageByteCount: page)
    }
}

extension MemoryRegion.Pages {
    fileprivate var text: String {
        var parts = byNode.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) pages on node \($0.key)" }
        if untouched > 0 { parts.append("\(grouped(untouched)) untouched") }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }
}
