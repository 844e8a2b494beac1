import Orders

extension TwinRun {
    func difference(_ commands: [Command]) -> Difference? {
        let (engine, judge) = (engine(), judge())
        for (place, command) in commands.enumerated() {
            let (expected, got) = (judge.apply(command), engine.apply(command))
            if expected != got {
                let same = zip(expected, got).prefix { $0 == $1 }.count
                let signature = Self.signature(
                    same < expected.count ? expected[same] : nil, same < got.count ? got[same] : nil)
                return Difference(
                    place: place, expected: expected.map(\.words), got: got.map(\.words), signature: signature)
            }
            let states = (judge.state(), engine.state())
            if states.0 != states.1 {
                return Difference(place: place, expected: [states.0], got: [states.1], signature: "state")
            }
        }
        return nil
    }

    /// Kinds and reasons, and where these agree the fields that do not.
    private static func signature(_ expected: ExecutionReport?, _ got: ExecutionReport?) -> String {
        func name(_ report: ExecutionReport?) -> String {
            guard let report else { return "nothing" }
            return report.reason == .none ? "\(report.kind)" : "\(report.kind) \(report.reason)"
        }
        guard let expected, let got, name(expected) == name(got) else { return "\(name(expected)) ≠ \(name(got))" }
        var fields: [String] = []
        if expected.orderID != got.orderID { fields.append("order") }
        if expected.price != got.price { fields.append("price") }
        if expected.lastQuantity != got.lastQuantity { fields.append("quantity") }
        if expected.leavesQuantity != got.leavesQuantity { fields.append("left") }
        if expected.clientSequence != got.clientSequence { fields.append("client sequence") }
        return "\(name(expected)): \(fields.isEmpty ? "other fields" : fields.joined(separator: ", "))"
    }

    /// Leaves out ever smaller parts as long as the same kind of difference remains; sequences stay as they are.
    ///
    /// A long run is first cut from its beginning by halves, which costs few runs; a bound on runs keeps a hopeless case short.
    func shortest(_ commands: [Command]) -> (script: [Command], difference: Difference)? {
        guard var best = difference(commands) else { return nil }
        var script = Array(commands.prefix(best.place + 1))
        var commandsLeft = 30_000_000
        var part = script.count / 2
        while part > 0 {
            var start = 0
            var hasShrunk = false
            while start < script.count, commandsLeft > 0 {
                var shorter = script
                shorter.removeSubrange(start..<min(start + part, script.count))
                commandsLeft -= shorter.count
                if let found = difference(shorter), found.signature == best.signature {
                    script = Array(shorter.prefix(found.place + 1))
                    best = found
                    hasShrunk = true
                } else {
                    start += part
                }
            }
            // Single commands are gone through again as long as one of them could be left out.
            if part > 1 { part /= 2 } else if !hasShrunk || commandsLeft <= 0 { part = 0 }
        }
        return (script, best)
    }
}
