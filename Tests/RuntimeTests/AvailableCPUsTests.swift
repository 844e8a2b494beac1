import CPlatform
import Glibc
import Runtime
import Testing

@Suite struct AvailableCPUsTests {
    @Test(
        arguments: [
            ([], "none"), ([3], "3"), ([2, 0, 1], "0-2"), ([0, 2, 2, 3, 9], "0,2-3,9"),
        ] as [([Int], String)])
    func writtenLikeTheKernel(numbers: [Int], expected: String) {
        #expect(AvailableCPUs(numbers).description == expected)
    }

    @Test func currentIsPartOfTheMachine() {
        let current = AvailableCPUs.current()
        #expect(current.count > 0)
        #expect(Set(current.numbers).isSubset(of: AvailableCPUs.existing().numbers))
        #expect(current.numbers.allSatisfy(current.contains))
        #expect(!current.contains(-1))
    }

    /// On a thread of its own, because the mask is changed.
    @Test func currentIsTheMaskOfTheThread() {
        final class Seen: @unchecked Sendable {
            let cpu = AvailableCPUs.current().numbers.last!
            var pinned: [Int] = []
        }
        let seen = Seen()
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                let seen = Unmanaged<Seen>.fromOpaque(context!).takeUnretainedValue()
                if cplatform_pin_self(Int32(seen.cpu)) == 0 { seen.pinned = AvailableCPUs.current().numbers }
                return nil
            }, Unmanaged.passUnretained(seen).toOpaque())
        pthread_join(thread, nil)
        #expect(seen.pinned == [seen.cpu])
    }
}
