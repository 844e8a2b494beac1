import CDPDK

/// A capture filter, from the text a person writes to the code the polling thread runs.
public struct CaptureFilter: Codable, Equatable, Sendable {
    /// What the person wrote (pcap-filter(7)).
    public let expression: String
    /// The classic Berkeley packet filter libpcap made of it: eight bytes per instruction.
    let instructions: [UInt64]

    /// Why libpcap did not take an expression.
    public struct Refusal: Error, Equatable, CustomStringConvertible {
        public let expression: String
        /// In libpcap's words.
        public let reason: String
        public var description: String {
            "the filter \"\(expression)\" cannot be used: \(reason). See man pcap-filter, or try it: tcpdump -d '\(expression)'"
        }
    }

    /// Compiles an expression for Ethernet frames. EAL need not run. May ask the resolver for host names.
    public init(_ expression: String, snapLength: Int = CaptureRequest.largestSnapLength) throws(Refusal) {
        let capacity = Int(CDPDK_FILTER_INSTRUCTION_LIMIT)
        var compiled = [cdpdk_filter_instruction](repeating: .init(), count: capacity)
        var message = [CChar](repeating: 0, count: 256)
        let count = cdpdk_filter_compile(
            expression, UInt32(snapLength), &compiled, UInt32(capacity), &message, UInt32(message.count))
        guard count >= 0 else {
            let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Refusal(expression: expression, reason: reason)
        }
        self.expression = expression
        instructions = compiled.prefix(Int(count)).map {
            UInt64($0.code) | UInt64($0.jump_true) << 16 | UInt64($0.jump_false) << 24 | UInt64($0.operand) << 32
        }
    }

    /// The filter as the polling thread runs it; the caller frees it with `cdpdk_filter_free`.
    func load() throws(EthdevError) -> UnsafeMutableRawPointer {
        let program = instructions.map {
            cdpdk_filter_instruction(
                code: UInt16(truncatingIfNeeded: $0), jump_true: UInt8(truncatingIfNeeded: $0 >> 16),
                jump_false: UInt8(truncatingIfNeeded: $0 >> 24), operand: UInt32($0 >> 32))
        }
        var errorNumber: Int32 = 0
        guard let filter = cdpdk_filter_load(program, UInt32(program.count), &errorNumber) else {
            throw .system(
                errorNumber, attempt: "use the filter \"\(expression)\"",
                remedy: "use the filter as libpcap compiled it")
        }
        return filter
    }
}
