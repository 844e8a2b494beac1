import Foundation
import NetStack
import Testing

/// What parsing one frame costs. Measured only on request (`WISSEL_MEASURE=1`), in release: a number, not a gate.
@Suite struct ParsingSpeedTests {
    static var isRequested: Bool { ProcessInfo.processInfo.environment["WISSEL_MEASURE"] != nil }

    static let small = FrameBuilder().udp([UInt8](repeating: 7, count: 22))
    static let large = FrameBuilder.feed.udp([UInt8](repeating: 7, count: 1358))

    @Test(.enabled(if: isRequested)) func nanosecondsPerFrame() {
        Self.measure("order frame of \(Self.small.count) bytes", Self.small)
        Self.measure("feed frame of \(Self.large.count) bytes", Self.large)
        Self.measure("feed frame, checksums by the NIC", Self.large, flags: [.ipChecksumGood, .l4ChecksumGood])
    }

    static func measure(_ name: String, _ frame: [UInt8], flags: Packet.Flags = []) {
        let interface = FrameBuilder.interface()
        defer { interface.deallocate() }
        let parser = FrameParser(interface)
        let rounds = 200_000
        let (best, _) = frame.asPacket(flags: flags) { packet -> Double in
            (0..<9).map { _ -> Double in
                let start = DispatchTime.now().uptimeNanoseconds
                for _ in 0..<rounds {
                    guard case .udp = parser.parse(&packet) else { return .infinity }
                }
                return Double(DispatchTime.now().uptimeNanoseconds - start) / Double(rounds)
            }.min() ?? .infinity
        }
        print("\(name): \(best) ns")
        #expect(best < .infinity)
    }
}
