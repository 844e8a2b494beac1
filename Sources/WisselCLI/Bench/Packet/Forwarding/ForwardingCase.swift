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
    var warnings: [String] {
        var warnings: [String] = []
        if count.emptyPolls > count.bursts / 10 {
            let remedy =
                device == .memif
                ? "give the source a CPU of its own, with at least three CPUs" : "have the other side send faster"
            warnings.append(
                "\(name): the source of the packets was slower than the loop measured "
                    + "(\(grouped(count.emptyPolls)) polls came back empty, \(grouped(count.bursts)) did not), so the "
                    + "ratio compares waiting rather than work: \(remedy)")
        }
        if peers.isEmpty {
            warnings.append(
                "\(name): dpdk-testpmd could not be given frames to forward, so there is no ratio; compare on net_null")
        }
        if count.involuntarySwitches > 2 * UInt64(max(ours.count, 1)) {
            warnings.append(
                "\(name): the kernel took the CPU away \(count.involuntarySwitches) times in \(ours.count) "
                    + "measurements, so the rates are of a shared machine: stop other programs, or isolate the CPU "
                    + "(isolcpus=, nohz_full=)")
        }
        return warnings
    }
}
