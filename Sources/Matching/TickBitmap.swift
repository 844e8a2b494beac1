/// A set of ticks 0…width−1 with its lowest member in a handful of instructions: bits, and above them words that say
/// which words below are not zero, 64 to one.
///
/// Four layers reach 2²⁴ ticks. Bounded cost: every operation touches at most one word per layer on the way up and one on
/// the way down. Memory: width/8 bytes and a 63rd of that.
struct TickBitmap {
    static let maximumWidth = 1 << 24

    private let words: UnsafeMutablePointer<UInt64>
    /// Where each layer starts in `words`; layer 0 holds the ticks.
    private var start1 = 0
    private var start2 = 0
    private var start3 = 0
    private let layers: Int
    let width: Int

    init(width: Int) {
        precondition(width >= 1 && width <= Self.maximumWidth, "a bitmap of \(width) ticks is outside 1…2²⁴")
        self.width = width
        var total = (width + 63) / 64
        var layer = total
        var count = 1
        while layer > 1 {
            switch count {
            case 1: start1 = total
            case 2: start2 = total
            default: start3 = total
            }
            layer = (layer + 63) / 64
            total += layer
            count += 1
        }
        layers = count
        words = .allocate(capacity: total)
        words.initialize(repeating: 0, count: total)
    }

    func deallocate() { words.deallocate() }

    @inline(__always) private func start(_ layer: Int) -> Int {
        switch layer {
        case 0: 0
        case 1: start1
        case 2: start2
        default: start3
        }
    }

    @inline(__always) func insert(_ tick: Int) {
        var index = tick
        for layer in 0..<layers {
            let word = start(layer) &+ index >> 6
            let before = words[word]
            words[word] = before | 1 << UInt64(truncatingIfNeeded: index & 63)
            if before != 0 { return }
            index >>= 6
        }
    }

    @inline(__always) func remove(_ tick: Int) {
        var index = tick
        for layer in 0..<layers {
            let word = start(layer) &+ index >> 6
            let left = words[word] & ~(1 << UInt64(truncatingIfNeeded: index & 63))
            words[word] = left
            if left != 0 { return }
            index >>= 6
        }
    }

    /// The lowest member, -1 when the set is empty.
    @inline(__always) var lowest: Int {
        let top = words[start(layers &- 1)]
        guard top != 0 else { return -1 }
        return descend(from: layers &- 1, word: 0, top)
    }

    /// The lowest member above `tick`, -1 when there is none.
    func next(above tick: Int) -> Int {
        var index = tick
        for layer in 0..<layers {
            let position = index >> 6
            let shift = UInt64(truncatingIfNeeded: index & 63)
            let above = shift == 63 ? 0 : words[start(layer) &+ position] & (UInt64.max << (shift &+ 1))
            if above != 0 { return descend(from: layer, word: position, above) }
            index = position
        }
        return -1
    }

    @inline(__always) private func descend(from layer: Int, word: Int, _ bits: UInt64) -> Int {
        var index = word << 6 | bits.trailingZeroBitCount
        var below = layer
        while below > 0 {
            below &-= 1
            index = index << 6 | words[start(below) &+ index].trailingZeroBitCount
        }
        return index
    }
}
