import Node
import Runtime
import Testing

/// A core plan in the text of a configuration: what is there before, and what is there after, to the byte.
@Suite struct CoresEditTests {
    private static let plan = CorePlan(
        cores: [
            .init(name: "network0", cpu: 1, stages: ["network0", "engine"]),
            .init(name: "journal", cpu: nil, stages: ["journal", "marketData"]),
        ], idle: .yield)

    private static let lines = [
        "idle: yield", "plan:", "  - {name: network0, cpu: 1, stages: [network0, engine]}",
        "  - {name: journal, stages: [journal, marketData]}",
    ]

    /// All sections but `cores`.
    private static let others = """
        interfaces: [{device: tap:a, address: 198.18.0.2/24}]
        orderEntry: {participants: []}
        instruments:
            - {id: 1, symbol: A, maximumPrice: 100, referencePrice: 50, risk: {maximumQuantity: 1, maximumNotional: 1, collarTicks: 1}}

        """

    private func apply(_ text: String) throws -> String {
        try CoresEdit.applying(Self.plan, to: text, file: "node.yaml")
    }

    private func indented(_ count: Int, _ lines: [String] = lines) -> String {
        lines.map { String(repeating: " ", count: count) + $0 + "\n" }.joined()
    }

    /// - Parameters:
    ///   - before: the section as it stands, with what is around it.
    ///   - after: the same with the plan.
    private func expect(_ before: String, becomes after: String) throws {
        for (front, back) in [
            (Self.others, "journal: {directory: j}\n"), (Self.others + "journal: {directory: j}\n", ""),
        ] {
            let result = try apply(front + before + back)
            #expect(result == front + after + back)
            #expect(try apply(result) == result, "a second time changes something")
        }
    }

    @Test func anExistingPlanIsReplacedAndItsNeighboursStay() throws {
        try expect(
            """
            # above
            cores:   # beside
              plan:                 # the old one
                # inside
                - cpu: 5
                  stages: [network0,
                    engine, marketData]
                - {cpu: 6, stages: [journal]}   # behind
              # after the plan
              idle:  "busy"   # what a core does

            # above the next

            """,
            becomes: """
                # above
                cores:   # beside
                \(indented(2, Array(Self.lines.dropFirst())))  # after the plan
                  idle:  yield   # what a core does

                # above the next

                """)
    }

    @Test func oddIndentationIsKept() throws {
        try expect(
            "cores:\n     idle: busy # x\n     plan:\n     - {cpu: 1, stages: [network0, engine, marketData, journal]}\n\n",
            becomes: "cores:\n     idle: yield # x\n" + indented(5, Array(Self.lines.dropFirst())) + "\n")
        try expect(
            "cores:\n idle: busy\n # in it\n# not in it\n",
            becomes: "cores:\n idle: yield\n" + indented(1, Array(Self.lines.dropFirst())) + " # in it\n# not in it\n")
    }

    @Test func aPlanAloneGetsItsIdle() throws {
        try expect(
            "cores:\n  # why\n  plan: [{cpu: 1, stages: [network0, engine, marketData, journal]}]\n",
            becomes: "cores:\n  # why\n" + indented(2))
    }

    @Test func bracesStayBraces() throws {
        let flow =
            "{idle: yield, plan: [{name: network0, cpu: 1, stages: [network0, engine]}, "
            + "{name: journal, stages: [journal, marketData]}]}"
        try expect("cores: {idle: busy}   # beside\n", becomes: "cores: \(flow)   # beside\n")
        try expect("cores: {}\n", becomes: "cores: \(flow)\n")
        try expect(
            """
            cores: {  # an odd } comment
              plan: [{name: "a}", cpu: 1, stages: [network0, engine]},
                     {name: 'b]', stages: [journal, marketData]}],
              idle: busy }  # beside

            """, becomes: "cores: \(flow)  # beside\n")
    }

