import Pictures

extension Page {
  /// Text colours have a contrast of at least 4.5 with their background, in light and dark mode. Paper is always light.
  static let style = Markup.trusted(
    """
    <style>
    :root{--page:#fff;--plate:#f6f6f3;--ink:#1b1d22;--soft:#585d66;--edge:#c9ccd1;--mark:#1f5fa8;
    --kin:#a3281b;--strange:#1d6b3a;--open:#7a5600;--null:#b9bec7;--warn:#fdf3d8}
    @media screen and (prefers-color-scheme:dark){:root{--page:#16181d;--plate:#1f2229;--ink:#e8e9ec;--soft:#a4a9b3;--edge:#3d424c;
    --mark:#7db4f2;--kin:#ff8b7b;--strange:#78d19a;--open:#e8bf5c;--null:#5a616e;--warn:#37301c}}
    *{box-sizing:border-box}
    html{color-scheme:light dark}
    body{margin:0 auto;padding:2rem 1.25rem 3rem;max-width:84rem;background:var(--page);color:var(--ink);
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
    h1{font-size:1.25rem;font-weight:500;margin:0 0 .25rem;overflow-wrap:anywhere}
    h1 b{font-weight:650}
    h2{font-size:1.05rem;margin:2.25rem 0 .5rem}
    .verdict{display:block;font-size:2.4rem;line-height:1.15;font-weight:700;margin:0 0 .5rem;letter-spacing:-.01em}
    .verdict.kin{color:var(--kin)}.verdict.strange{color:var(--strange)}.verdict.open{color:var(--open)}
    .lead{font-size:1.1rem;max-width:48rem;margin:.25rem 0 1rem;overflow-wrap:anywhere}
    .note,footer{color:var(--soft);max-width:52rem}.note{margin:.1rem 0 .75rem}
    .figures{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
    .figures div{background:var(--plate);border:1px solid var(--edge);border-radius:6px;padding:.5rem .9rem;min-width:7.5rem}
    .figures dt{color:var(--soft);font-size:.85rem}.figures dd{margin:0;font-size:1.3rem;font-weight:600;font-variant-numeric:tabular-nums}
    .warnings{background:var(--warn);border-left:4px solid var(--open);padding:.6rem .9rem;margin:1rem 0;max-width:60rem;overflow-wrap:anywhere}
    .warnings p{margin:.2rem 0}
    li{overflow-wrap:anywhere}
    .scroll{overflow-x:auto;max-width:100%}
    .grid,.halves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(34rem,100%),1fr));gap:.5rem 2.5rem;align-items:start}
    .grid>*,.halves>*{min-width:0}
    .prose{max-width:60rem}.prose p,.prose li{margin:.35rem 0}
    .controls{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:.5rem 0}
    .controls input{font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:4px;padding:.2rem .5rem;width:16rem;max-width:100%}
    .controls output{color:var(--soft)}
    [hidden]{display:none!important}tr.rest{display:none}.paper{display:none}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
    caption{text-align:left;white-space:nowrap;color:var(--soft);padding:.25rem 0}
    th,td{padding:.28rem .7rem;border-bottom:1px solid var(--edge);text-align:left;vertical-align:top;white-space:nowrap}
    thead th{border-bottom:2px solid var(--edge);font-weight:600;background:var(--page)}
    tbody th{font-weight:400;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85em}
    .number{text-align:right}
    td.long{white-space:normal;overflow-wrap:anywhere;min-width:14rem}
    th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
    th button::after{content:"";display:inline-block;width:1em;margin-right:-1em;text-align:center}
    th[aria-sort=ascending] button::after{content:"▴"}th[aria-sort=descending] button::after{content:"▾"}
    tbody tr:hover{background:var(--plate)}
    tr.kin td:nth-child(3){color:var(--kin);font-weight:600}tr.strange td:nth-child(3){color:var(--strange)}
    tr.open td:nth-child(3){color:var(--open)}
    details>summary{cursor:pointer}details>summary h2{display:inline-block;margin:1rem 0 .5rem}
    svg{display:block;max-width:100%;height:auto}
    svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
    .ink{fill:var(--ink)}.soft{fill:var(--soft)}.edge{fill:none;stroke:var(--soft);stroke-opacity:.6}.rule{stroke:var(--ink)}
    svg .grid{stroke:var(--edge)}.blank{fill:var(--page)}.hatch{stroke:var(--soft)}.grey{fill:#b0b0b0}
    .line1,.line2{fill:none;stroke-width:2}.line1{stroke:var(--mark)}.line2{stroke:var(--open);stroke-dasharray:5 4}
    .dot1{fill:var(--mark)}.dot2{fill:var(--open)}.null1{fill:var(--null)}.null2{fill:var(--null);fill-opacity:.45}
    svg.tree{max-width:none}svg.tree text{font-size:13px}svg.tree .soft{white-space:pre}
    .descent{fill:none;stroke:var(--soft);stroke-width:1.5}.descent.open{stroke-dasharray:4 4}
    .descent.second{stroke:var(--mark);stroke-width:1;stroke-opacity:.8}
    .head{fill:var(--soft)}.node{fill:var(--mark)}.node.root{fill:var(--kin)}.edges td:last-child{white-space:normal;min-width:24rem}
    #tip{position:fixed;pointer-events:none;background:var(--ink);color:var(--page);padding:.25rem .55rem;border-radius:4px;font-size:.85rem;
    max-width:28rem;overflow-wrap:anywhere;z-index:2}
    #save,.controls button{font:inherit;color:var(--mark);background:none;border:1px solid currentColor;border-radius:4px;padding:.1rem .5rem;cursor:pointer}
    @media (max-width:600px){tbody th,td:not(.number){white-space:normal}td.long{min-width:11rem}}
    @page{size:A4;margin:13mm 15mm}
    @media print{html{font-size:8.5pt}body{max-width:none;padding:0;font-size:8.5pt;line-height:1.35}
    h2{margin:.8rem 0 .15rem}.note{margin:0 0 .3rem}.verdict{font-size:2rem}.lead{max-width:none;margin:.1rem 0 .5rem}
    .figures{gap:.4rem;margin:.5rem 0}.figures div{padding:.2rem .6rem}.figures dd{font-size:1.1rem}
    h2,.note,summary{break-after:avoid}tr,svg,.figures,.warnings,.note{break-inside:avoid}tr:has(.long){break-inside:auto}.prose{max-width:none}
    .grid,.halves{grid-template-columns:1fr 1fr;gap:0 1.5rem}.grid svg{max-height:54mm;width:auto}
    .scroll{overflow:visible}th,td{white-space:normal;padding:.1rem .35rem}table{font-size:7.5pt}td,tbody th{overflow-wrap:break-word}
    td.long{min-width:0;overflow-wrap:anywhere}caption{white-space:normal}
    svg.tree{max-width:100%;break-inside:auto}.edges td:last-child{min-width:0}
    .screen,.controls,#tip,tr.late{display:none}.paper{display:inline}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    </style>
    """)

  /// Without the script nothing can show the rows that it would hide at first.
  static let styleWithoutScript = Markup.trusted("<noscript><style>tr.rest{display:table-row}</style></noscript>")
}
