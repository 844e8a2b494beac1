/// One mode on one device with one frame size, measured beside the peer.
struct ForwardingCase: Sendable {
    let mode: ForwardingMode
    let device: BenchDevice
    /// 0 where somebody else makes the frames.
    let frameBytes: Int
    /// The driver's receive and transmit functions, as it names them; nil when it does not.
    var burstMode: String?
    /// Packets per second of each repetition.
    var ours: [Double] = []
    var peers: [Double] = []
    /// Ours to the peer's of each repetition, measured one after the other.
    var ratios: [Double] = []
    var ticksPerPacket: [Double] = []
    /// All repetitions together.
    var count = ForwardingCount()

    init(_ mode: ForwardingMode, _ device: BenchDevice, frameBytes: Int, burstMode: String?) {
        self.mode = mode
        self.device = device
        self.frameBytes = frameBytes
        self.burstMode = burstMode
    }

    var name: String { "\(device), \(mode)" + (frameBytes > 0 ? ", \(frameBytes) B" : "") }

    /// What a reader must know of the figures, with the remedy.
    var warnings: [BenchWarning] {
        var texts: [String] = []
        if !device.waits, count.emptyPolls > count.bursts / 10 {
            texts.append(
                "the source of the packets was slower than the loop measured, more than one poll in ten came back "
                    + "empty, so the ratio compares waiting rather than work: have the other side send faster")
        }
        if peers.isEmpty {
            texts.append(
                "dpdk-testpmd could not be given frames to forward, so there is no ratio: compare on net_null")
        }
        if count.involuntarySwitches > 2 * UInt64(max(ours.count, 1)) {
            texts.append(
                "the kernel took the CPU away more than twice in a measurement, so the rates are of a shared machine: "
                    + "stop other programs, or isolate the CPU (isolcpus=, nohz_full=)")
        }
        return texts.map { BenchWarning(subject: name, text: $0) }
    }
}
