import Edge
import Runtime
import TestSupport
import Testing

@Suite struct PrioritySchedulerTests {
    static let policy = PriorityScheduler.Policy(
        orderBudget: 8, controlBudget: 2, marketDataBudget: 6, burst: 4, starvationRounds: 3)

    /// Serves one round from waiting counts; the script of lanes and counts, such as "o4 o4 c1".
    static func round(_ scheduler: inout PriorityScheduler, _ orders: Int, _ controls: Int, _ data: Int) -> String {
        var waiting = [orders, controls, data]
        var script: [String] = []
        scheduler.beginRound()
        while let burst = scheduler.next(
            orderReady: waiting[0], controlReady: waiting[1], marketDataReady: waiting[2])
        {
            waiting[Int(burst.lane.rawValue)] -= burst.count
            script.append("\(["o", "c", "m"][Int(burst.lane.rawValue)])\(burst.count)")
        }
        return script.joined(separator: " ")
    }

    @Test(arguments: [
        (0, 0, 0, ""), (3, 0, 0, "o3"), (5, 0, 0, "o4 o1"), (100, 0, 0, "o4 o4"), (0, 1, 0, "c1"), (0, 9, 0, "c2"),
        (0, 0, 9, "m4 m2"), (5, 1, 3, "o4 o1 c1 m3"), (8, 2, 6, "o4 o4 c2 m4 m2"),
        // Orders left after their budget, or control left after its own: the lower lanes wait.
        (9, 1, 3, "o4 o4"), (0, 3, 3, "c2"),
    ]) func strictRounds(orders: Int, controls: Int, data: Int, script: String) {
        var scheduler = PriorityScheduler(policy: Self.policy)
        #expect(Self.round(&scheduler, orders, controls, data) == script)
    }

    @Test func ordersThatArriveDuringTheRoundGoFirst() {
        var scheduler = PriorityScheduler(policy: Self.policy)
        scheduler.beginRound()
        #expect(
            scheduler.next(orderReady: 0, controlReady: 0, marketDataReady: 9) == .init(lane: .marketData, count: 4))
        #expect(scheduler.next(orderReady: 1, controlReady: 1, marketDataReady: 5) == .init(lane: .order, count: 1))
        #expect(scheduler.next(orderReady: 0, controlReady: 1, marketDataReady: 5) == .init(lane: .control, count: 1))
        #expect(
            scheduler.next(orderReady: 0, controlReady: 0, marketDataReady: 5) == .init(lane: .marketData, count: 2))
        #expect(scheduler.next(orderReady: 0, controlReady: 0, marketDataReady: 3) == nil)
    }

    @Test func aStarvingLaneGetsOneBurstAndWaitsAgain() {
        var scheduler = PriorityScheduler(policy: Self.policy)
        let rounds = (0..<9).map { _ in Self.round(&scheduler, 100, 1, 100) }
        let plain = "o4 o4"
        let relief = "o4 o4 c1 m4"
        #expect(rounds == [plain, plain, plain, relief, plain, plain, plain, relief, plain])
    }

    @Test func controlCannotStarveMarketData() {
        var scheduler = PriorityScheduler(policy: Self.policy)
        let rounds = (0..<5).map { _ in Self.round(&scheduler, 0, 100, 100) }
        #expect(rounds == ["c2", "c2", "c2", "c2 m4", "c2"])
    }

    @Test func anEmptyLaneDoesNotSaveUpWaiting() {
        var scheduler = PriorityScheduler(policy: Self.policy)
        for _ in 0..<2 { #expect(Self.round(&scheduler, 100, 0, 5) == "o4 o4") }
        #expect(Self.round(&scheduler, 100, 0, 0) == "o4 o4")
        for _ in 0..<3 { #expect(Self.round(&scheduler, 100, 0, 5) == "o4 o4") }
        #expect(Self.round(&scheduler, 100, 0, 5) == "o4 o4 m4")
    }

    @Test func arrivalOrderOnlyMeters() {
        var scheduler = PriorityScheduler(mode: .arrivalOrder, policy: Self.policy)
        #expect(Self.round(&scheduler, 100, 0, 0) == "o4 o4 o4 o4")
        #expect(Self.round(&scheduler, 0, 0, 100) == "m4 m4 m4 m4")
        #expect(Self.round(&scheduler, 5, 0, 0) == "o4 o1")
        #expect(Self.round(&scheduler, 0, 0, 0) == "")
    }

    @Test func randomLoadsKeepBothPromises() {
        var random = SplitMix64(seed: 21)
        var scheduler = PriorityScheduler(policy: Self.policy)
        var unserved = [0, 0, 0]
        for _ in 0..<20_000 {
            var waiting = [random.next(below: 14), random.next(below: 4), random.next(below: 10)]
            var served = [0, 0, 0]
            scheduler.beginRound()
            let atStart = waiting
            while let burst = scheduler.next(
                orderReady: waiting[0], controlReady: waiting[1], marketDataReady: waiting[2])
            {
                let lane = Int(burst.lane.rawValue)
                #expect(burst.count >= 1 && burst.count <= 4 && burst.count <= waiting[lane])
                if lane > 0 { #expect(waiting[0] == 0 || served[0] == 8, "a lower lane before an order") }
                waiting[lane] -= burst.count
                served[lane] += burst.count
            }
            #expect(served[0] <= 8 && served[1] <= 2 && served[2] <= 6)
            for lane in 1...2 {
                unserved[lane] = atStart[lane] > 0 && served[lane] == 0 ? unserved[lane] + 1 : 0
                #expect(unserved[lane] <= 3, "starved")
            }
        }
    }
}
