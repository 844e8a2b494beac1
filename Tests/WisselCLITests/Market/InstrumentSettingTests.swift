import Orders
import Testing
import WisselCLI

/// Parameters as a person writes them, in the fields `InstrumentParameter` names.
@Suite struct InstrumentSettingTests {
    @Test func everyParameterSaysWhatItTakes() throws {
        for parameter in InstrumentSetting.parameters {
            let wanted = InstrumentSetting.values(of: parameter)
            #expect(!wanted.isEmpty)
            let few = #expect(throws: InstrumentSetting.Failure.self) { try InstrumentSetting("\(parameter)", []) }
            #expect(few?.description.contains(wanted) == true)
            let words = wanted.split(separator: " ").map { word in
                switch word {
                case "F|A|C|K|O|Q|S|T|Z|X": "K"
                case "on|off": "on"
                default: "7"
                }
            }
            #expect(try InstrumentSetting("\(parameter)", words).parameter == parameter)
            #expect(throws: InstrumentSetting.Failure.self) { try InstrumentSetting("\(parameter)", words + ["1"]) }
            #expect(throws: InstrumentSetting.Failure.self) {
                try InstrumentSetting("\(parameter)", words.map { _ in "x" })
            }
        }
    }

    @Test func valuesGoWhereTheyBelong() throws {
        let band = try InstrumentSetting("priceBand", ["-9_000", "11_000"])
        #expect(band.originalClientOrderID == UInt64(bitPattern: -9_000) && band.price == 11_000)
        let tick = try InstrumentSetting("tick", ["5000", "5"])
        #expect(tick.originalClientOrderID == 5_000 && tick.price == 5)
        let maker = try InstrumentSetting("marketMaker", ["5", "40"])
        #expect(maker.clientOrderID == 5 && maker.price == 40)
        #expect(try InstrumentSetting("list", ["1000"]).quantity == 1_000)
        #expect(try InstrumentSetting("algorithm", ["X"]).price == 9)
        #expect(try InstrumentSetting("leveling", ["off"]).price == 0)
        #expect(try InstrumentSetting("referencePrice", ["-3"]).price == -3)
    }

    @Test func whatIsWrongIsSaid() {
        func words(_ name: String, _ values: String...) -> String {
            #expect(throws: InstrumentSetting.Failure.self) { try InstrumentSetting(name, values) }?.description ?? ""
        }
        #expect(words("none").contains("there are list, priceBand"))
        #expect(words("lot", "1.5").contains("\"1.5\" is no number for lot"))
        #expect(words("list", "-1").contains("from 0 to 4294967295"))
        #expect(words("algorithm", "FIFO").contains("F|A|C"))
    }
}
