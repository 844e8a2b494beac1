/// Whom a limit binds. Limits nest: an order must keep those of its strategy, its user, its account, its firm and the venue.
@frozen public struct RiskScope: RawRepresentable, BitwiseCopyable, Hashable, Sendable {
    /// The level in bits 32–39, the number in bits 0–31, the rest 0.
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

    @inlinable public init(_ level: Level, _ number: UInt32) {
        rawValue = UInt64(level.rawValue) << 32 | UInt64(number)
    }

    /// Everything that trades here.
    @inlinable public static var venue: RiskScope { RiskScope(.venue, 0) }

    /// From the widest to the narrowest.
    @frozen public enum Level: UInt8, CaseIterable, Sendable {
        case venue = 0
        case firm = 1
        case account = 2
        case user = 3
        case strategy = 4
    }

    /// Nil when the bits mean no level, or more than a scope.
    @inlinable public var level: Level? { rawValue >> 40 == 0 ? Level(rawValue: UInt8(rawValue >> 32)) : nil }
    @inlinable public var number: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
}

/// Which scopes the orders of a session belong to.
public struct RiskMembership: Sendable, Equatable {
    public var session: UInt32
    /// The person or program that trades; several sessions may be one.
    public var user: UInt32
    /// A part of what a user does, with limits of its own; nil: there are none.
    public var strategy: UInt32?
    /// Where positions and money are.
    public var account: UInt32
    /// Whose accounts count together; nil: the account stands alone.
    public var firm: UInt32?

    public init(
        session: UInt32, user: UInt32? = nil, strategy: UInt32? = nil, account: UInt32, firm: UInt32? = nil
    ) {
        self.session = session
        self.user = user ?? session
        self.strategy = strategy
        self.account = account
        self.firm = firm
    }
}
