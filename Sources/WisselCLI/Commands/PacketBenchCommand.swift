import ArgumentParser
import Foundation

/// `wissel bench packet`: forwarding in Swift beside `dpdk-testpmd`, and the tests of RFC 2544.
struct PacketBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "packet",
        abstract: "Packets per second in Swift and in dpdk-testpmd, in turn; RFC 2544; where the cycles go.",
        discussion: """
            Modes: io leaves the frame alone, macswap exchanges the MAC addresses, pipeline is the node's own path from \
            parser over filter, classifier, lane and scheduler to the ring behind, and is compared with testpmd's bare \
            macswap.

            Devices: net_null makes frames and lets them vanish, so that nothing but the code is measured; net_null_copy \
            also touches every byte; in net_ring a set of frames goes round; net_memif is shared memory to a third \
            process that makes the frames and takes them back. Two real ports are given with a comma between, and \
            something outside must send to them: --device pci:0000:03:00.0,pci:0000:03:00.1. testpmd runs on the same \
            CPU with the same buffers, bursts and descriptors, and rests while we measure.

            Tests: forwarding is the rate beside testpmd. throughput, latency, loss-rate and back-to-back are those of \
            RFC 2544 section 26, with generator and sink on one CPU and our loop as device under test on another, over \
            net_ring. all is all of them.

            examples:
              wissel bench packet
              wissel bench packet --size rfc2544 --test all --report report.html --json packet.json
              wissel bench packet --test throughput --mode pipeline --trial-seconds 60
              wissel bench packet --device pci:0000:03:00.0,pci:0000:03:00.1 --mode io
            """)

    @Option(name: .customLong("mode"), help: "io, macswap or pipeline; may be given more than once. Default: all.")
    var modes: [ForwardingMode] = []
    @Option(
        name: .customLong("device"),
        help: "net_null, net_null_copy, net_ring, net_memif or PORT,PORT; more than once. Default: the first four.")
    var devices: [String] = []
    @Option(
        name: .customLong("test"),
        help: "forwarding, throughput, latency, loss-rate, back-to-back or all; more than once. Default: forwarding.")
    var tests: [String] = []
    @Option(
        help: "Bytes of a frame, 60…1518, several with commas between, or rfc2544: 64,128,256,512,1024,1280,1518.")
    var size = "64"
    @Option(help: "Pairs of measurements, odd, at least 5.") var repetitions = 7
    @Option(help: "Seconds of a measurement beside testpmd, 0.05…60.") var seconds = 0.5
    @Option(help: "Seconds of an RFC 2544 trial, 0.01…60; the RFC asks for 60.") var trialSeconds = 0.2
    @Option(help: "Loss allowed for the partial drop rate, per cent, above 0 and below 50.") var pdrPercent = 0.1
    @OptionGroup var output: BenchOutput

    func validate() throws { _ = try options() }

    private func options() throws -> PacketBenchmark.Options {
        guard repetitions >= 5, !repetitions.isMultiple(of: 2) else {
            throw ValidationError("--repetitions takes an odd number from 5 on, so that there is a median")
        }
        guard seconds >= 0.05, seconds <= 60 else { throw ValidationError("--seconds takes 0.05 to 60") }
        guard trialSeconds >= 0.01, trialSeconds <= 60 else {
            throw ValidationError("--trial-seconds takes 0.01 to 60")
        }
        guard pdrPercent > 0, pdrPercent < 50 else { throw ValidationError("--pdr-percent takes 0.001 to 50") }
        var options = PacketBenchmark.Options()
        if !modes.isEmpty { options.modes = Self.unique(modes) }
        if !devices.isEmpty { options.devices = Self.unique(try devices.map(BenchDevice.init(parsing:))) }
        options.tests = try parseTests()
        options.frameSizes = try parseSizes()
        options.repetitions = repetitions
        options.seconds = seconds
        options.trialSeconds = trialSeconds
        options.partialDropRatio = pdrPercent / 100
        if options.tests.contains(.forwarding),
            !options.devices.contains(where: { $0.carriesOrders || options.modes != [.pipeline] })
        {
            throw ValidationError(
                "--mode pipeline needs frames that are a node's own, on net_null, net_ring or net_memif: add one of them with "
                    + "--device, or another mode")
        }
        return options
    }

    private func parseTests() throws -> [PacketBenchmark.Test] {
        if tests.isEmpty { return [.forwarding] }
        if tests.contains("all") { return PacketBenchmark.Test.allCases }
        return Self.unique(
            try tests.map {
                guard let test = PacketBenchmark.Test(rawValue: $0) else {
                    throw ValidationError(
                        "--test takes forwarding, throughput, latency, loss-rate, back-to-back or all, not '\($0)'")
                }
                return test
            })
    }

    private func parseSizes() throws -> [Int] {
        if size == "rfc2544" { return PacketBenchmark.Options.standardFrameSizes }
        let sizes = try size.split(separator: ",", omittingEmptySubsequences: false).map {
            guard let bytes = Int($0), (60...1518).contains(bytes) else {
                throw ValidationError("--size takes 60 to 1518, with commas between, or rfc2544, not '\(size)'")
            }
            return bytes
        }
        return Self.unique(sizes).sorted()
    }

    private static func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
        values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func run() throws {
        try failing {
            try output.prepare()
            try output.write(try PacketBenchmark(options()).run(json: output.json))
        }
    }
}
