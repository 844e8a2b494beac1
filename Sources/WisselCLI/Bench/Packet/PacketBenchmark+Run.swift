/// The course of the whole benchmark.
extension PacketBenchmark {
    /// - Parameter json: where the figures go, which decides where the course is told.
    func run(json: String?) throws -> PacketBenchmarkReport {
        let progress = BenchProgress(total: steps, json: json)
        defer { progress.finish() }
        var cases: [ForwardingCase] = []
        var stages: [StageCosts] = []
        var trials: [RFC2544Result] = []
        if options.tests.contains(.forwarding) {
            for device in options.devices {
                for frameBytes in device.hasFrameSize ? options.frameSizes : [0] {
                    cases += try forward(on: device, frameBytes: frameBytes, progress)
                }
            }
            for frameBytes in stageSizes { stages.append(try measureStages(frameBytes: frameBytes, progress)) }
        }
        if options.tests != [.forwarding] {
            for mode in options.modes {
                for frameBytes in options.frameSizes {
                    trials.append(try measureRFC2544(mode, frameBytes: frameBytes, progress))
                }
            }
        }
        var burstModes: [(device: String, mode: String)] = []
        for item in cases where !burstModes.contains(where: { $0.device == item.device.description }) {
            burstModes.append((item.device.description, item.burstMode ?? "does not tell its functions"))
        }
        return PacketBenchmarkReport(
            cases: cases, stages: stages, trials: trials, conditions: conditions,
            host: HostFingerprint(cpu: cpus.forwarding, clock: clock, burstModes: burstModes),
            plainFrameBytes: options.frameSizes[0])
    }

    /// Stage by stage belongs to the whole path where nothing but the code is measured.
    private var stageSizes: [Int] {
        guard options.modes.contains(.pipeline), options.devices.contains(.null(copy: false)) else { return [] }
        // What a step costs at the sizes between lies between.
        return options.frameSizes.count == 1 ? options.frameSizes : [options.frameSizes[0], options.frameSizes.last!]
    }

    /// Steps that progress will tell, about: a search takes seven or eight trials, a loss table up to ten.
    private var steps: Int {
        var count = 0
        if options.tests.contains(.forwarding) {
            for device in options.devices {
                count +=
                    modes(on: device).count * (device.hasFrameSize ? options.frameSizes.count : 1)
                    * options.repetitions
            }
            count += stageSizes.count * options.repetitions
        }
        var perLoop = 0
        if options.tests.contains(.throughput) || options.tests.contains(.latency) { perLoop += 16 }
        if options.tests.contains(.latency) { perLoop += Self.latencyLoads.count }
        if options.tests.contains(.lossRate) { perLoop += 8 }
        if options.tests.contains(.backToBack) { perLoop += options.repetitions }
        if perLoop > 0 { count += (perLoop + 1) * options.modes.count * options.frameSizes.count }
        return count
    }
}
