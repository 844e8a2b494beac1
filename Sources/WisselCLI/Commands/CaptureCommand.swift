import ArgumentParser
import Ethdev
import Foundation
import NetStack

extension CaptureRequest.Direction: ExpressibleByArgument {}

/// `wissel capture`: what a running node receives and sends, into a file Wireshark opens.
struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Capture what a running node receives and sends, without stopping it, into a pcapng file.",
        discussion: """
            Stamps are the node's own clock in nanoseconds, taken when the driver handed the burst over or was given it. \
            Each interface has its name, each frame its direction; the end of the file says how many frames were lost to \
            the capture, which the node never waits for. Ends with Ctrl-C, --count, --seconds or the node.

            examples: wissel capture -o orders.pcapng --filter 'udp port 9000' --seconds 10
                      wissel capture -o - | wireshark -k -i -
                      wissel capture -o ring.pcapng --ring-files 8 --ring-megabytes 64
            """)

    @Option(name: .shortAndLong, help: "The file, - for standard output.") var output: String
    @Option(help: "Interface, such as tap:wissel0, wissel0 or 0; may be given more than once. Default: all.")
    var interface: [String] = []
    @Option(help: "rx, tx or both.") var direction = CaptureRequest.Direction.both
    @Option(help: "Keep only frames that match, in tcpdump's language.") var filter: String?
    @Option(help: "End after so many frames.") var count: UInt64?
    @Option(help: "End after so many seconds.") var seconds: Double?
    @Option(help: "Bytes kept of a frame at most, 14…65535.") var snaplen = CaptureRequest.largestSnapLength
    @Option(help: "Ring buffer: keep the newest so many files.") var ringFiles: Int?
    @Option(help: "Ring buffer: begin a new file after so many megabytes.") var ringMegabytes: Int?
    @Option(help: "Process number or control socket of the node, when several run.") var node: String?

    func validate() throws {
        func require(_ condition: Bool, _ text: String) throws { if !condition { throw ValidationError(text) } }
        try require(count ?? 1 > 0, "--count takes 1 or more")
        try require(seconds ?? 1 > 0, "--seconds takes more than 0")
        try require(
            (CaptureRequest.smallestSnapLength...CaptureRequest.largestSnapLength).contains(snaplen),
            "--snaplen takes 14 to 65535")
        try require((ringFiles == nil) == (ringMegabytes == nil), "--ring-files and --ring-megabytes go together")
        try require((2...10_000).contains(ringFiles ?? 2), "--ring-files takes 2 to 10000")
        try require((1...1_048_576).contains(ringMegabytes ?? 1), "--ring-megabytes takes 1 to 1048576")
        if output == "-" {
            try require(ringFiles == nil, "a ring of files cannot go to standard output: name a file with --output")
            try require(
                !isTerminal(STDOUT_FILENO), "standard output is a terminal: pipe it, or name a file with --output")
        }
    }

    func run() throws {
        var start = CaptureProtocol.Start(request: CaptureRequest(), interfaces: interface)
        start.request.direction = direction
        start.request.snapLength = snaplen
        if let filter {
            do throws(CaptureFilter.Refusal) {
                start.request.filter = try CaptureFilter(filter, snapLength: snaplen)
            } catch {
                throw ValidationError("\(error)")
            }
        }
        try failing {
            signal(SIGPIPE, SIG_IGN)
            let stop = SignalFlag.stop()
            let client = try CaptureClient(path: try ControlSocket.choose(node), start: start)
            let ring = ringFiles.map { CaptureOutput.Ring(files: $0, bytes: UInt64(ringMegabytes ?? 1) << 20) }
            let output = try CaptureOutput(
                path: self.output, ring: ring, interfaces: client.reply.interfaces, comment: client.reply.comment)
            let recording = CaptureRecording(
                client: client, output: output, count: count, seconds: seconds, isStopRequested: { stop.isRaised })
            standardError("capturing on \(client.reply.interfaces.map(\.name).joined(separator: ", "))")
            let summary = try recording.run()
            standardError(summary.text(paths: output.paths))
            if !summary.isWhole { throw ExitCode.failure }
        }
    }
}
