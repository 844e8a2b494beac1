extension OwnBenchmarkReport {
    /// Keys: those of `headlines`, `bytes_per_order`, `pipeline_orders_per_second`, `events_hash`, `state_hash`, and under
    /// `operations` by book and operation the percentiles of blocks and single operations.
    func json() throws -> String {
        let values = Dictionary(uniqueKeysWithValues: headlines.map { ($0.key, figure($0.value)) })
        var books: [String: [String: OperationFigures]] = [:]
        for measured in operations {
            books[measured.shape.name, default: [:]][measured.operation.rawValue] = OperationFigures(
                block: percentiles(measured.blocks), blockWithReports: percentiles(measured.reportingBlocks),
                single: percentiles(measured.singles), singleWithReports: percentiles(measured.reportingSingles))
        }
        return try prettyJSON(
            Figures(
                hotAdd: values["hot_add_p50_ns"] ?? 0, hotCancel: values["hot_cancel_p50_ns"] ?? 0,
                hotCancelAny: values["hot_cancel_any_p50_ns"] ?? 0, addLarge: values["add_1m_p50_ns"] ?? 0,
                cancelLarge: values["cancel_1m_p50_ns"] ?? 0, cancelAnyLarge: values["cancel_any_1m_p50_ns"] ?? 0,
                largeOrders: largeOrders, bytesPerOrder: figure(memory.bytesPerOrder), memoryOrders: memory.orders,
                pipeline: figure(pipelineOrdersPerSecond),
                pipelineMatched: figure(Double(pipeline.orders) / pipeline.seconds),
                pipelineOrders: pipeline.orders, journalMode: pipeline.journalMode, eventsHash: hash.eventsText,
                stateHash: hash.stateText, reports: hash.reports, operations: books, flow: flow?.figures(self),
                isSmall: isSmall, conditions: conditions, warnings: warnings, host: host))
    }

    private func percentiles(_ samples: TickSamples) -> Percentiles? {
        guard let median = samples.percentile(50), let high = samples.percentile(99),
            let highest = samples.percentile(99.99), let most = samples.percentile(100)
        else { return nil }
        return Percentiles(
            median: figure(nanoseconds(median)), cycles: figure(median), high: figure(nanoseconds(high)),
            highest: figure(nanoseconds(highest)), most: figure(nanoseconds(most)), samples: samples.values.count)
    }

    private struct Figures: Encodable {
        var hotAdd, hotCancel, hotCancelAny, addLarge, cancelLarge, cancelAnyLarge: Double
        var largeOrders: Int
        var bytesPerOrder: Double
        var memoryOrders: Int
        var pipeline, pipelineMatched: Double
        var pipelineOrders: Int
        var journalMode, eventsHash, stateHash: String
        var reports: Int
        var operations: [String: [String: OperationFigures]]
        var flow: FlowRun.Figures?
        var isSmall: Bool
        var conditions, warnings: [String]
        var host: [HostFingerprint.Line]

        enum CodingKeys: String, CodingKey {
            case operations, flow, conditions, warnings, host, reports
            case hotAdd = "hot_add_p50_ns"
            case hotCancel = "hot_cancel_p50_ns"
            case hotCancelAny = "hot_cancel_any_p50_ns"
            case addLarge = "add_1m_p50_ns"
            case cancelLarge = "cancel_1m_p50_ns"
            case cancelAnyLarge = "cancel_any_1m_p50_ns"
            case largeOrders = "orders_of_1m_figures"
            case bytesPerOrder = "bytes_per_order"
            case memoryOrders = "memory_orders"
            case pipeline = "pipeline_orders_per_second"
            case pipelineMatched = "pipeline_matched_per_second"
            case pipelineOrders = "pipeline_orders"
            case journalMode = "journal_mode"
            case eventsHash = "events_hash"
            case stateHash = "state_hash"
            case isSmall = "small"
        }
    }

    private struct OperationFigures: Encodable {
        var block, blockWithReports, single, singleWithReports: Percentiles?

        enum CodingKeys: String, CodingKey {
            case block, single
            case blockWithReports = "block_with_reports"
            case singleWithReports = "single_with_reports"
        }
    }

    private struct Percentiles: Encodable {
        var median, cycles, high, highest, most: Double
        var samples: Int

        enum CodingKeys: String, CodingKey {
            case samples
            case median = "p50_ns"
            case cycles = "p50_cycles"
            case high = "p99_ns"
            case highest = "p99_99_ns"
            case most = "max_ns"
        }
    }
}
