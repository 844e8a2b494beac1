import Wire

extension ControlResponder {
    /// Writes the next frame of our own that is due into an empty packet: a probe or announcement of our address, a
    /// question to a neighbour, a membership report. False when no more is due; `deadline` then says when to ask again.
    public mutating func takeFrame(into packet: Packet, now: UInt64) -> Bool {
        if !hasBegun {
            hasBegun = true
            if settings.announces {
                claim.begin(now: now)
                membership.join(now: now)
            }
        }
        if let message = claim.takeMessage(now: now, random: random.next()) {
            events.set(.addressYielded, to: claim.state == .yielded ? 1 : 0)
            events.add(message == .probe ? .addressProbesSent : .addressAnnouncementsSent)
            write(
                to: packet, sender: message == .probe ? .any : interface.ipAddress, about: interface.ipAddress, mac: nil
            )
            return true
        }
        if now >= neighbourDeadline {
            if let question = neighbours.nextQuestion(now: now) {
                events.add(.arpQuestionsSent)
                write(to: packet, sender: interface.ipAddress, about: question.address, mac: question.mac)
                return true
            }
            neighbourDeadline = now &+ NeighbourTable.questionIntervalNanoseconds
        }
        if now >= membership.deadline {
            membership.expire(now: now)
            events.set(.igmpVersionTwo, to: membership.isVersionTwo ? 1 : 0)
        }
        if takeReport(into: packet) { return true }
        updateDeadline()
        return false
    }

    /// Writes the next membership report that is due; false when none is.
    private mutating func takeReport(into packet: Packet) -> Bool {
        let length = membership.writeFrame(to: packet.bytes, capacity: Int(packet.capacity), interface: interface)
        guard length > 0 else { return false }
        packet.length = UInt32(length)
        events.add(.igmpReportsSent)
        return true
    }

    /// Leaves all groups: `takeFrame` has the reports at once. Call again for each repetition.
    public mutating func leaveGroups() {
        guard settings.announces else { return }
        membership.leave()
        deadline = 0
    }

    /// There was no room or no buffer for what is due: try again later.
    public mutating func postpone(until moment: UInt64) { deadline = moment }

    mutating func updateDeadline() {
        guard hasBegun else { return }
        deadline = min(min(claim.deadline, neighbourDeadline), membership.deadline)
    }

    /// Writes an ARP request, to everybody when `mac` is nil.
    private func write(to packet: Packet, sender: IPv4Address, about address: IPv4Address, mac: MACAddress?) {
        let offset = EthernetHeader.write(
            to: packet.bytes, destination: mac ?? .broadcast, source: interface.macAddress, etherType: .arp,
            tag: interface.tag(interface.marking.control, vlan: interface.vlan))
        ARPPacket.write(
            to: packet.bytes + offset, isRequest: true, senderMAC: interface.macAddress, senderAddress: sender,
            targetMAC: mac ?? MACAddress(rawValue: 0), targetAddress: address)
        packet.length = UInt32(offset &+ ARPPacket.length)
    }
}
