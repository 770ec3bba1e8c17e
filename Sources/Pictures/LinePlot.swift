/// Figures along the layers as lines with dots: one or two series on one axis. The line has a gap at an undefined figure.
///
/// ```swift
/// LinePlot(title: "cosine", labels: ["0", "1"], series: [.init(name: "cosine", values: [0.99, 0.98])], floor: 0, ceiling: 1)
///   .svg(id: "cosines")
/// ```
package struct LinePlot {
  /// One line. The first is solid with round dots, the second dashed with square dots, so that colour is not needed.
  package struct Series {
    var name: String
    var values: [Double?]

    package init(name: String, values: [Double?]) { (self.name, self.values) = (name, values) }
  }

  var title: String
  /// One label for each position, from left to right.
  var labels: [String]
  /// The meaning of the labels.
  var axis: String
  var series: [Series]
  /// The axis reaches at least from here …
  var floor: Double
  /// … to here.
  var ceiling: Double

  package init(title: String, labels: [String], axis: String, series: [Series], floor: Double, ceiling: Double) {
    (self.title, self.labels, self.axis) = (title, labels, axis)
    (self.series, self.floor, self.ceiling) = (series, floor, ceiling)
  }

  private static let (width, height) = (720.0, 230.0)
  private static let (left, right, top, bottom) = (52.0, 16.0, 34.0, 42.0)

  /// The ends of the axis and its marks, about five, with steps of 1, 2 or 5 times a power of ten; and the number of decimals
  /// that distinguishes them.
  var ticks: (values: [Double], decimals: Int) {
    let values = series.flatMap(\.values).compactMap { $0 }.filter(\.isFinite)
    var (least, most) = (min(floor, values.min() ?? floor), max(ceiling, values.max() ?? ceiling))
    // A value that exceeds an end by less than the size of a dot needs no extra step.
    let dot = 0.02 * (most - least)
    if least > floor - dot { least = floor }
    if most < ceiling + dot { most = ceiling }
    let span = most > least ? most - least : 1
    var step = 1.0
    while step <= span / 40 { step *= 10 }
    var decimals = 0
    while step > span / 4, decimals < 12 {
      step /= 10
      decimals += 1
    }
    step *= [1, 2, 5, 10].first { span / (step * $0) <= 5.5 } ?? 10
    let (first, last) = (Int((least / step).rounded(.down)), Int((most / step).rounded(.up)))
    return ((first...max(first + 1, last)).map { Double($0) * step }, decimals)
  }

  /// The picture. It takes its colours from the page.
  package func svg(id: String) -> Markup {
    let (ticks, decimals) = ticks
    let (low, high) = (ticks[0], ticks[ticks.count - 1])
    let y = { (value: Double) in
      Self.top + (high - value) / (high - low) * (Self.height - Self.top - Self.bottom)
    }
    let pitch = (Self.width - Self.left - Self.right) / Double(max(labels.count, 1))
    let x = { (place: Int) in Self.left + (Double(place) + 0.5) * pitch }
    var parts: [Markup] = [
      .element("title", ["id": id + "-title"], [.words(title)]), .element("desc", ["id": id + "-desc"], [.words(description)]),
    ]
    for tick in ticks {
      let height = Figures.fixed(y(tick), 1)
      parts.append(
        .empty(
          "path",
          ["class": "grid", "d": "M\(Figures.fixed(Self.left, 0)) \(height)H\(Figures.fixed(Self.width - Self.right, 0))"]))
      parts.append(Self.words(Figures.fixed(tick, decimals), Self.left - 8, y(tick) + 4, .end))
    }
    let room = Double(labels.map { TerminalText.columns(of: $0) }.max() ?? 0) * 7 + 8
    let every = HeatmapLayout.step(room: room, cell: max(1, Int(pitch)))
    for place in stride(from: 0, to: labels.count, by: every) {
      parts.append(Self.words(labels[place], x(place), Self.height - Self.bottom + 18, .middle))
    }
    parts.append(Self.words(axis, (Self.left + Self.width - Self.right) / 2, Self.height - 6, .middle))
    for (i, one) in series.enumerated() { parts += line(one, number: i + 1, x, y) }
    parts += legend()
    return .element(
      "svg",
      [
        "viewBox": "0 0 \(Figures.fixed(Self.width, 0)) \(Figures.fixed(Self.height, 0))", "width": Figures.fixed(Self.width, 0),
        "height": Figures.fixed(Self.height, 0), "role": "img", "aria-labelledby": "\(id)-title \(id)-desc",
      ], parts)
  }

  private func line(_ series: Series, number: Int, _ x: (Int) -> Double, _ y: (Double) -> Double) -> [Markup] {
    var path = ""
    var dots: [Markup] = []
    var isDrawing = false
    for (place, value) in series.values.enumerated() {
      guard let value, value.isFinite else {
        isDrawing = false
        continue
      }
      path += (isDrawing ? "L" : "M") + Figures.fixed(x(place), 1) + " " + Figures.fixed(y(value), 1)
      isDrawing = true
      dots.append(
        Self.dot(number, x(place), y(value), title: "\(axis) \(labels[place]): \(series.name) \(Figures.fixed(value, 4))"))
    }
    return [.empty("path", ["class": "line\(number)", "d": path])] + dots
  }

  private static func dot(_ number: Int, _ x: Double, _ y: Double, title: String) -> Markup {
    let words = [Markup.element("title", [:], [.words(title)])]
    if number == 1 {
      return .element("circle", ["class": "dot1", "cx": Figures.fixed(x, 1), "cy": Figures.fixed(y, 1), "r": "3.5"], words)
    }
    return .element(
      "rect",
      ["class": "dot2", "x": Figures.fixed(x - 2.5, 1), "y": Figures.fixed(y - 2.5, 1), "width": "5", "height": "5"], words)
  }

  private func legend() -> [Markup] {
    var at = Self.left
    var parts: [Markup] = []
    for (i, one) in series.enumerated() {
      parts.append(.empty("path", ["class": "line\(i + 1)", "d": "M\(Figures.fixed(at, 0)) 14h24"]))
      parts.append(Self.dot(i + 1, at + 12, 14, title: one.name))
      parts.append(Self.words(one.name, at + 30, 18, .start))
      at += 30 + Double(TerminalText.columns(of: one.name)) * 7 + 24
    }
    return parts
  }

  private var description: String {
    let parts = series.map { one in
      let values = one.values.compactMap { $0 }.filter(\.isFinite)
      guard let least = values.min(), let most = values.max() else { return "\(one.name): undefined" }
      return "\(one.name) from \(Figures.fixed(least, 4)) to \(Figures.fixed(most, 4))"
    }
    return "\(Figures.counted(labels.count, axis)); " + parts.joined(separator: "; ") + "."
  }

  static func words(_ text: String, _ x: Double, _ y: Double, _ anchor: TextAnchor) -> Markup {
    .element(
      "text",
      [
        "class": "soft", "x": Figures.fixed(x, 1), "y": Figures.fixed(y, 1), "font-size": "12", "text-anchor": anchor.rawValue,
      ], [.words(text)])
  }
}
