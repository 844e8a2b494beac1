import Ethdev
import Foundation
import NetStack

/// What `wissel capture` and a running node say to one another over the node's control socket.
///
/// The client sends one line of JSON (`Start`); its end of the connection closing means stop. The node answers with
/// messages, each a kind and a length of four bytes, then so many bytes: one `reply`, many `frame`, one `end`. Both are the
/// same program on the same machine, so integers are in the machine's byte order and there is no version to negotiate;
/// `build` tells when they are not.
enum CaptureProtocol {
    enum Kind: UInt32 {
        case reply = 1
        case frame
        case end
    }

    /// Bumped with every change below.
    static let build = 1
    /// Longest line a client may send: a filter has at most 4,096 instructions of up to 21 digits.
    static let longestStart = 1 << 17
    static let headerBytes = 8
    /// Time 8, original length 4, interface 2, direction 2; the frame's bytes follow.
    static let frameHeaderBytes = 16

    struct Start: Codable {
        var build = CaptureProtocol.build
        var request: CaptureRequest
        /// As in the configuration (`tap:wissel0`), without the kind (`wissel0`), or by number; empty: all.
        var interfaces: [String] = []
    }

    struct Reply: Codable {
        /// Why there is no capture; nil when it has begun.
        var refusal: String?
        var interfaces: [CaptureInterface] = []
        /// The node's name, its DPDK and its clock, for the file's comment.
        var comment = ""
        var startNanoseconds: UInt64 = 0
    }

    struct End: Codable {
        /// Why the node ended it; nil when the client did.
        var reason: String?
        /// By interface.
        var statistics: [CaptureStatistics]
        var endNanoseconds: UInt64
    }

    /// Appends a message with a JSON body.
    static func append(_ kind: Kind, _ body: some Encodable, to output: inout [UInt8]) throws {
        let data = try JSONEncoder().encode(body)
        append(kind.rawValue, to: &output)
        append(UInt32(data.count), to: &output)
        output += data
    }

    static func append(_ frame: CapturedFrame, to output: inout [UInt8]) {
        append(Kind.frame.rawValue, to: &output)
        append(UInt32(frameHeaderBytes + frame.bytes.count), to: &output)
        append(frame.timestampNanoseconds, to: &output)
        append(UInt32(clamping: frame.originalLength), to: &output)
        append(UInt16(frame.port), to: &output)
        let direction: CaptureDirection = frame.isOutbound ? .outbound : .inbound
        append(UInt16(direction.rawValue), to: &output)
        output += frame.bytes
    }

    private static func append(_ value: some FixedWidthInteger, to output: inout [UInt8]) {
        withUnsafeBytes(of: value) { output += $0 }
    }
}
