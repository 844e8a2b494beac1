import CDPDK

/// One rule a device holds: which received frames go to which of its queues.
struct FlowRule {
    private let handle: UnsafeMutableRawPointer

    /// Asks the device whether it would take the rule, then makes it.
    /// - Throws: the driver's sentence as the cause.
    init(_ rule: cdpdk_flow_rule, on port: EthdevPort, attempt: String) throws(EthdevError) {
        var rule = rule
        try Self.validate(&rule, on: port, attempt: attempt)
        var errorNumber: Int32 = 0
        let made = textFromC(capacity: 256) { cdpdk_flow_create(port.portID, &rule, &errorNumber, $0, $1) }
        guard let handle = made.result else {
            throw Self.refusal(made.text, errorNumber, attempt, "found the rule right and could not make it")
        }
        self.handle = handle
    }

    /// Asks only; the device stays as it is.
    static func validate(_ rule: inout cdpdk_flow_rule, on port: EthdevPort, attempt: String) throws(EthdevError) {
        let asked = textFromC(capacity: 256) { cdpdk_flow_validate(port.portID, &rule, $0, $1) }
        if asked.result != 0 { throw refusal(asked.text, asked.result, attempt, "does not take the rule") }
    }

    /// - Returns: the driver's sentence when it could not.
    func destroy(on port: EthdevPort) -> String? {
        let gone = textFromC(capacity: 256) { cdpdk_flow_destroy(port.portID, handle, $0, $1) }
        return gone.result == 0 ? nil : gone.text
    }

    private static func refusal(
        _ reason: String, _ errorNumber: Int32, _ attempt: String, _ what: String
    ) -> EthdevError {
        let text = errorNumber == 38 || errorNumber == 95 ? "has no flow rules" : "\(what) (\(reason))"
        return EthdevError(
            .device, attempt: attempt, cause: "the driver \(text)",
            remedy: "let the software classifier do it (steering: auto or software)", errorNumber: errorNumber)
    }
}
