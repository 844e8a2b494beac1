import CDPDK

/// What went wrong while setting up or operating a device, why, and what to do about it.
public struct EthdevError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// The text or value of a device specification does not mean a device.
        case specification
        /// A setting is out of range or does not fit the device.
        case configuration
        /// The environment abstraction layer is in the wrong state or did not start.
        case environment
        /// An interface, PCI device, file or directory is not there.
        case notFound
        /// A right is missing.
        case permission
        /// Memory or huge pages do not suffice.
        case memory
        /// DPDK or the kernel refused for another reason.
        case device
    }

    public let kind: Kind
    /// What was attempted, to follow "cannot".
    public let attempt: String
    public let cause: String
    /// A sentence saying how to put it right.
    public let remedy: String
    /// The error number of DPDK or the kernel; 0 when the refusal was ours.
    public let errorNumber: Int32

    public init(_ kind: Kind, attempt: String, cause: String, remedy: String, errorNumber: Int32 = 0) {
        self.kind = kind
        self.attempt = attempt
        self.cause = cause
        self.remedy = remedy
        self.errorNumber = errorNumber
    }

    public var description: String { "cannot \(attempt): \(cause); \(remedy)" }

    /// An error whose cause is the text of `errorNumber`; `EPERM`, `EACCES` and `ENOMEM` get their own kinds.
    static func system(_ errorNumber: Int32, attempt: String, remedy: String) -> EthdevError {
        let kind: Kind =
            switch errorNumber {
            case 1, 13: .permission
            case 12: .memory
            default: .device
            }
        let text = String(cString: cdpdk_error_text(errorNumber))
        return EthdevError(
            kind, attempt: attempt, cause: "\(text) (error \(errorNumber))", remedy: remedy, errorNumber: errorNumber)
    }
}

/// Throws when a DPDK or kernel call returned an error number.
func check(
    _ errorNumber: Int32, _ attempt: @autoclosure () -> String, remedy: @autoclosure () -> String
) throws(EthdevError) {
    if errorNumber != 0 { throw .system(errorNumber, attempt: attempt(), remedy: remedy()) }
}
