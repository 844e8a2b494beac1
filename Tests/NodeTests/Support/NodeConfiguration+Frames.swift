import Node
import TestSupport
import Wire

extension NodeConfiguration {
    /// Gives the node the addresses and ports that `FrameBuilder` sends to, and lets its peer in and nobody else.
    mutating func takeAddressesOfFrameBuilder() {
        interfaces[0].address = FrameBuilder.ownAddress
        orderEntry.port = FrameBuilder.orderPort
        feeds[0].group = FrameBuilder.group
        feeds[0].port = FrameBuilder.feedPort
        for index in orderEntry.participants.indices {
            orderEntry.participants[index].sources = [IPv4Prefix(containing: FrameBuilder.peerAddress, length: 32)!]
        }
    }
}
