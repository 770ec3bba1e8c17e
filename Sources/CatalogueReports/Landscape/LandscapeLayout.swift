import Lineage
import RealModule

/// Places for the models of a landscape: each family is a disc with its root in the middle and its tree around it, and the discs stand in
/// rows, the largest first. Models without relatives follow as a grid. The same tree gives the same places. O(nodes · log nodes).
struct LandscapeLayout {
  /// A family of at least two models.
  struct Disc {
    let root: Int
    let x: Double
    let y: Double
    let radius: Double
    let count: Int
  }

  /// By node.
  private(set) var places: [(x: Double, y: Double)]
  private(set) var discs: [Disc] = []
  private(set) var width: Double
  private(set) var height: Double

  /// Distances of neighbours on a ring, of rings, and of discs.
  private static let (spacing, step, gap) = (11.0, 20.0, 26.0)

  init(_ tree: FamilyTree) {
    places = Array(repeating: (0, 0), count: tree.nodes.count)
    var families: [(root: Int, members: [(node: Int, x: Double, y: Double)], radius: Double)] = []
    var alone: [Int] = []
    for root in tree.roots {
      let family = Self.family(tree, root)
      if family.members.count > 1 { families.append((root, family.members, family.radius)) } else { alone.append(root) }
    }
    families.sort { ($1.radius, $0.root) < ($0.radius, $1.root) }
    let area = families.reduce(0) { $0 + ($1.radius * 2 + Self.gap) * ($1.radius * 2 + Self.gap) }
    width = max(960, max((area * 1.7).squareRoot(), (families.first?.radius ?? 0) * 2 + 2 * Self.gap))
    var (x, y, row) = (Self.gap, Self.gap, 0.0)
    for family in families {
      if x + 2 * family.radius > width - Self.gap, x > Self.gap { (x, y, row) = (Self.gap, y + row + Self.gap, 0) }
      row = max(row, 2 * family.radius)
      let centre = (x: x + family.radius, y: y + family.radius)
      for member in family.members { places[member.node] = (centre.x + member.x, centre.y + member.y) }
      discs.append(
        Disc(root: family.root, x: centre.x, y: centre.y, radius: family.radius, count: family.members.count))
      x += 2 * family.radius + Self.gap
    }
    y += families.isEmpty ? 0 : row + 1.5 * Self.gap
    let columns = max(1, Int((width - 2 * Self.gap) / (Self.spacing + 2)))
    for (number, node) in alone.enumerated() {
      places[node] = (Self.gap + Double(number % columns) * (Self.spacing + 2), y + Double(number / columns) * (Self.spacing + 2))
    }
    height = y + Double((alone.count + columns - 1) / columns) * (Self.spacing + 2) + Self.gap
  }

  /// The members of a family around its root. A node's descendants lie within its angle; a generation with too many for one ring has
  /// several.
  private static func family(
    _ tree: FamilyTree, _ root: Int
  ) -> (members: [(node: Int, x: Double, y: Double)], radius: Double) {
    // From the root on, each generation after the one before it.
    var order = [root]
    var depth = [root: 0]
    var next = 0
    while next < order.count {
      for edge in tree.children(of: order[next]) {
        depth[edge.child] = (depth[order[next]] ?? 0) + 1
        order.append(edge.child)
      }
      next += 1
    }
    var leaves: [Int: Double] = [:]
    for node in order.reversed() {
      let below = tree.children(of: node).reduce(0) { $0 + (leaves[$1.child] ?? 0) }
      leaves[node] = max(1, below)
    }
    var start = [root: 0.0]
    for node in order {
      var at = start[node] ?? 0
      for edge in tree.children(of: node) {
        start[edge.child] = at
        at += leaves[edge.child] ?? 0
      }
    }
    let total = leaves[root] ?? 1
    let generations = Dictionary(grouping: order) { depth[$0] ?? 0 }
    var members = [(node: root, x: 0.0, y: 0.0)]
    var radius = step
    for generation in 1..<max(generations.count, 1) {
      let nodes = (generations[generation] ?? []).sorted { (start[$0] ?? 0, $0) < (start[$1] ?? 0, $1) }
      // Rings grow outwards, so that later ones take more.
      var (rings, room) = (0, 0.0)
      while room < Double(nodes.count) {
        room += 2 * .pi * (radius + Double(rings) * spacing) / spacing
        rings += 1
      }
      for (number, node) in nodes.enumerated() {
        let turn = ((start[node] ?? 0) + (leaves[node] ?? 1) / 2) / total
        let distance = radius + Double(number % rings) * spacing
        members.append((node, distance * .cos(2 * .pi * turn), distance * .sin(2 * .pi * turn)))
      }
      radius += Double(rings - 1) * spacing + step
    }
    return (members, members.count == 1 ? 5 : radius - step + 10)
  }
}
