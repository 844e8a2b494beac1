/// Whether our IPv4 address is ours: probe, announce, defend (RFC 5227), as a value without I/O.
///
/// The address is configured by hand and used from the first moment, while the probes are out: a node that comes back
/// after a crash does not wait seven seconds (RFC 4429 argues the same for IPv6). Who answers a probe is heard within
/// a round trip; then the node yields, answers no ARP for the address, and probes again later.
///
/// | State | Event | Then |
/// |---|---|---|
/// | probing | three probes sent 1…2 s apart, 2 s silence | announcing |
/// | probing | somebody has the address, or probes for it too | yielded |
/// | announcing | two announcements sent, 2 s apart | held |
/// | announcing, held | somebody sends from the address | announced again, once in 10 s at most (§2.4 c) |
/// | yielded | 60 s without a sign of the other | probing |
public struct AddressClaim: BitwiseCopyable, Sendable {
    public enum State: UInt8, BitwiseCopyable, Sendable { case probing, announcing, held, yielded }
    public enum Message: Sendable { case probe, announcement }

    public private(set) var state = State.held
    /// When `takeMessage` has something to do, nanoseconds; `.max` never.
    public private(set) var deadline = UInt64.max
    private var messagesLeft = 0
    /// Before this moment no further announcement defends the address.
    private var quietUntil: UInt64 = 0

    // RFC 5227 §1.1, nanoseconds.
    static let probes = 3
    static let shortestProbeInterval: UInt64 = 1_000_000_000
    static let probeIntervalSpread: UInt64 = 1_000_000_000
    static let announceWait: UInt64 = 2_000_000_000
    static let announcements = 2
    static let announceInterval: UInt64 = 2_000_000_000
    static let defendInterval: UInt64 = 10_000_000_000
    static let rateLimitInterval: UInt64 = 60_000_000_000

    /// A claim that is held: for queues that share an address another queue probes for.
    public init() {}

    /// Begins to probe, at once: without the random wait that keeps a hall of machines apart at power-on.
    public mutating func begin(now: UInt64) {
        state = .probing
        messagesLeft = Self.probes
        deadline = now
    }

    /// The message that is due; nil when none is.
    /// - Parameter random: any number; spreads the probes.
    public mutating func takeMessage(now: UInt64, random: UInt64) -> Message? {
        guard now >= deadline else { return nil }
        switch state {
        case .yielded:
            begin(now: now)
            return takeMessage(now: now, random: random)
        case .probing where messagesLeft > 0:
            messagesLeft &-= 1
            let spread = Self.shortestProbeInterval &+ random % Self.probeIntervalSpread
            deadline = now &+ (messagesLeft > 0 ? spread : Self.announceWait)
            return .probe
        case .probing:
            state = .announcing
            messagesLeft = Self.announcements
            return announce(now: now)
        case .announcing: return announce(now: now)
        case .held:
            deadline = .max
            return .announcement
        }
    }

    private mutating func announce(now: UInt64) -> Message {
        messagesLeft &-= 1
        if messagesLeft == 0 { state = .held }
        deadline = messagesLeft == 0 ? .max : now &+ Self.announceInterval
        return .announcement
    }

    /// Somebody else uses the address, or (while we probe) wants it too.
    /// - Returns: true when that is answered by an announcement.
    @discardableResult public mutating func conflict(now: UInt64) -> Bool {
        switch state {
        case .probing, .yielded:
            state = .yielded
            deadline = now &+ Self.rateLimitInterval
            return false
        case .announcing, .held:
            guard now >= quietUntil else { return false }
            quietUntil = now &+ Self.defendInterval
            deadline = now
            return true
        }
    }
}
