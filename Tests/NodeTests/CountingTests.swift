import CCounting
import LoadClient
import NetStack
import Node
import TestSupport
import Testing

// Debug builds retain what release builds do not: the promise is about release.
#if !DEBUG

    /// No retain, no allocation per packet: counted while real packets go through the real stages.
    ///
    /// `scripts/check-hot-path` finds what the machine code could do; this finds what it does.
    @Suite(.serialized) struct CountingTests {
        static let batch = 32

        /// Puts packets of every kind through a pipeline and says what its polls have cost.
        /// - Parameter observed: sees each packet as the pipeline receives it.
        static func pipeline(
            packets count: Int, context: UnsafeMutableRawPointer? = nil,
            observed: @escaping ObservedDevice.Observer = { _, _ in }
        ) throws -> Counts {
            let loopback = LoopbackDevice(macAddress: FrameBuilder.ownMAC)
            let nothing = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
            let device = ObservedDevice(loopback.device, context: context ?? nothing, observe: observed)
            var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "example")
            configuration.takeAddressesOfFrameBuilder()
            var pipeline = try PacketPipeline(device: device.device, configuration: configuration)
            let taken = UnsafeMutablePointer<Packet>.allocate(capacity: batch)
            let fixtures = PacketFixture.all.filter { $0.segments == 1 }
            var polls = Counts()
            var sent = 0
            while sent < count {
                for _ in 0..<min(batch, count - sent) {
                    let fixture = fixtures[sent % fixtures.count]
                    try #require(loopback.inject(fixture.frame, flags: fixture.flags))
                    sent += 1
                }
                let before = Counts.now()
                pipeline.poll(now: 1_800_000_000_000_000_000 + UInt64(sent))
                let feeds = pipeline.take(into: taken, maximumCount: batch)
                device.device.free(taken, count: feeds)
                polls += Counts.now() - before
                loopback.discardTransmitted()
            }
            #expect(pipeline.received == UInt64(count))
            pipeline.close()
            #expect(loopback.freeBufferCount == loopback.bufferCount, "packet buffers leaked")
            taken.deallocate()
            device.deallocate()
            nothing.deallocate()
            loopback.deallocate()
            return polls
        }

        @Test func packetsOfEveryKindCostNoRetainAndNoAllocation() throws {
            try #require(ccounting_sees_heap())
            #expect(try Self.pipeline(packets: 10_000) == Counts())
            #expect(try Self.pipeline(packets: 20_000) == Counts())
        }

        /// From the frame of the order to the frame of its reports, journal and engine between them.
        @Test func orderRoundsCostNoRetainAndNoAllocation() throws {
            // Segments large enough that none is made while it is counted: making a file is not done per order.
            let bench = try Bench { $0.journal.segmentMegabytes = 64 }
            let trader = Trader(bench, seed: 31, orders: 3_500)
            trader.establish()
            trader.trade(500)
            func cost(ofOrders count: Int) -> Counts {
                let before = (bench.polled, bench.node.statistics[EngineCounter.commands])
                // Establishing a session looks into its configuration and retains it; orders must not.
                trader.trade(count, confirming: false)
                let commands = bench.node.statistics[EngineCounter.commands] - before.1
                #expect(commands == UInt64(count))
                return bench.polled - before.0
            }
            #expect(cost(ofOrders: 1_000) == Counts())
            #expect(cost(ofOrders: 2_000) == Counts())
            trader.trade(0)
            let verdict = trader.model.verify(final: true)
            #expect(verdict.isClean, "\(verdict.lines)")
            try bench.node.stop()
        }

        // MARK: The check itself

        /// What somebody might put into the path of a packet.
        final class Witness {
            var seen = 0
            /// Calls what it is given with itself; not known to the optimiser, and so not inlined.
            var show: (Witness) -> Void = { $0.seen += 1 }
        }

        static func witness(_ context: UnsafeMutableRawPointer) -> Unmanaged<Witness> {
            Unmanaged.fromOpaque(context)
        }

        @Test func oneRetainPerPacketIsCountedExactly() throws {
            let witness = Unmanaged.passRetained(Witness())
            let counts = try Self.pipeline(packets: 5_000, context: witness.toOpaque()) { _, context in
                _ = Self.witness(context).retain()
            }
            #expect(counts == Counts(retains: 5_000))
            for _ in 0..<5_001 { witness.release() }
        }

        @Test func anInstanceGivenToAClosureIsCountedTheSameForEveryPacket() throws {
            let witness = Unmanaged.passRetained(Witness())
            func counts(_ packets: Int) throws -> Counts {
                try Self.pipeline(packets: packets, context: witness.toOpaque()) { _, context in
                    let instance = Self.witness(context).takeUnretainedValue()
                    instance.show(instance)
                }
            }
            let (once, twice) = (try counts(5_000), try counts(10_000))
            #expect(once.retains > 0 && once.retains % 5_000 == 0 && once.retains == once.releases)
            #expect(twice.retains == 2 * once.retains && twice.releases == 2 * once.releases)
            #expect(witness.takeUnretainedValue().seen == 15_000)
            witness.release()
        }

        @Test func oneAllocationPerPacketIsCountedExactly() throws {
            let counts = try Self.pipeline(packets: 5_000) { header, _ in
                let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
                // Its address leaves this function, so the pair cannot be optimised away.
                let notes = header + Packet.Layout.notes
                notes.storeBytes(of: memory, as: UnsafeMutableRawPointer.self)
                notes.load(as: UnsafeMutableRawPointer.self).deallocate()
            }
            #expect(counts == Counts(allocations: 5_000, frees: 5_000))
        }

        @Test func oneObjectPerPacketIsCountedExactly() throws {
            let kept = UnsafeMutablePointer<Witness?>.allocate(capacity: 1)
            kept.initialize(to: nil)
            let counts = try Self.pipeline(packets: 5_000, context: kept) { _, context in
                context.assumingMemoryBound(to: Witness?.self).pointee = Witness()
            }
            #expect(counts.objects == 5_000 && counts.allocations >= 5_000)
            kept.deinitialize(count: 1)
            kept.deallocate()
        }
    }

#endif
