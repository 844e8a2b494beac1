extension ReportPage {
    /// Six colours that people with the common kinds of colour blindness tell apart (after Okabe and Ito), darker on
    /// white and lighter on black.
    static let style = """
        :root { color-scheme: light dark; --page: #ffffff; --ink: #1b1f24; --quiet: #5c6570; --grid: #e3e6ea;
          --axis: #8b949e; --panel: #f6f7f9; --warn: #fff6e0; --warnline: #d99a00;
          --c0: #0063a6; --c1: #c45100; --c2: #00785a; --c3: #a8407f; --c4: #8a6d00; --c5: #4b5563; }
        @media (prefers-color-scheme: dark) { :root { --page: #101418; --ink: #e7eaee; --quiet: #9aa4af;
          --grid: #2a3038; --axis: #6b7682; --panel: #191f26; --warn: #2c2412; --warnline: #d99a00;
          --c0: #56b4e9; --c1: #f0883e; --c2: #2fc79a; --c3: #e08fc4; --c4: #e3c237; --c5: #aab4bf; } }
        @media print { :root { color-scheme: light; --page: #ffffff; --ink: #000000; --quiet: #444444; --grid: #dddddd;
          --axis: #777777; --panel: #ffffff; --warn: #ffffff; --warnline: #999999;
          --c0: #0063a6; --c1: #c45100; --c2: #00785a; --c3: #a8407f; --c4: #8a6d00; --c5: #4b5563; } }
        * { box-sizing: border-box; }
        body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
          background: var(--page); color: var(--ink); max-width: 1180px; margin: 0 auto; padding: 28px 24px 60px; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0; } h2 { font-size: 19px; margin: 34px 0 6px; }
        p { margin: 4px 0 10px; max-width: 80ch; } .quiet, figcaption { color: var(--quiet); }
        .cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 18px 0; }
        .card { background: var(--panel); border: 1px solid var(--grid); border-radius: 8px; padding: 10px 16px;
          min-width: 150px; }
        .card b { display: block; font-size: 22px; line-height: 1.25; } .card span { color: var(--quiet); font-size: 13px; }
        .warnings { background: var(--warn); border-left: 4px solid var(--warnline); padding: 4px 18px 8px;
          border-radius: 4px; } .warnings h2 { margin-top: 8px; } li { margin: 4px 0; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr)); gap: 18px; }
        figure { margin: 8px 0; min-width: 0; } figcaption { font-size: 13px; margin-top: 2px; }
        .figures > figure:only-child { grid-column: 1 / -1; max-width: 820px; }
        svg { width: 100%; height: auto; display: block; }
        svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
          fill: var(--ink); }
        svg text.tick { fill: var(--quiet); } svg text.title { fill: var(--quiet); }
        svg text.label { font-weight: 600; }
        .grid { stroke: var(--grid); stroke-width: 1; } .axis { stroke: var(--axis); stroke-width: 1; }
        .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; } .dashed { stroke-dasharray: 6 4; }
        .spread { stroke-width: 5; opacity: 0.28; } .whisker { stroke: var(--ink); stroke-width: 1.2; opacity: 0.7; }
        .dot { stroke: none; } .hollow { fill: var(--page); stroke-width: 1.8; }
        .bar { stroke: none; } .pale { fill-opacity: 0.16; stroke-width: 1.2; }
        .line.c0, .spread.c0, .hollow.c0, .pale.c0 { stroke: var(--c0); } .dot.c0, .bar.c0, .pale.c0 { fill: var(--c0); }
        .line.c1, .spread.c1, .hollow.c1, .pale.c1 { stroke: var(--c1); } .dot.c1, .bar.c1, .pale.c1 { fill: var(--c1); }
        .line.c2, .spread.c2, .hollow.c2, .pale.c2 { stroke: var(--c2); } .dot.c2, .bar.c2, .pale.c2 { fill: var(--c2); }
        .line.c3, .spread.c3, .hollow.c3, .pale.c3 { stroke: var(--c3); } .dot.c3, .bar.c3, .pale.c3 { fill: var(--c3); }
        .line.c4, .spread.c4, .hollow.c4, .pale.c4 { stroke: var(--c4); } .dot.c4, .bar.c4, .pale.c4 { fill: var(--c4); }
        .line.c5, .spread.c5, .hollow.c5, .pale.c5 { stroke: var(--c5); } .dot.c5, .bar.c5, .pale.c5 { fill: var(--c5); }
        svg text.label.c0 { fill: var(--c0); } svg text.label.c1 { fill: var(--c1); }
        svg text.label.c2 { fill: var(--c2); } svg text.label.c3 { fill: var(--c3); }
        svg text.label.c4 { fill: var(--c4); } svg text.label.c5 { fill: var(--c5); }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; margin: 10px 0; font-size: 14px; }
        th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--grid); vertical-align: top; }
        th { color: var(--quiet); font-weight: 600; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        @media print { body { max-width: none; padding: 0; font-size: 10pt; } table { font-size: 8pt; }
          th, td { padding: 2pt 8pt 2pt 0; } .scroll { overflow: visible; } h2 { break-after: avoid; }
          figure, tr, .card, .warnings { break-inside: avoid; } .figures { grid-template-columns: 1fr 1fr; } }
        """
}
