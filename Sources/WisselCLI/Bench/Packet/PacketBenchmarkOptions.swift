import ArgumentParser

extension PacketBenchmark {
    /// What is measured.
    enum Test: String, CaseIterable, ExpressibleByArgument, Sendable {
        /// Rates beside `dpdk-testpmd`.
        case forwarding
        /// RFC 2544 §26.1 to §26.4.
        case throughput
        case latency
        case lossRate = "loss-rate"
        case backToBack = "back-to-back"
    }

    struct Options: Sendable {
        var tests: [Test] = [.forwarding]
        var modes = ForwardingMode.allCases
        var devices = BenchDevice.all
        /// Bytes of a frame in its buffer, without a frame check sequence, 64…1518 but for tests.
        var frameSizes = [64]
        /// At least 5; odd, so that the median is one of the measurements.
        var repetitions = 7
        /// Length of a measurement beside the peer.
        var seconds = 0.5
        /// Length of an RFC 2544 trial.
        var trialSeconds = 0.2
        /// Share of frames that may be lost for the partial drop rate, 0…1.
        var partialDropRatio = 0.001

        /// RFC 2544 §9.1.
        static let standardFrameSizes = [64, 128, 256, 512, 1024, 1280, 1518]
    }

    struct Failure: Error, CustomStringConvertible { var description: String }
}
