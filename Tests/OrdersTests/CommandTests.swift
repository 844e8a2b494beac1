import Orders
import Testing

/// The layout is the journal's format: a change of any offset makes old journals unreadable.
@Suite struct CommandTests {
    @Test func size() {
        #expect(MemoryLayout<Command>.size == 64)
        #expect(MemoryLayout<Command>.stride == 64)
        #expect(MemoryLayout<Command>.alignment == 8)
    }

    @Test func offsets() {
        #expect(MemoryLayout<Command>.offset(of: \.sequence) == 0)
        #expect(MemoryLayout<Command>.offset(of: \.timestampNanoseconds) == 8)
        #expect(MemoryLayout<Command>.offset(of: \.clientSequence) == 16)
        #expect(MemoryLayout<Command>.offset(of: \.clientOrderID) == 24)
        #expect(MemoryLayout<Command>.offset(of: \.originalClientOrderID) == 32)
        #expect(MemoryLayout<Command>.offset(of: \.price) == 40)
        #expect(MemoryLayout<Command>.offset(of: \.quantity) == 48)
        #expect(MemoryLayout<Command>.offset(of: \.session) == 52)
        #expect(MemoryLayout<Command>.offset(of: \.instrument) == 56)
        #expect(MemoryLayout<Command>.offset(of: \.kind) == 60)
        #expect(MemoryLayout<Command>.offset(of: \.side) == 61)
        #expect(MemoryLayout<Command>.offset(of: \.timeInForce) == 62)
        #expect(MemoryLayout<Command>.offset(of: \.flags) == 63)
    }

    @Test func bytes() {
        let command = Command(
            kind: .replace, sequence: 0x0102_0304_0506_0708, timestampNanoseconds: 0x1112_1314_1516_1718,
            clientSequence: 0x2122_2324_2526_2728, clientOrderID: 0x3132_3334_3536_3738,
            originalClientOrderID: 0x4142_4344_4546_4748, price: -2, quantity: 0x5152_5354, session: 0x6162_6364,
            instrument: 0x7172_7374, side: .sell, timeInForce: .fillOrKill, flags: 0x80)
        let expected: [UInt8] = [
            0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
            0x28, 0x27, 0x26, 0x25, 0x24, 0x23, 0x22, 0x21, 0x38, 0x37, 0x36, 0x35, 0x34, 0x33, 0x32, 0x31,
            0x48, 0x47, 0x46, 0x45, 0x44, 0x43, 0x42, 0x41, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0x54, 0x53, 0x52, 0x51, 0x64, 0x63, 0x62, 0x61, 0x74, 0x73, 0x72, 0x71, 3, 2, 3, 0x80,
        ]
        #expect(withUnsafeBytes(of: command) { Array($0) } == expected)
    }

    /// An enumeration in memory is the number of its case; the journal relies on that being the raw value.
    @Test func enumerationsInMemoryAreTheirRawValues() {
        for kind in CommandKind.allCases { #expect(unsafeBitCast(kind, to: UInt8.self) == kind.rawValue) }
        for side in Side.allCases { #expect(unsafeBitCast(side, to: UInt8.self) == side.rawValue) }
        for time in TimeInForce.allCases { #expect(unsafeBitCast(time, to: UInt8.self) == time.rawValue) }
        #expect(CommandKind.allCases.map(\.rawValue) == Array(0...15))
        #expect(Side.allCases.map(\.rawValue) == Array(0...2))
        #expect(TimeInForce.allCases.map(\.rawValue) == Array(0...7))
    }

    @Test func rawBytesBeyondTheLastCaseAreRefused() {
        #expect(CommandKind(rawValue: 16) == nil)
        #expect(Side(rawValue: 3) == nil)
        #expect(TimeInForce(rawValue: 8) == nil)
    }

    @Test func oppositeSides() {
        #expect(Side.allCases.map(\.opposite) == [.none, .sell, .buy])
    }
}
