import OrderEntry
import Testing

@Suite struct PeerTests {
    @Test func anEndpointIsAddressAndPort() {
        let peer = Peer(mac: 1, ipv4: 2, port: 3, vlan: 4)
        #expect(peer.isSameEndpoint(as: Peer(mac: 9, ipv4: 2, port: 3, vlan: 9)))
        #expect(!peer.isSameEndpoint(as: Peer(mac: 1, ipv4: 8, port: 3, vlan: 4)))
        #expect(!peer.isSameEndpoint(as: Peer(mac: 1, ipv4: 2, port: 8, vlan: 4)))
    }
}
