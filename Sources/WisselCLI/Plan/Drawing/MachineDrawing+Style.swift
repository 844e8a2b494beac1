extension MachineDrawing {
    /// The colours of the benchmarks' page, for a picture that stands alone.
    static let style = """
        :root { color-scheme: light dark; --page: #ffffff; --ink: #1b1f24; --quiet: #5c6570; --edge: #c3c9d0;
          --socket: #f1f3f5; --nodes: #ffffff; --group: #f6f7f9; --thread: #ffffff; --system: #e3e6ea; --warn: #9a5b00;
          --c0: #0063a6; --c1: #c45100; --c2: #00785a; --c3: #a8407f; --c4: #5f6b00; --onstage: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --page: #101418; --ink: #e7eaee; --quiet: #9aa4af; --edge: #424b56;
          --socket: #161b21; --nodes: #1c2229; --group: #222932; --thread: #101418; --system: #353e49; --warn: #e3c237;
          --c0: #56b4e9; --c1: #f0883e; --c2: #2fc79a; --c3: #e08fc4; --c4: #c3cf4a; --onstage: #101418; } }
        svg { background: var(--page); }
        text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; fill: var(--ink); }
        .page { fill: var(--page); }
        text.head { font-size: 14px; font-weight: 600; } text.strong { font-weight: 600; }
        text.quiet { fill: var(--quiet); } text.warning { fill: var(--warn); }
        text.onstage { fill: var(--onstage); font-weight: 600; font-size: 10.5px; }
        text.halo { paint-order: stroke; stroke: var(--nodes); stroke-width: 4px; stroke-linejoin: round; }
        .socket { fill: var(--socket); stroke: var(--edge); } .node { fill: var(--nodes); stroke: var(--edge); }
        .group { fill: var(--group); stroke: var(--edge); stroke-dasharray: 3 3; }
        .thread { stroke: var(--edge); fill: var(--thread); } .system { fill: var(--system); }
        .empty { fill: url(#hatch); } .foreign { fill: none; stroke-dasharray: 2 3; }
        .node-cpu { stroke: var(--ink); stroke-width: 1.4; }
        .isolated { stroke: var(--c3); stroke-width: 2.2; }
        .stage.c0 { fill: var(--c0); } .stage.c1 { fill: var(--c1); } .stage.c2 { fill: var(--c2); }
        .stage.c3 { fill: var(--c3); } .stage.c4 { fill: var(--c4); }
        .chip { fill: var(--page); stroke: var(--c0); stroke-width: 1.6; } text.chip-text { fill: var(--c0); stroke: none; }
        .wire { fill: none; stroke: var(--c0); stroke-width: 1.6; } .end { fill: var(--c0); }
        .hatch { stroke: var(--edge); stroke-width: 2; }
        """

    /// Stripes for CPUs that stay empty.
    static let definitions = """
        <defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
        <line x1="0" y1="0" x2="0" y2="7" class="hatch"/></pattern></defs>
        """
}
