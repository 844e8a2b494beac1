import Wire

extension MulticastMembership {
    /// Writes the next frame that is due; 0 when none is.
    /// - Parameter capacity: bytes that may be written at `frame`.
    /// - Returns: length of the frame.
    public mutating func writeFrame(
        to frame: UnsafeMutableRawPointer, capacity: Int, interface: InterfaceConfiguration
    ) -> Int {
        isVersionTwo
            ? writeVersionTwo(to: frame, interface)
            : writeVersionThree(to: frame, capacity: capacity, interface)
    }

    private mutating func writeVersionThree(
        to frame: UnsafeMutableRawPointer, capacity: Int, _ interface: InterfaceConfiguration
    ) -> Int {
        guard hasFrameDue else { return 0 }
        let headers = EthernetHeader.taggedLength &+ IPv4Header.routerAlertLength
        let room = min(capacity &- headers, interface.mtu &- IPv4Header.routerAlertLength)
        guard room >= IGMPReportWriter.headerLength else { return 0 }
        let tag = interface.tag(interface.marking.control, vlan: interface.vlan)
        let offset = (tag == 0 ? EthernetHeader.untaggedLength : EthernetHeader.taggedLength)
        var report = IGMPReportWriter(to: frame + offset + IPv4Header.routerAlertLength, capacity: room)
        for index in 0..<groupCount {
            if groups[index].isChangeDue {
                guard appendChange(&report, index) else { break }
                groups[index].isChangeDue = false
            }
            if groups[index].isResponseDue {
                guard appendResponse(&report, index) else { break }
                groups[index].isResponseDue = false
                groups[index].queriedCount = 0
            }
        }
        guard report.recordCount > 0 else { return 0 }
        return writeHeaders(
            to: frame, destination: Self.versionThreeReporters, payloadLength: report.finish(), tag: tag, interface)
    }

    private func appendChange(_ report: inout IGMPReportWriter, _ index: Int) -> Bool {
        let group = groups[index]
        let type: IGMPRecordType =
            switch (isLeaving, group.sourceCount == 0) {
            case (false, true): .changeToExclude
            case (false, false): .allowNewSources
            case (true, true): .changeToInclude
            case (true, false): .blockOldSources
            }
        return report.append(
            type, group: group.address, sources: sources + index &* Self.maximumSources, count: group.sourceCount)
    }

    private func appendResponse(_ report: inout IGMPReportWriter, _ index: Int) -> Bool {
        let group = groups[index]
        let first = index &* Self.maximumSources
        if group.queriedCount > 0 {
            return report.append(
                .modeIsInclude, group: group.address, sources: queried + first, count: group.queriedCount)
        }
        return report.append(
            group.sourceCount == 0 ? .modeIsExclude : .modeIsInclude, group: group.address, sources: sources + first,
            count: group.sourceCount)
    }

    private mutating func writeVersionTwo(
        to frame: UnsafeMutableRawPointer, _ interface: InterfaceConfiguration
    ) -> Int {
        for index in 0..<groupCount where groups[index].isChangeDue || groups[index].isResponseDue {
            groups[index].isChangeDue = false
            groups[index].isResponseDue = false
            let tag = interface.tag(interface.marking.control, vlan: interface.vlan)
            let offset = tag == 0 ? EthernetHeader.untaggedLength : EthernetHeader.taggedLength
            let length = IGMPMessage.writeVersionTwo(
                isLeaving ? .leave : .reportVersionTwo, group: groups[index].address,
                to: frame + offset + IPv4Header.routerAlertLength)
            return writeHeaders(
                to: frame, destination: isLeaving ? Self.allRouters : groups[index].address, payloadLength: length,
                tag: tag, interface)
        }
        return 0
    }

    private var hasFrameDue: Bool {
        for index in 0..<groupCount where groups[index].isChangeDue || groups[index].isResponseDue { return true }
        return false
    }

    /// Ethernet and IPv4 in front of a message that is there; time to live 1, so that it stays on the link.
    private func writeHeaders(
        to frame: UnsafeMutableRawPointer, destination: IPv4Address, payloadLength: Int, tag: UInt32,
        _ interface: InterfaceConfiguration
    ) -> Int {
        let offset = EthernetHeader.write(
            to: frame, destination: MACAddress(multicastGroup: destination), source: interface.macAddress,
            etherType: .ipv4, tag: tag)
        IPv4Header.writeWithRouterAlert(
            to: frame + offset, trafficClass: interface.marking.control.dscp << 2, payloadLength: payloadLength,
            timeToLive: 1, transport: .igmp, source: interface.ipAddress, destination: destination)
        return offset &+ IPv4Header.routerAlertLength &+ payloadLength
    }
}
