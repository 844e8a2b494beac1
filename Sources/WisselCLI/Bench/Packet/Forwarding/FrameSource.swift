import Foundation

/// A process of our own that sends a node's own frames over memif: see `FrameSourceCommand`.
final class FrameSource {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Returns when connections can be made.
    /// - Parameters:
    ///   - cpu: the CPU to send on.
    ///   - megabytes: of ordinary memory; huge pages when nil.
    init(socketPath: String, frameBytes: Int, cpu: Int, megabytes: Int?) throws {
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments =
            ["bench", "source", "--socket", socketPath, "--bytes", "\(frameBytes)", "--cpu", "\(cpu)"]
            + (megabytes.map { ["--megabytes", "\($0)"] } ?? [])
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var said = Data()
        while !said.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                process.waitUntilExit()
                throw PacketBenchmark.Failure(
                    description:
                        "the process that is to send the frames ended with \(process.terminationStatus) before "
                        + "it began; what it said stands above")
            }
            said.append(more)
        }
    }

    /// Lets it send frames for this MAC address, the low 48 bits.
    func send(to macAddress: UInt64) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(macAddress)\n".utf8))
    }

    /// Ends it.
    func close() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
