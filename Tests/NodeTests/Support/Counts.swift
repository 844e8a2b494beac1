import CCounting

/// Calls of the heap and of reference counting by one thread.
struct Counts: Equatable {
    var allocations: UInt64 = 0
    var reallocations: UInt64 = 0
    var frees: UInt64 = 0
    /// Swift objects among the allocations.
    var objects: UInt64 = 0
    var retains: UInt64 = 0
    var releases: UInt64 = 0

    /// The calling thread's since it began.
    static func now() -> Counts {
        let counts = ccounting_now()
        return Counts(
            allocations: counts.allocations, reallocations: counts.reallocations, frees: counts.frees,
            objects: counts.objects, retains: counts.retains, releases: counts.releases)
    }

    static func - (left: Counts, right: Counts) -> Counts {
        Counts(
            allocations: left.allocations - right.allocations, reallocations: left.reallocations - right.reallocations,
            frees: left.frees - right.frees, objects: left.objects - right.objects,
            retains: left.retains - right.retains, releases: left.releases - right.releases)
    }

    static func += (left: inout Counts, right: Counts) {
        left = Counts(
            allocations: left.allocations + right.allocations, reallocations: left.reallocations + right.reallocations,
            frees: left.frees + right.frees, objects: left.objects + right.objects,
            retains: left.retains + right.retains, releases: left.releases + right.releases)
    }
}
