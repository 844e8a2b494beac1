import CPlatform
import Synchronization

/// The straight lines from ticks to nanoseconds that a disciplined clock follows one after the other, in shared memory.
///
/// A line is valid from its origin on, and each begins where its predecessor stands at that moment, so time has no step
/// where they meet. The last three are kept: a reading taken before the newest line's origin belongs to an older one. One
/// writer thread, any number of readers, nobody waits: readers look at the number of lines before and after and start
/// again when it changed, which is once per adjustment.
@usableFromInline struct ClockLines: @unchecked Sendable, BitwiseCopyable {
    @usableFromInline struct Line: BitwiseCopyable {
        @usableFromInline var originTicks: UInt64
        @usableFromInline var originNanoseconds: UInt64
        /// As a fraction of 2⁶⁰.
        @usableFromInline var nanosecondsPerTick: UInt64

        @usableFromInline init(originTicks: UInt64, originNanoseconds: UInt64, nanosecondsPerTick: UInt64) {
            self.originTicks = originTicks
            self.originNanoseconds = originNanoseconds
            self.nanosecondsPerTick = nanosecondsPerTick
        }

        /// Readings before the origin lie on the line's continuation backwards, rounded up there.
        @inlinable func nanoseconds(atTicks ticks: UInt64) -> UInt64 {
            let distance = Int64(bitPattern: ticks &- originTicks)
            let product = distance.magnitude.multipliedFullWidth(by: nanosecondsPerTick)
            let nanoseconds = product.high << 4 | product.low >> 60
            return distance < 0 ? originNanoseconds &- nanoseconds : originNanoseconds &+ nanoseconds
        }
    }

    /// Word 0: lines published so far. From word 8 on: four slots of four words.
    @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>
    private static let wordCount = 24

    init(first: Line) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.wordCount * 8, alignment: 128)
        words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: Self.wordCount)
        for index in 0..<Self.wordCount { (words + index).initialize(to: Atomic(0)) }
        publish(first)
    }

    func deallocate() { UnsafeMutableRawPointer(words).deallocate() }

    @inlinable var published: UInt64 { words.pointee.load(ordering: .acquiring) }

    /// Writer thread only.
    func publish(_ line: Line) {
        let number = words.pointee.load(ordering: .relaxed)
        let slot = words + 8 + 4 * Int(number & 3)
        slot[0].store(line.originTicks, ordering: .relaxed)
        slot[1].store(line.originNanoseconds, ordering: .relaxed)
        slot[2].store(line.nanosecondsPerTick, ordering: .relaxed)
        words.pointee.store(number &+ 1, ordering: .releasing)
    }

    /// Line `number`, from 0; one of the last three.
    @inlinable func line(_ number: UInt64) -> Line {
        let slot = words + 8 + 4 * Int(number & 3)
        return Line(
            originTicks: slot[0].load(ordering: .relaxed), originNanoseconds: slot[1].load(ordering: .relaxed),
            nanosecondsPerTick: slot[2].load(ordering: .relaxed))
    }

    /// The time at a reading of the counter, of now or of the last seconds.
    @inlinable func nanoseconds(atTicks ticks: UInt64) -> UInt64 {
        while true {
            let published = published
            let result = nanoseconds(atTicks: ticks, published: published)
            atomicMemoryFence(ordering: .acquiring)
            if words.pointee.load(ordering: .relaxed) == published { return result }
        }
    }

    /// The time now. The counter is read after the number of lines: a reading that lies on a line's far end is taken again
    /// when a new line has come meanwhile.
    @inlinable func now() -> UInt64 {
        while true {
            let published = published
            let result = nanoseconds(atTicks: cplatform_tsc(), published: published)
            atomicMemoryFence(ordering: .acquiring)
            if words.pointee.load(ordering: .relaxed) == published { return result }
        }
    }

    @inlinable func nanoseconds(atTicks ticks: UInt64, published: UInt64) -> UInt64 {
        var number = published &- 1
        var line = line(number)
        let oldest = published > 3 ? published &- 3 : 0
        while Int64(bitPattern: ticks &- line.originTicks) < 0, number > oldest {
            number &-= 1
            line = self.line(number)
        }
        return line.nanoseconds(atTicks: ticks)
    }
}
