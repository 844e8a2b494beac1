import Foundation

/// `dpdk-testpmd` as a peer or as a source of packets: it stays up beside us and forwards only while it is told to.
///
/// Its rate is the one it prints itself (`Rx-pps` of `show port stats`, packets by time-stamp counter since the show
/// before), summed over its ports.
final class TestpmdPeer {
    enum Failure: Error, CustomStringConvertible {
        case missing(path: String)
        case failed(reason: String)

        var description: String {
            switch self {
            case .missing(let path):
                "\(path) is not installed, so there is no peer to compare with: apt-get install dpdk-dev"
            case .failed(let reason): "dpdk-testpmd gave no figures: \(reason)"
            }
        }
    }

    static let path = "/usr/bin/dpdk-testpmd"
    private let process = Process()
    private let input = Pipe()
    private let outputPath: String
    private let portCount: Int

    /// - Parameters:
    ///   - devices: the EAL arguments of each device.
    ///   - mainCPU: runs its command line.
    ///   - forwardingCPU: forwards; may be the same.
    ///   - memory: EAL's memory arguments.
    ///   - topology: which port a frame leaves by: `paired` or `loop`.
    ///   - recordsCycles: counts cycles, for `measureCycles`; costs a little.
    init(
        devices: [[String]], mainCPU: Int, forwardingCPU: Int, memory: [String], topology: String = "paired",
        recordsCycles: Bool = false
    ) throws {
        portCount = devices.count
        guard FileManager.default.isExecutableFile(atPath: Self.path) else { throw Failure.missing(path: Self.path) }
        outputPath =
            FileManager.default.temporaryDirectory.appendingPathComponent(
                "wissel-testpmd-\(UUID().uuidString)"
            ).path
        guard FileManager.default.createFile(atPath: outputPath, contents: nil) else {
            throw Failure.failed(reason: "\(outputPath) cannot be written")
        }
        // Through a pipe or into a file its output would come in blocks of 4 KiB: stdbuf makes it come by lines.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/stdbuf")
        process.arguments =
            ["-oL", Self.path, "--no-telemetry", "--lcores", "0@\(mainCPU),1@\(forwardingCPU)", "--main-lcore", "0"]
            + memory + (devices.joined().contains("-a") ? [] : ["--no-pci"]) + devices.joined()
            + [
                "--", "-i", "--nb-cores=1", "--rxd=1024", "--txd=1024", "--burst=\(ForwardingLoop.burst)",
                "--mbcache=256", "--total-num-mbufs=16383", "--no-lsc-interrupt", "--no-flush-rx",
                "--port-topology=\(topology)",
            ] + (recordsCycles ? ["--record-core-cycles"] : [])
        process.standardInput = input
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try send("show port summary all")
        _ = try awaitLines(count: devices.count, limitSeconds: 30, where: Self.isPort)
    }

    /// A line of `show port summary`: number, MAC address, name, driver, state, speed.
    private static func isPort(_ line: Substring) -> Bool {
        let fields = line.split(whereSeparator: \.isWhitespace)
        return fields.count >= 5 && Int(fields[0]) != nil && fields[1].count { $0 == ":" } == 5
    }

    /// Returns when all ports have a link; memif has one when the other process has come.
    func waitForLink(limitSeconds: Int = 20) throws {
        func linesWithLink() throws -> Int {
            try text().split(whereSeparator: \.isNewline).count { Self.isPort($0) && $0.contains(" up ") }
        }
        for _ in 0..<limitSeconds * 5 {
            let before = try linesWithLink()
            try send("show port summary all")
            usleep(200_000)
            if try linesWithLink() >= before + portCount { return }
        }
        throw Failure.failed(reason: "a port has had no link for \(limitSeconds) s")
    }

    /// Sends `bursts` bursts on each port, for ports that receive what they send; false when none of them came back.
    func prime(bursts: Int, frameBytes: Int) throws -> Bool {
        try send("set txpkts \(frameBytes)")
        try send("set fwd io")
        try send("start tx_first \(bursts)")
        usleep(100_000)
        try send("stop")
        return try measure(.io, seconds: 0.05) > 0
    }

    /// Forwards for `seconds`; packets per second of all ports.
    func measure(_ mode: ForwardingMode, seconds: Double) throws -> Double {
        // On a busy machine its command line can come to `start` only after the moment measured; zero is that, not a rate.
        for _ in 0..<2 {
            let rate = try measureOnce(mode, seconds: seconds)
            if rate > 0 { return rate }
        }
        return try measureOnce(mode, seconds: seconds)
    }

    /// Forwards for `seconds`; cycles per packet of the polls that brought packets, of the time-stamp counter.
    func measureCycles(_ mode: ForwardingMode, seconds: Double) throws -> Double {
        func isFigure(_ line: Substring) -> Bool { line.contains("CPU cycles/packet=") }
        let before = try text().split(whereSeparator: \.isNewline).count(where: isFigure)
        try send("set fwd \(mode.peer)")
        try send("start")
        usleep(UInt32(seconds * 1e6))
        try send("stop")
        let line = try awaitLines(count: before + 1, limitSeconds: 30, where: isFigure).last ?? ""
        let cycles = line.split(separator: "=").dropFirst().first.flatMap { Double($0.prefix { $0 != " " }) }
        guard let cycles, cycles > 0 else { throw Failure.failed(reason: "it counted no cycles: \(line)") }
        return cycles
    }

    private func measureOnce(_ mode: ForwardingMode, seconds: Double) throws -> Double {
        let before = try text().components(separatedBy: "Rx-pps:").count - 1
        try send("set fwd \(mode.peer)")
        try send("start")
        usleep(100_000)
        try send("show port stats all")
        usleep(UInt32(seconds * 1e6))
        try send("show port stats all")
        let rates = try awaitLines(count: before + 2 * portCount, limitSeconds: 30) { $0.contains("Rx-pps:") }
            .suffix(portCount)
        try send("stop")
        usleep(50_000)
        return rates.reduce(0) { sum, line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            let place = fields.firstIndex(of: "Rx-pps:").map { $0 + 1 }
            return sum + (place.flatMap { $0 < fields.count ? Double(fields[$0]) : nil } ?? 0)
        }
    }

    func close() {
        do {
            try send("quit")
            process.waitUntilExit()
            try FileManager.default.removeItem(atPath: outputPath)
        } catch {
            standardError("dpdk-testpmd did not end in order: \(error)")
            process.terminate()
        }
    }

    private func send(_ command: String) throws {
        guard process.isRunning else { throw Failure.failed(reason: try lastLine()) }
        try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
    }

    private func text() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: outputPath)), as: UTF8.self)
    }

    private func lastLine() throws -> String {
        try text().split(separator: "\n").last.map(String.init) ?? "it ended without a word"
    }

    private func awaitLines(
        count: Int, limitSeconds: Int, where isWanted: (Substring) -> Bool
    ) throws -> [String] {
        for _ in 0..<limitSeconds * 100 {
            let found = try text().split(whereSeparator: \.isNewline).filter(isWanted)
            if found.count >= count { return found.map(String.init) }
            guard process.isRunning else { break }
            usleep(10_000)
        }
        throw Failure.failed(reason: try lastLine())
    }
}
