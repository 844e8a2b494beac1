import Foundation
import Runtime

/// What DPDK's own test program says about `rte_ring` on this machine (`ring_perf_autotest` of Debian's `dpdk-dev`).
struct DPDKTestRingPerf: Equatable {
    /// One enqueue and one dequeue of 32 pointers by one core, single producer and consumer.
    var burst32: Double?
    /// Producer plus consumer per element, bulks of 32 pointers, two physical cores (else two hyperthreads).
    var twoCore32: Double?
    var warnings: [String] = []

    enum Failure: Error, Equatable, CustomStringConvertible {
        case missing(path: String)
        case failed(path: String, reason: String)

        var description: String {
            switch self {
            case .missing(let path):
                return "\(path) is not installed, so DPDK's own figures are missing: apt-get install dpdk-dev"
            case .failed(let path, let reason):
                return "\(path) gave no figures: \(reason)"
            }
        }
    }

    static let timeLimitSeconds = 120

    /// Runs the test on the first two available CPUs, without huge pages and devices; returns what it printed.
    /// Takes about 5 s on two free CPUs.
    static func run(path: String, availableCPUs: AvailableCPUs) throws -> String {
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Failure.missing(path: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        let cores = availableCPUs.numbers.prefix(2).map { String($0) }.joined(separator: ",")
        process.arguments = ["--no-huge", "--no-shconf", "--no-pci", "--no-telemetry", "-m", "256", "-l", cores]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        // Before the start: a program that ends without reading would otherwise end us by SIGPIPE.
        try? input.fileHandleForWriting.write(contentsOf: Data("ring_perf_autotest\nquit\n".utf8))
        try? input.fileHandleForWriting.close()
        do { try process.run() } catch { throw Failure.failed(path: path, reason: "\(error)") }
        let limit = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(timeLimitSeconds), execute: limit)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        limit.cancel()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let lastLine = text.split(separator: "\n").last.map(String.init) ?? "no output"
            throw Failure.failed(path: path, reason: "status \(process.terminationStatus): \(lastLine)")
        }
        return text
    }

    /// Reads the lines of 8-byte elements:
    /// `legacy APIs: SP/SC: burst (size: 32): 62.32` under "Testing burst enq/deq" and
    /// `legacy APIs: SP/SC: bulk (size: 32): 9.68` under "Testing using two physical cores".
    init(output: String) {
        var heading = ""
        var hyperthreads: Double?
        for line in output.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("### ") { heading = String(line) }
            guard line.hasPrefix("legacy APIs: SP/SC: "), line.contains("(size: 32): "),
                let value = line.split(separator: " ").last.flatMap({ Double($0) }), value.isFinite
            else { continue }
            switch heading {
            case "### Testing burst enq/deq ###": burst32 = value
            case "### Testing using two physical cores ###": twoCore32 = value
            case "### Testing using two hyperthreads ###": hyperthreads = value
            default: break
            }
        }
        if twoCore32 == nil, let hyperthreads {
            twoCore32 = hyperthreads
            warnings.append("dpdk-test ran on two hyperthreads of one core")
        }
        for (name, value) in [("one core", burst32), ("two cores", twoCore32)] where value == nil {
            warnings.append(
                "dpdk-test printed no figure for \(name): it prints it when it has the CPUs and the test ran")
        }
    }
}
