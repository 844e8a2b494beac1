/// A text that should have been an address and is not: what was read, what is wrong with it, what to write instead.
public struct AddressTextError: Error, Equatable, Sendable, CustomStringConvertible {
    public let text: String
    public let problem: String
    public let remedy: String

    init(_ text: String, _ problem: String, remedy: String) {
        self.text = text
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String { "\"\(text)\": \(problem); \(remedy)" }
}
