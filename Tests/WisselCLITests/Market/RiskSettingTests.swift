import Orders
import Testing
import WisselCLI

/// Limits as a person writes them, in the fields `RiskParameter` names.
@Suite struct RiskSettingTests {
    @Test func everyParameterSaysWhatItTakes() throws {
        for parameter in RiskSetting.parameters {
            let wanted = RiskSetting.values(of: parameter)
            let words = wanted.split(separator: " ").map { word in
                word == "on|off" ? "on" : word.contains("|") ? "cancelBoth" : "7"
            }
            let setting = try RiskSetting(scope: "venue", "\(parameter)", words)
            #expect(setting.parameter == parameter && setting.scope == .venue)
            #expect(throws: RiskSetting.Failure.self) {
                try RiskSetting(scope: "venue", "\(parameter)", words + ["1"])
            }
            guard !words.isEmpty else { continue }
            let few = #expect(throws: RiskSetting.Failure.self) { try RiskSetting(scope: "venue", "\(parameter)", []) }
            #expect(few?.description.contains(wanted) == true)
            #expect(throws: RiskSetting.Failure.self) {
                try RiskSetting(scope: "venue", "\(parameter)", words.map { _ in "x" })
            }
        }
    }

    @Test func valuesAndScopes() throws {
        let rate = try RiskSetting(scope: "user:3", "orderRate", ["10_000", "100"])
        #expect(rate.scope == RiskScope(.user, 3) && rate.value == 10_000 && rate.quantity == 100)
        #expect(try RiskSetting(scope: "account:1", "credit", ["none"]).value == .max)
        #expect(try RiskSetting(scope: "firm:7", "killed", ["on"]).value == 1)
        #expect(try RiskSetting(scope: "firm:7", "killed", ["off"]).value == 0)
        #expect(try RiskSetting(scope: "venue", "markPrice", ["-5"]).value == -5)
        #expect(try RiskSetting(scope: "strategy:12", "selfTrade", ["cancelOldest"]).value == 2)
        for scope in ["", "account", "account:", "account:-1", "account:x", "venue:1", "desk:4", "user:1:2"] {
            #expect(throws: RiskSetting.Failure.self) { try RiskSetting(scope: scope, "rearm", []) }
        }
        #expect(throws: RiskSetting.Failure.self) { try RiskSetting(scope: "venue", "credits", ["1"]) }
    }
}
