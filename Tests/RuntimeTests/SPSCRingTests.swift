import Runtime
import Testing

/// One step of a script on a ring of 4, and what it must answer.
private enum Step {
    case push([UInt64], accepted: Int)
    case pop(maximum: Int, [UInt64])
    case count(Int)
}

@Suite struct SPSCRingTests {
    /// Both cursors begin at 0, one lap before the wrap of 64 bits, and on the wrap itself.
    static let starts: [UInt64] = [0, 3, .max - 3, .max - 1, .max]

    /// A burst is looked at as far as the ring's end, and stays where it is.
    @Test(arguments: starts) func peekOfSeveral(start: UInt64) {
        let ring = SPSCRing<UInt64>(capacity: 4, startCursor: start)
        defer { ring.deallocate() }
        #expect(ring.peek(maximumCount: 4).isEmpty)
        for record in 1...3 as ClosedRange<UInt64> { #expect(ring.push(record)) }
        let untilEnd = 4 - Int(start % 4)
        #expect(Array(ring.peek(maximumCount: 2)) == Array([1, 2].prefix(untilEnd)))
        #expect(Array(ring.peek(maximumCount: 9)) == Array([1, 2, 3].prefix(untilEnd)))
        #expect(popped(ring, maximum: 4) == [1, 2, 3])
    }

    @Test(arguments: starts) func scriptOfBursts(start: UInt64) {
        let script: [Step] = [
            .count(0), .pop(maximum: 4, []), .push([1, 2, 3], accepted: 3), .count(3),
            .push([4, 5, 6], accepted: 1), .count(4), .push([9], accepted: 0), .push([], accepted: 0),
            .pop(maximum: 0, []), .pop(maximum: 2, [1, 2]), .push([5, 6, 7], accepted: 2), .count(4),
            .pop(maximum: 100, [3, 4, 5, 6]), .count(0), .pop(maximum: 1, []),
            .push([7, 8, 9, 10, 11], accepted: 4), .pop(maximum: 3, [7, 8, 9]), .push([12], accepted: 1),
            .pop(maximum: 4, [10, 12]), .count(0),
        ]
        let ring = SPSCRing<UInt64>(capacity: 4, startCursor: start)
        defer { ring.deallocate() }
        for (index, step) in script.enumerated() {
            switch step {
            case .push(let records, let accepted):
                let answer = records.withUnsafeBufferPointer { buffer in
                    buffer.baseAddress.map { ring.push(from: $0, count: buffer.count) } ?? 0
                }
                #expect(answer == accepted, "step \(index)")
            case .pop(let maximum, let expected):
                #expect(popped(ring, maximum: maximum) == expected, "step \(index)")
            case .count(let expected):
                #expect(ring.count == expected, "step \(index)")
            }
        }
    }

    @Test(arguments: starts) func singleRecords(start: UInt64) {
        let ring = SPSCRing<UInt64>(capacity: 2, startCursor: start)
        defer { ring.deallocate() }
        for lap in UInt64(0)..<9 {
            #expect(ring.pop() == nil)
            #expect(ring.push(lap))
            #expect(ring.push(lap + 100))
            #expect(!ring.push(lap + 200))
            #expect(ring.pop() == lap)
            #expect(ring.push(lap + 300))
            #expect(ring.pop() == lap + 100)
            #expect(ring.pop() == lap + 300)
        }
    }

    @Test(arguments: starts) func claimAndPeekWorkInPlace(start: UInt64) throws {
        let ring = SPSCRing<UInt64>(capacity: 2, startCursor: start)
        defer { ring.deallocate() }
        #expect(ring.peek() == nil)
        try #require(ring.claim()).pointee = 1
        #expect(ring.peek() == nil, "a claimed record is not visible before publish()")
        ring.publish()
        try #require(ring.claim()).pointee = 2
        ring.publish()
        #expect(ring.claim() == nil)
        #expect(try #require(ring.peek()).pointee == 1)
        #expect(try #require(ring.peek()).pointee == 1, "a peeked record stays until release()")
        #expect(ring.claim() == nil)
        ring.release()
        #expect(try #require(ring.claim()).pointee == 1, "the released slot comes round again")
        #expect(try #require(ring.peek()).pointee == 2)
        ring.release()
        #expect(ring.peek() == nil)
    }

    @Test func countsSeenByEachSide() {
        let ring = SPSCRing<UInt64>(capacity: 8)
        defer { ring.deallocate() }
        #expect(ring.capacity == 8)
        #expect(ring.freeCount(wanted: 8) == 8)
        #expect(ring.readyCount(wanted: 1) == 0)
        for value in UInt64(0)..<6 { #expect(ring.push(value)) }
        #expect(ring.freeCount(wanted: 2) == 2)
        #expect(ring.readyCount(wanted: 6) == 6)
        ring.release(5)
        #expect(ring.freeCount(wanted: 7) == 7)
        #expect(ring.readyCount(wanted: 2) == 1)
        #expect(ring.pop() == 5)
    }

    @Test func recordsOfManyWords() {
        struct Record: BitwiseCopyable, Equatable {
            var (first, second, third) = (UInt64(0), UInt32(0), UInt8(0))
        }
        let ring = SPSCRing<Record>(capacity: 4, startCursor: 3)
        defer { ring.deallocate() }
        let sent = (UInt8(1)...4).map { Record(first: UInt64($0) << 60, second: UInt32($0), third: $0) }
        #expect(sent.withUnsafeBufferPointer { ring.push(from: $0.baseAddress!, count: 4) } == 4)
        #expect((0..<4).compactMap { _ in ring.pop() } == sent)
    }

    @Test func capacityMustBeAPowerOfTwo() async {
        await #expect(processExitsWith: .failure) { _ = SPSCRing<UInt64>(capacity: 3) }
        await #expect(processExitsWith: .failure) { _ = SPSCRing<UInt64>(capacity: 1) }
    }

    private func popped(_ ring: SPSCRing<UInt64>, maximum: Int) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: max(maximum, 1)) { buffer, count in
            count = ring.pop(into: buffer.baseAddress!, maximumCount: maximum)
        }
    }
}
