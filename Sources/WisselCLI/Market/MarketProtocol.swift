import Orders

/// What `wissel market` and a running node say to one another over the node's control socket: one line of JSON each way,
/// then the node closes. Both are the same program on the same machine; `build` tells when they are not.
enum MarketProtocol {
    /// Bumped with every change below.
    static let build = 2

    /// A command of the venue, as far as the client knows it.
    struct Request: Codable, Equatable {
        var build = MarketProtocol.build
        /// Raw values of the command's enumerations, and its fields.
        var kind: UInt8
        var flags: UInt8 = 0
        var side: UInt8 = 0
        /// Symbol or number; empty: all.
        var instrument = ""
        var clientOrderID: UInt64 = 0
        var originalClientOrderID: UInt64 = 0
        var price: Int64 = 0
        var quantity: UInt32 = 0
        /// A custom rule in words, for a request of kind `rule`; its instrument and scope are above.
        var rule: String?
    }

    struct Reply: Codable, Equatable {
        /// Why the command did not reach the engine; nil when it did.
        var refusal: String?
        /// Position in the node's log.
        var sequence: UInt64 = 0
        var reports: [MarketReport] = []
    }
}
