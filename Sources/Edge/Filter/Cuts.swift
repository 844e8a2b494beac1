import Wire

/// The number line from 0 to 2³² − 1 cut where any of some ranges begins or ends: within an interval between two cuts
/// every number lies in the same ranges. For making tables; on the control thread only.
struct Cuts {
    /// First number of each interval; ascending, the first is 0.
    let starts: [UInt32]

    init(_ ranges: [ClosedRange<UInt32>]) {
        var cuts: Set<UInt32> = [0]
        for range in ranges {
            cuts.insert(range.lowerBound)
            if range.upperBound < .max { cuts.insert(range.upperBound + 1) }
        }
        starts = cuts.sorted()
    }

    /// The intervals a range consists of; it must be one of those the cuts were made from, or everything.
    func indices(of range: ClosedRange<UInt32>) -> Range<Int> {
        interval(of: range.lowerBound)..<interval(of: range.upperBound) + 1
    }

    /// The interval a number lies in.
    func interval(of number: UInt32) -> Int {
        var low = 0
        var high = starts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= number { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The values of the intervals written out for every number from 0 to 65,535.
    func spread(_ values: [UInt16]) -> [UInt16] {
        var table: [UInt16] = []
        table.reserveCapacity(65_536)
        for (index, start) in starts.enumerated() where start <= 65_535 {
            let end = index + 1 < starts.count ? min(starts[index + 1], 65_536) : 65_536
            table += repeatElement(values[index], count: Int(end - start))
        }
        return table
    }

    /// For each interval the length of the longest prefix it lies in, −1 where there is none.
    func longestPrefixes(_ prefixes: [IPv4Prefix]) -> [Int8] {
        var lengths = [Int8](repeating: -1, count: starts.count)
        for prefix in prefixes.sorted(by: { $0.length < $1.length }) {
            for index in indices(of: prefix.range) { lengths[index] = Int8(prefix.length) }
        }
        return lengths
    }
}

extension IPv4Prefix {
    var range: ClosedRange<UInt32> { address.rawValue...last.rawValue }
}

/// The elements in raw memory of their own, which the caller gives back.
func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    memory.initialize(from: elements, count: elements.count)
    return memory
}