    /// The plan says where the shards are, on cores of their own or not.
    @Test func theListOfTheShardsCPUsGoes() throws {
        let instrument =
            "maximumPrice: 100, referencePrice: 50, risk: {maximumQuantity: 1, maximumNotional: 1, collarTicks: 1}"
        let front =
            Self.others.replacing("- {id: 1,", with: "- {id: 2, symbol: B, \(instrument)}\n    - {id: 1,")
            + "node: {shards: 2}\njournal: {directory: j}\n"
        let plan = indented(2, Array(Self.lines.dropFirst()))
        for (before, after) in [
            ("  idle: busy\n  matching: [6, 7]   # both\n", "  idle: yield\n" + plan),
            ("  matching:\n    - 6\n\n    - 7\n  # above\n  idle: busy\n", "  # above\n  idle: yield\n" + plan),
            ("  matching: [6]\n", indented(2)),
            (
                "  plan:\n    - {stages: [network0, engine, marketData, journal]}\n  matching: [6]\n  idle: busy\n",
                plan + "  idle: yield\n"
            ),
            ("  matching: [6]\n  plan: [{stages: [network0, engine, marketData, journal]}]\n", indented(2)),
        ] { #expect(try apply(front + "cores:\n" + before) == front + "cores:\n" + after) }
        let flow = try apply(front + "cores: {idle: busy, matching: [6]}\n")
        #expect(flow.contains("cores: {idle: yield, plan: [") && !flow.contains("matching"))
    }

    @Test func aFileWithoutTheSectionGetsOneAtItsEnd() throws {
        let file = Self.others + "journal: {directory: j}"
        let section = "\n\ncores:\n" + indented(2)
        #expect(try apply(file) == file + section.dropLast())
        #expect(try apply(file + "\n# the end\n") == file + section + "# the end\n")
        #expect(try apply(file + "\n...\n") == file + section + "...\n")
        #expect(try apply(apply(file)) == apply(file))
        // As its other sections are.
        let wide = Self.others + "journal:\n    directory: j\n"
        #expect(try apply(wide) == wide + "\ncores:\n" + indented(4))
    }

    @Test func lineEndingsAreKept() throws {
        let before = Self.others + "cores:\n  idle: busy\njournal: {directory: j} # ü\n"
        let after = Self.others + "cores:\n" + indented(2) + "journal: {directory: j} # ü\n"
        func windows(_ text: String) -> String { text.replacing("\n", with: "\r\n") }
        let result = try apply(windows(before))
        #expect(Array(result.utf8) == Array(windows(after).utf8))
        let none = windows(Self.others + "journal: {directory: j}\n")
        #expect(Array(try apply(none).utf8) == Array((none + windows("\ncores:\n" + indented(2))).utf8))
    }

    @Test func theExampleKeepsAllItsComments() throws {
        let result = try apply(NodeConfiguration.example)
        #expect(
            result.components(separatedBy: "#").count == NodeConfiguration.example.components(separatedBy: "#").count)
        let configuration = try NodeConfiguration(yaml: result, file: "result")
        #expect(configuration.cores.plan == Self.plan.cores && configuration.cores.idle == .yield)
    }

    @Test func whatCannotBeChangedIsRefusedWithTheRemedy() throws {
        for text in [
            // The whole in braces.
            "{interfaces: [{device: tap:a, address: 198.18.0.2/24}], orderEntry: {participants: []}, instruments: [{id: 1, symbol: A, maximumPrice: 100, referencePrice: 50, risk: {maximumQuantity: 1, maximumNotional: 1, collarTicks: 1}}], journal: {directory: j}}\n",
            // The plan stands elsewhere.
            Self.others
                + "journal: &j {directory: j}\ncores: {idle: &i busy, plan: &p [{cpu: 1, stages: &s [network0, engine, marketData, journal]}]}\nmarking: *j\n",
        ] {
            #expect(throws: (any Error).self) { try apply(text) }
        }
        #expect {
            try apply("{interfaces: []}")
        } throws: {
            $0 is ConfigurationError
        }
        let braces =
            "{" + "interfaces: [{device: tap:a, address: 198.18.0.2/24}], orderEntry: {participants: []}, "
            + "instruments: [{id: 1, symbol: A, maximumPrice: 100, referencePrice: 50, risk: {maximumQuantity: 1, "
            + "maximumNotional: 1, collarTicks: 1}}], journal: {directory: j}}"
        #expect {
            try apply(braces)
        } throws: {
            "\($0)".contains("left as it is") && "\($0)".contains("paste")
        }
    }
}
