import OrderEntry
import Orders

/// The bytes a codec writes; the buffer is filled with ones first, so that bytes left out show.
func encoded(_ write: (UnsafeMutableRawPointer) -> Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xFF, count: 128)
    let length = bytes.withUnsafeMutableBytes { write($0.baseAddress!) }
    return Array(bytes.prefix(length))
}

/// Reads from bytes placed at an odd address, as a datagram's may be.
func read<Value>(_ bytes: [UInt8], _ body: (UnsafeRawPointer) -> Value) -> Value {
    let shifted = [0] + bytes
    return shifted.withUnsafeBytes { body($0.baseAddress! + 1) }
}

func encoded(_ command: Command) -> [UInt8] { encoded { OrderMessage.encode(command, into: $0) } }

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func bytes(hex text: String) -> [UInt8] {
    let digits = Array(text.filter { !$0.isWhitespace })
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
}

/// What the framer makes of a datagram: the lengths of its messages and the fault at its end.
func frame(_ datagram: [UInt8]) -> (messages: [[UInt8]], fault: FramingError?) {
    read(datagram) { base in
        var framer = MessageFramer(base, length: datagram.count)
        var messages: [[UInt8]] = []
        while true {
            switch framer.next() {
            case .message(let message, let length):
                messages.append(Array(UnsafeRawBufferPointer(start: message, count: length)))
            case .failure(let error): return (messages, error)
            case .end: return (messages, nil)
            }
        }
    }
}
