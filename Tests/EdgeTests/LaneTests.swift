import Edge
import Runtime
import TestSupport
import Testing

@Suite struct LaneTests {
    @Test func firstInFirstOutOverManyLaps() {
        var lane = Lane<UInt64>(capacity: 8)
        defer { lane.deallocate() }
        var random = SplitMix64(seed: 3)
        var model: [UInt64] = []
        for step in 0..<10_000 {
            if random.next(below: 2) == 0 {
                let fits = model.count < 8
                let fitted = lane.push(UInt64(step))
                #expect(fitted == fits)
                if fits { model.append(UInt64(step)) }
            } else {
                #expect(lane.peek() == model.first)
                let oldest = model.isEmpty ? nil : model.removeFirst()
                let popped = lane.pop()
                #expect(popped == oldest)
            }
            #expect(lane.count == model.count && lane.isEmpty == model.isEmpty && lane.isFull == (model.count == 8))
        }
    }

    @Test(arguments: 0..<8) func burstsGoRoundTheEnd(start: Int) {
        var lane = Lane<Int>(capacity: 8)
        defer { lane.deallocate() }
        for value in 0..<start where lane.push(value) {
            let popped = lane.pop()
            #expect(popped == value)
        }
        let one = lane.push(0)
        let fitted = lane.push(from: Array(1..<9), count: 8)
        #expect(one && fitted == 7)
        let refused = lane.push(9)
        #expect(!refused)
        var out = [Int](repeating: -1, count: 8)
        let taken = out.withUnsafeMutableBufferPointer { lane.pop(into: $0.baseAddress!, maximumCount: 5) }
        #expect(taken == 5 && Array(out[..<5]) == [0, 1, 2, 3, 4])
        let rest = out.withUnsafeMutableBufferPointer { lane.pop(into: $0.baseAddress!, maximumCount: 8) }
        #expect(rest == 3 && Array(out[..<3]) == [5, 6, 7] && lane.isEmpty)
        let none = out.withUnsafeMutableBufferPointer { lane.pop(into: $0.baseAddress!, maximumCount: 8) }
        #expect(none == 0)
    }
}
