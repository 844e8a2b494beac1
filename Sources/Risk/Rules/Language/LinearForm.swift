/// A sum of at most three fields with small factors, and a constant: what one operation evaluates.
struct LinearForm: Equatable {
    /// In the order in which they were written, none with factor 0.
    private(set) var terms: [(field: RuleField, factor: Int64)] = []
    private(set) var constant: Int64 = 0

    init(constant: Int64) { self.constant = constant }
    init(_ field: RuleField) { terms = [(field, 1)] }

    static func == (left: LinearForm, right: LinearForm) -> Bool {
        left.constant == right.constant && left.terms.elementsEqual(right.terms, by: ==)
    }

    var isConstant: Bool { terms.isEmpty }

    /// What |sum without the constant| can be at most.
    var bound: Int64 { terms.reduce(0) { $0 + abs($1.factor) } * RuleLimits.fieldMagnitude }

    /// The field of a sum of one term by itself, and its factor: a condition of it is divided by the factor.
    var onlyTerm: (LinearForm, factor: Int64)? {
        terms.count == 1 ? (LinearForm(terms[0].field), terms[0].factor) : nil
    }

    /// The same without the constant.
    var withoutConstant: LinearForm {
        var form = self
        form.constant = 0
        return form
    }

    /// nil when the result is more than one operation can evaluate.
    func scaled(by factor: Int64) -> LinearForm? {
        let product = constant.multipliedReportingOverflow(by: factor)
        guard !product.overflow, product.partialValue != .min else { return nil }
        var form = LinearForm(constant: product.partialValue)
        guard factor != 0 else { return form }
        guard abs(factor) <= RuleLimits.factors || isConstant else { return nil }
        form.terms = terms.map { ($0.field, $0.factor * factor) }
        return form.isEvaluable ? form : nil
    }

    /// nil when the result is more than one operation can evaluate.
    func adding(_ other: LinearForm) -> LinearForm? {
        let sum = constant.addingReportingOverflow(other.constant)
        guard !sum.overflow, sum.partialValue != .min else { return nil }
        var form = LinearForm(constant: sum.partialValue)
        form.terms = terms
        for term in other.terms {
            if let place = form.terms.firstIndex(where: { $0.field == term.field }) {
                form.terms[place].factor += term.factor
            } else {
                form.terms.append(term)
            }
        }
        form.terms.removeAll { $0.factor == 0 }
        return form.isEvaluable ? form : nil
    }

    private var isEvaluable: Bool {
        terms.count <= 3 && terms.reduce(0) { $0 + abs($1.factor) } <= RuleLimits.factors
    }

    func operation(_ code: RuleOperation.Code, constant: Int64) -> RuleOperation {
        var operation = RuleOperation(code, constant: constant)
        let places: [(WritableKeyPath<RuleOperation, UInt8>, WritableKeyPath<RuleOperation, Int8>)] = [
            (\.firstField, \.firstFactor), (\.secondField, \.secondFactor), (\.thirdField, \.thirdFactor),
        ]
        for (term, place) in zip(terms, places) {
            operation[keyPath: place.0] = term.field.rawValue
            operation[keyPath: place.1] = Int8(term.factor)
        }
        return operation
    }
}
