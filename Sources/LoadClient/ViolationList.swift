/// What was found wrong: the first lines in full, all of them counted.
struct ViolationList: Sendable {
    static let maximumLines = 20
    private(set) var lines: [String] = []
    private(set) var count: UInt64 = 0

    mutating func note(_ line: @autoclosure () -> String) {
        count += 1
        if lines.count < Self.maximumLines { lines.append(line()) }
    }
}
