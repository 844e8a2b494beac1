import CDPDK
import Glibc

extension EthdevPort {
    /// Stops the port and starts it again while its queue pairs are polled, as after maintenance of a switch or for a
    /// driver that does not connect again by itself.
    ///
    /// The polling threads are asked to leave the driver alone, which they do at their next burst; while the port is
    /// down they receive nothing and send nothing, and what they want to send stays with them. Frames in the device's own
    /// queues are lost; their buffers are not. Control thread. Flow rules are made anew.
    ///
    /// - Parameter patienceNanoseconds: how long to wait for the polling threads.
    /// - Throws: when a queue is not polled (nothing has changed), when the driver cannot be restarted (the same), or when
    ///   it does not start: the queue pairs then rest until another call succeeds.
    public func restart(patienceNanoseconds: UInt64 = 1_000_000_000) throws(EthdevError) {
        if let reason = specification.restartObstacle {
            throw EthdevError(
                .device, attempt: "restart \(specification)", cause: reason,
                remedy: "stop the node and start it again")
        }
        if !isResting { try rest(patienceNanoseconds: patienceNanoseconds) }
        try stop()
        try start()
        for device in devices { cdpdk_queue_ask_rest(device.context, 0) }
        isResting = false
    }

    private func rest(patienceNanoseconds: UInt64) throws(EthdevError) {
        restNumber = restNumber == .max ? 1 : restNumber + 1
        for device in devices { cdpdk_queue_ask_rest(device.context, restNumber) }
        let step: UInt64 = 100_000
        var waited: UInt64 = 0
        while let busy = devices.firstIndex(where: { cdpdk_queue_rests($0.context, restNumber) == 0 }) {
            guard waited < patienceNanoseconds else {
                for device in devices { cdpdk_queue_ask_rest(device.context, 0) }
                throw EthdevError(
                    .environment, attempt: "restart \(specification)",
                    cause: "queue \(busy) was not polled for \(patienceNanoseconds / 1_000_000) ms",
                    remedy: "restart it while the node runs, or stop and start the port")
            }
            usleep(UInt32(step / 1_000))
            waited += step
        }
        isResting = true
    }

    /// Takes the link up or down from this side; the port stays started.
    public func setLink(up: Bool) throws(EthdevError) {
        try check(
            cdpdk_port_set_link(portID, up), "take the link of \(specification) \(up ? "up" : "down")",
            remedy: "stop the port instead: this driver has no such switch")
    }
}

extension DeviceSpecification {
    /// Why a port of this kind does not come back from a stop; nil when it does.
    var restartObstacle: String? {
        switch self {
        case .afPacket: "the driver closes its sockets when it stops and opens none when it starts"
        default: nil
        }
    }

    /// Whether the driver looks for its peer only when it starts, so that a lost link needs a restart.
    public var connectsAtStart: Bool {
        if case .memif(.client, _, _) = self { return true }
        return false
    }
}
