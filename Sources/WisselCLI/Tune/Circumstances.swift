import CPlatform
import Foundation
import Node
import Runtime

extension TuneLog.Circumstances {
    /// Of this machine, this program and what is to be measured.
    init(
        topology: MachineTopology, configuration: Data, conditions: MeasurementConditions, candidates: [PlanCandidate]
    ) throws {
        let information = textFile("/proc/cpuinfo") ?? ""
        let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        let kernel = textFile("/proc/sys/kernel/osrelease")?.trimmingCharacters(in: .whitespacesAndNewlines)
        let distances = topology.distances.sorted { $0.key < $1.key }.map {
            "\($0.key) \($0.value.sorted { $0.key < $1.key })"
        }
        let shape = Self.checksum(Data("\(topology.cpus) \(topology.isolated) \(topology.tickless) \(distances)".utf8))
        let binary = FileManager.default.contents(atPath: "/proc/self/exe") ?? Data()
        let requests = candidates.map { MeasurementRequest($0, conditions) }
        self.init(
            machine: "\(model ?? "CPU not told"), \(topology.summary), kernel \(kernel ?? "not told"), \(shape)",
            configuration: Self.checksum(configuration),
            program: "\(Wissel.version) \(Self.checksum(binary))",
            options: String(decoding: try TuneLog.line(conditions).dropLast(), as: UTF8.self),
            plans: Self.checksum(
                Data(
                    zip(candidates, requests).map { "\($0.name) \($1.cores) \($1.idle) \($1.clientCPUs)" }.joined().utf8
                )))
    }

    private static func checksum(_ data: Data) -> String {
        hexadecimal(data.withUnsafeBytes { cplatform_crc64($0.baseAddress, $0.count) })
    }
}
