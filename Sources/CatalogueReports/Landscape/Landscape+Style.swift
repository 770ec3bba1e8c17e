import CatalogueSearch

extension Landscape {
  /// In the colours of `Page`.
  static let style: StaticString = """
    <style>
    .frame{border:1px solid var(--edge);border-radius:6px;background:var(--plate);overflow:hidden}
    svg.map{width:100%;height:auto;max-height:78vh;touch-action:none}
    svg.map text{font-size:11px;text-anchor:middle;pointer-events:none}svg.map text.mark{font-weight:700;font-size:13px}
    .disc{fill:var(--page);stroke:var(--edge)}.map .descent{stroke-width:1}.map .descent.open{stroke-dasharray:3 3}
    .map circle.node{stroke:var(--page);stroke-width:.8;cursor:pointer}.map circle.node.marked{fill:#e0a100;stroke:var(--ink)}
    .map circle.ring{fill:none;stroke:#e0a100;stroke-width:2.5}.map circle.node.chosen{fill:var(--open);stroke:var(--ink);stroke-width:2}
    .map circle.node.close{fill:var(--strange)}.map.chosen circle.node:not(.chosen):not(.close):not(.marked){fill-opacity:.35}
    .finder{margin:.5rem 0}.finder input{font:inherit;padding:.15rem .4rem}
    .finder button{font:inherit;color:var(--mark);background:none;border:1px solid currentColor;border-radius:4px;padding:.1rem .5rem;
    margin:.1rem .3rem .1rem 0;cursor:pointer;max-width:100%;overflow-wrap:anywhere;text-align:left}
    ul.family,ul.alone{list-style:none;padding:0 0 0 .5rem;margin:.25rem 0}ul.family li b,ul.alone li b{font-weight:500}
    ul.family,ul.alone{content-visibility:auto}li .soft{color:var(--soft);white-space:pre-wrap}
    li.marked{background:var(--warn)}details>summary{font-weight:600}
    </style>
    """
}
