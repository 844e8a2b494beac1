import ArgumentParser
import LoadClient

/// What an option of the form ADDRESS:PORT names.
/// - Throws: `ValidationError` for another form, `SocketError` for an address that is none.
func socketAddress(_ text: String, option: String, example: String) throws -> SocketAddress {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let port = UInt16(parts[1]) else {
        throw ValidationError("\(option) takes ADDRESS:PORT, such as \(example), not '\(text)'")
    }
    return try SocketAddress(String(parts[0]), port: port)
}
