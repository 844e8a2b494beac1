import NetStack
import Runtime
import Testing

@Suite struct FaultInjectingDeviceTests {
    struct Run: Equatable {
        var received: [[UInt8]]
        var transmitted: [[UInt8]]
        var receiveCounts: FaultCounts
        var transmitCounts: FaultCounts
    }

    /// Frames 0, 1, 2 … of 16 bytes go in and, as far as they arrive, out again.
    static func run(receive: FaultRates = .init(), transmit: FaultRates = .init(), seed: UInt64, frames: Int = 1000)
        -> Run
    {
        let loopback = LoopbackDevice(bufferCount: 64, bufferCapacity: 64)
        let faulty = FaultInjectingDevice(over: loopback.device, receive: receive, transmit: transmit, seed: seed)
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 8)
        defer { packets.deallocate() }
        var run = Run(received: [], transmitted: [], receiveCounts: .init(), transmitCounts: .init())
        func poll() {
            let count = faulty.device.receive(into: packets, count: 8)
            for index in 0..<count {
                run.received.append(
                    Array(UnsafeRawBufferPointer(start: packets[index].bytes, count: Int(packets[index].length))))
            }
            let sent = faulty.device.transmit(packets, count: count)
            #expect(sent == count)
            while let frame = loopback.takeTransmitted() { run.transmitted.append(frame) }
        }
        for number in 0..<frames {
            let frame = (0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 % 2 * 8)) }
            #expect(loopback.inject(frame))
            if number % 8 == 7 { poll() }
        }
        for _ in 0..<3 { poll() }
        run.receiveCounts = faulty.receiveCounts
        run.transmitCounts = faulty.transmitCounts
        #expect(loopback.freeBufferCount == 64, "a packet was lost without being freed")
        faulty.deallocate()
        loopback.deallocate()
        return run
    }

    static func number(_ frame: [UInt8]) -> Int { Int(frame[0]) | Int(frame[1]) << 8 }

    @Test func withoutFaultsNothingChanges() {
        let run = Self.run(seed: 1)
        #expect(run.received.map(Self.number) == Array(0..<1000) && run.transmitted == run.received)
        #expect(run.receiveCounts == FaultCounts() && run.transmitCounts == FaultCounts())
    }

    @Test func droppedPacketsAreMissing() {
        let run = Self.run(receive: .init(drop: 0.1), seed: 2)
        #expect(run.received.count == 1000 - Int(run.receiveCounts.dropped))
        #expect((50...150).contains(run.receiveCounts.dropped))
        #expect(run.received.map(Self.number) == run.received.map(Self.number).sorted())
    }

    @Test func duplicatesFollowTheirOriginal() {
        let run = Self.run(transmit: .init(duplicate: 0.1), seed: 3)
        #expect(run.transmitted.count == 1000 + Int(run.transmitCounts.duplicated))
        #expect(Array(Set(run.transmitted.map(Self.number))).count == 1000 && run.transmitCounts.duplicated > 50)
    }

    @Test func reorderedPacketsAreOvertakenByOne() {
        let numbers = Self.run(receive: .init(reorder: 0.1), seed: 4).received.map(Self.number)
        #expect(numbers.sorted() == Array(0..<1000) && numbers != Array(0..<1000))
        #expect(numbers.enumerated().allSatisfy { abs($0.offset - $0.element) <= 1 })
    }

    @Test func corruptFlipsOneBitAndTruncateLeavesAByte() {
        let corrupt = Self.run(receive: .init(corrupt: 1), seed: 5, frames: 100).received
        for (number, frame) in corrupt.enumerated() {
            let original = (0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 % 2 * 8)) }
            #expect(zip(frame, original).map { ($0 ^ $1).nonzeroBitCount }.reduce(0, +) == 1)
        }
        let truncated = Self.run(transmit: .init(truncate: 1), seed: 6, frames: 100).transmitted
        #expect(truncated.allSatisfy { (1..<16).contains($0.count) } && truncated.count == 100)
    }

    @Test func theSameSeedGivesTheSameRun() {
        let all = FaultRates(drop: 0.05, duplicate: 0.05, reorder: 0.05, corrupt: 0.05, truncate: 0.05)
        #expect(Self.run(receive: all, transmit: all, seed: 7) == Self.run(receive: all, transmit: all, seed: 7))
        #expect(Self.run(receive: all, transmit: all, seed: 7) != Self.run(receive: all, transmit: all, seed: 8))
    }
}
