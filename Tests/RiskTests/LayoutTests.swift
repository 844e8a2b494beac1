// Looks inside the module, which only a debug build allows.
#if DEBUG
    import Testing

    @testable import Risk

    /// Sizes the comments promise.
    @Suite struct LayoutTests {
        @Test func nodesAndRowsFillWholeLines() {
            #expect(MemoryLayout<RiskNode>.stride == 256)
            #expect(MemoryLayout<PositionRow>.stride == 64)
        }
    }
#endif
