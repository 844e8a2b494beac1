/// Why a list of operations is no program.
public struct RuleProgramError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Problem: String, Sendable {
        case empty = "has no operation"
        case tooLong = "has more operations than a rule may have"
        case unknownCode = "has a code that is no operation"
        case unknownField = "names a field there is not"
        case repeatedField = "names a field twice"
        case unusedBytes = "has something in bytes that mean nothing there"
        case factorTooLarge = "has factors whose sum could overflow"
        case constantOutOfRange = "has a constant out of range"
        case groupWrong = "is a group where none can be, or none where one must be"
        case operandMissing = "takes a value that is not there, or one of the wrong kind"
        case noCondition = "does not end with one condition"
    }

    /// Place of the operation, from 0; the count of operations when it is the program as a whole.
    public let operation: Int
    public let problem: Problem

    public var description: String {
        "operation \(operation) \(problem.rawValue); compile the rule again from its text"
    }
}
