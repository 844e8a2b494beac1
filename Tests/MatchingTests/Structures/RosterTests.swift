import Runtime
import TestSupport
import Testing

@testable import Matching

/// Rosters against plain arrays in which the last entry takes the place of one that goes.
@Suite struct RosterTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func sameAsArrays(seed: UInt64) {
        let (capacity, sessions) = (300, 9)
        var random = SplitMix64(seed: seed)
        var roster = Roster(capacity: capacity, sessions: sessions)
        var expected = [[UInt32]](repeating: [], count: sessions + 1)
        var slots: [UInt32: UInt32] = [:]
        var free = Array(1...UInt32(capacity))
        for number in 0..<20_000 {
            // One session at a time has nearly everything, so that blocks wander from one to the next.
            let session = random.next(below: 4) == 0 ? 1 + random.next(below: sessions) : 1 + number / 2_000 % sessions
            let isLeaving = number / 1_000 % 2 == 1 ? random.next(below: 10) < 8 : random.next(below: 10) < 3
            if !isLeaving, let position = free.popLast() {
                slots[position] = roster.append(position, session: session)
                expected[session].append(position)
            } else if !expected[session].isEmpty {
                let place = random.next(below: expected[session].count)
                let gone = expected[session][place]
                let slot = slots.removeValue(forKey: gone) ?? 0
                let last = expected[session].removeLast()
                let moved = roster.remove(slot, session: session)
                #expect(moved == last)
                if last != gone {
                    expected[session][place] = last
                    slots[last] = slot
                }
                free.append(gone)
            }
            check(roster, expected[session], session, slots)
        }
        for session in 1...sessions { check(roster, expected[session], session, slots) }
    }

    /// From the end, as a mass cancel goes.
    private func check(_ roster: borrowing Roster, _ expected: [UInt32], _ session: Int, _ slots: [UInt32: UInt32]) {
        var slot = roster.last(session: session)
        for position in expected.reversed() {
            guard slot != Roster.none else {
                Issue.record("session \(session) ends before order \(position)")
                return
            }
            #expect(roster.position(slot) == position && slots[position] == slot)
            slot = roster.before(slot)
        }
        #expect(slot == Roster.none)
    }

    /// Removing all from the end, as a disconnect does, and each session holding one order beside a full one.
    @Test func everySessionHasRoom() {
        let (capacity, sessions) = (64, 1_024)
        var roster = Roster(capacity: capacity, sessions: sessions)
        for _ in 0..<3 {
            var slots: [UInt32] = []
            for session in 1...capacity { slots.append(roster.append(UInt32(session), session: session)) }
            #expect(Set(slots.map { $0 / Roster.blockSize }).count == capacity)
            for session in 1...capacity {
                let (moved, last) = (roster.remove(slots[session - 1], session: session), roster.last(session: session))
                #expect(moved == UInt32(session) && last == Roster.none)
            }
            for position in 1...UInt32(capacity) { _ = roster.append(position, session: 1_024) }
            for position in (1...UInt32(capacity)).reversed() {
                let moved = roster.remove(roster.last(session: 1_024), session: 1_024)
                #expect(moved == position)
            }
        }
    }
}
