/// What a benchmark found, on one self-contained page: headlines, warnings, sections with plots and tables, host, all
/// figures. No scripts, nothing from elsewhere; light and dark as the reader has it, light on paper. Well-formed XML too.
struct ReportPage {
    /// A part of the page.
    struct Section {
        var title: String
        /// Sentences below the title.
        var text: [String] = []
        /// Pictures (inline SVG), each with its caption.
        var figures: [(svg: String, caption: String)] = []
        var tables: [Table] = []
    }

    var title: String
    /// What was found, in short lines: the name and the figure.
    var headlines: [(name: String, value: String)]
    var date = Self.now
    var warnings: [String]
    var sections: [Section]

    func html() -> String {
        let cards = headlines.map {
            "<div class=\"card\"><b>\(SVG.escaped($0.value))</b><span>\(SVG.escaped($0.name))</span></div>"
        }
        let warned = warnings.map { "<li>\(SVG.escaped($0))</li>" }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(SVG.escaped(title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header><h1>\(SVG.escaped(title))</h1><p class="quiet">\(SVG.escaped(date))</p></header>
            <div class="cards">\(cards.joined())</div>
            \(warned.isEmpty ? "" : "<section class=\"warnings\"><h2>Read this first</h2><ul>\(warned.joined(separator: "\n"))</ul></section>")
            \(sections.map(html).joined(separator: "\n"))
            </body>
            </html>
            """
    }

    private func html(_ section: Section) -> String {
        let text = section.text.map { "<p>\(SVG.escaped($0))</p>" }
        let figures = section.figures.map {
            "<figure>\($0.svg)<figcaption>\(SVG.escaped($0.caption))</figcaption></figure>"
        }
        return """
            <section>
            <h2>\(SVG.escaped(section.title))</h2>
            \(text.joined(separator: "\n"))
            <div class="figures">\(figures.joined(separator: "\n"))</div>
            \(section.tables.map { $0.html }.joined(separator: "\n"))
            </section>
            """
    }
}
