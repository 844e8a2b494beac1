/// One question to a machine: a pure function of its files and the configuration.
struct MachineCheck: Sendable {
    /// Lower-case words with hyphens between; the same from release to release.
    let id: String
    let area: String
    /// Nothing when the configuration asks nothing of the kind.
    private let look: @Sendable (ExaminedMachine) -> [Outcome]

    init(_ id: String, _ area: String, _ look: @escaping @Sendable (ExaminedMachine) -> [Outcome]) {
        self.id = id
        self.area = area
        self.look = look
    }

    func findings(_ machine: ExaminedMachine) -> [Finding] {
        look(machine).map { $0.finding(id: id, area: area) }
    }

    /// All of them, in the order they are told. None opens a device, and all together take some milliseconds.
    static let all =
        ProcessChecks.all + ProcessorChecks.all + IsolationChecks.all + PowerChecks.all + KernelChecks.all
        + MemoryChecks.all + HugePageChecks.all + DeviceChecks.all + PCIExpressChecks.all + JournalChecks.all
}
