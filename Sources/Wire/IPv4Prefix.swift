/// A block of IPv4 addresses in CIDR form (RFC 4632): all addresses whose first `length` bits equal those of `address`.
@frozen public struct IPv4Prefix: BitwiseCopyable, Hashable, Sendable {
    /// Lowest address of the block.
    public let address: IPv4Address
    /// Number of fixed bits, 0…32.
    public let length: UInt8

    /// The block of `length` bits that `address` lies in; nil when `length` is above 32.
    @inlinable public init?(containing address: IPv4Address, length: Int) {
        guard (0...32).contains(length) else { return nil }
        self.length = UInt8(length)
        self.address = IPv4Address(rawValue: address.rawValue & Self.mask(length: UInt8(length)))
    }

    @inlinable static func mask(length: UInt8) -> UInt32 { ~(UInt32.max >> UInt32(length)) }

    @inlinable public var mask: UInt32 { Self.mask(length: length) }

    /// Highest address of the block.
    @inlinable public var last: IPv4Address { IPv4Address(rawValue: address.rawValue | ~mask) }

    @inlinable public func contains(_ other: IPv4Address) -> Bool { other.rawValue & mask == address.rawValue }
}

extension IPv4Prefix: CustomStringConvertible {
    /// Reads `192.0.2.0/24`, or one address for a block of one. Bits behind the prefix must be zero, because
    /// `192.0.2.7/24` leaves open whether a host or its network was meant.
    public init(parsing text: String) throws(AddressTextError) {
        let remedy = "write an address and a length 0…32, such as 192.0.2.0/24"
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else {
            throw AddressTextError(text, "has more than one slash", remedy: remedy)
        }
        let address: IPv4Address
        do { address = try IPv4Address(parsing: String(parts[0])) } catch {
            throw AddressTextError(text, error.problem, remedy: remedy)
        }
        let digits = parts.count == 2 ? String(parts[1]) : "32"
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(digits),
            let prefix = IPv4Prefix(containing: address, length: length)
        else { throw AddressTextError(text, "\"\(digits)\" is not a prefix length 0…32", remedy: remedy) }
        guard prefix.address == address else {
            throw AddressTextError(
                text, "has bits set behind the prefix",
                remedy: "write \(prefix) for the block or \(address)/32 for the host")
        }
        self = prefix
    }

    public var description: String { "\(address)/\(length)" }
}
