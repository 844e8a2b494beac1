public struct LoadRun {
    public init(options: LoadOptions) throws {}
    public func run(isStopRequested: () -> Bool = { false }, progress: (LoadProgress) -> Void = { _ in }) throws -> LoadReport { fatalError() }
}
