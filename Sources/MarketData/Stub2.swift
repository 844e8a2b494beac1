public struct DEEPGenerator { public init(seed: UInt64) {}
 public mutating func next(into: UnsafeMutableRawPointer, capacity: Int) -> Int { 40 } }
