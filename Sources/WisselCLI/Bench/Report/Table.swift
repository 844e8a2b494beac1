/// Figures in rows, of which both the terminal and the page are made.
struct Table {
    var head: [String]
    var rows: [[String]]
    /// The first columns that are words rather than figures.
    var wordColumns = 1

    /// In columns of spaces, words on the left and figures on the right.
    var text: String {
        let lines = [head] + rows
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            cells.enumerated().map { index, cell in
                let space = String(repeating: " ", count: widths[index] - cell.count)
                return index < wordColumns ? cell + space : space + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    var html: String {
        func row(_ cells: [String], _ element: String) -> String {
            let cells = cells.enumerated().map { index, cell in
                "<\(element)\(index < wordColumns ? "" : " class=\"n\"")>\(SVG.escaped(cell))</\(element)>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return """
            <div class="scroll"><table><thead>\(row(head, "th"))</thead><tbody>
            \(rows.map { row($0, "td") }.joined(separator: "\n"))
            </tbody></table></div>
            """
    }
}
