import Edge
import NetStack
import Node
import Runtime
import Wire

/// A kind of traffic the filter is measured with.
enum FilterScenario: String, CaseIterable {
    case sources, spoofed, amplification, acl, fragments, checksums

    static let node = UDPEndpoint(address: IPv4Address(198, 18, 0, 2), port: 9_000)
    static let accessRules = 1_000
    /// Sources with a session, as many as a node has sessions.
    static let granted = Limits.maximumSessions

    /// One frame in so many is order traffic of a granted source.
    var grantedEvery: Int { self == .sources ? 5 : 100 }

    static func grantedSource(_ number: Int) -> IPv4Address {
        IPv4Address(rawValue: IPv4Address(198, 18, 4, 0).rawValue + UInt32(number % granted))
    }

    /// The /24 networks the access rules refuse, spread over the address space.
    private static func refusedNetwork(_ number: Int) -> IPv4Address {
        IPv4Address(rawValue: IPv4Address(20, 0, 0, 0).rawValue + UInt32(number % accessRules) << 14)
    }

    var rules: FilterRules {
        var rules = FilterRules()
        switch self {
        case .acl:
            rules.acl = (0..<Self.accessRules).map { number in
                AccessRule(
                    .deny, source: IPv4Prefix(containing: Self.refusedNetwork(number), length: 24)!, transport: .udp,
                    sourcePorts: 1_024...65_535, destinationPorts: Self.node.port...Self.node.port)
            }
        case .sources:
            // All are honest here: the channel is wide enough, and every source has a bucket of its own to be counted in.
            rules.unknownSources = RateLimit(packetsPerSecond: 1_000_000_000, burst: 1_000_000_000)!
            rules.perUnknownSource = RateLimit(packetsPerSecond: 1_000_000, burst: 1_000)!
        default: break
        }
        return rules
    }

    /// Who sends the frame: an address and a port.
    func sender(_ number: Int, random: inout SplitMix64) -> UDPEndpoint {
        let port = UInt16(32_768 + random.next() % 28_000)
        switch self {
        case .sources:
            return UDPEndpoint(address: IPv4Address(rawValue: 0x0B00_0000 + UInt32(number)), port: port)
        case .acl:
            let host = UInt32(1 + random.next() % 254)
            return UDPEndpoint(
                address: IPv4Address(rawValue: Self.refusedNetwork(Int(random.next() >> 40)).rawValue + host),
                port: port)
        case .amplification:
            let ports = FilterRules.knownAmplifiers
            return UDPEndpoint(
                address: Self.randomAddress(&random), port: ports[Int(random.next() >> 40) % ports.count])
        case .spoofed, .fragments, .checksums:
            return UDPEndpoint(address: Self.randomAddress(&random), port: port)
        }
    }

    /// Any address a packet can come from.
    private static func randomAddress(_ random: inout SplitMix64) -> IPv4Address {
        while true {
            let address = IPv4Address(rawValue: UInt32(truncatingIfNeeded: random.next() >> 32))
            let isBogon = SpecialAddresses.neverSource.contains { $0.contains(address) }
            if address.isPossibleSource, !isBogon, address != node.address { return address }
        }
    }
}
