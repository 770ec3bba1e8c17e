extension LayerTable {
  /// The table with one slot for all experts of a role, where a layer lists them one after the other, as numbers in names would
  /// give.
  ///
  /// A router gives the number of experts: it has one output per expert, and as many matrices of one shape write to the
  /// residual stream. The order is expert by expert, or role by role with all experts of each; the order of the shapes shows
  /// which. nil when there is no such router.
  func gatheringExperts(width: Int) -> LayerTable? {
    guard basis != .weights else { return nil }
    var slotsByShape: [[Int]: [Int]] = [:]
    for (i, slot) in slots.enumerated() where slot.isMatrix && slot.experts.isEmpty {
      slotsByShape[slot.shape, default: []].append(i)
    }
    for (shape, routers) in slotsByShape.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      guard routers.count == 1, shape[1] == width, shape[0] != width, shape[0] > 1 else { continue }
      let count = shape[0]
      let writers = slotsByShape.filter { $0.key[0] == width && $0.key[1] != width && $0.value.count == count }
      for (down, downs) in writers.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        let readers = slotsByShape[[down[1], width], default: []]
        guard readers.count == count || readers.count == 2 * count else { continue }
        return joining(count, readers: readers, writers: downs)
      }
    }
    return nil
  }

  private func joining(_ count: Int, readers: [Int], writers: [Int]) -> LayerTable {
    let each = readers.count / count
    // A writer among the readers: the order is expert by expert.
    let areWhole =
      count > 1 && (readers.last ?? 0) > (writers.first ?? 0) && (readers.first ?? 0) < (writers.last ?? 0)
      && zip(writers, writers.dropFirst()).allSatisfy { a, b in readers.count { $0 > a && $0 < b } == each }
    var groups = (0..<each).map { i in
      (0..<count).map { areWhole ? readers[$0 * each + i] : readers[i * count + $0] }
    }
    groups.append(writers)
    let gathered = groups.map { group in
      var slot = slots[group[0]]
      slot.experts = Array(0..<count)
      slot.members = slot.members.filter { layer, _ in group.allSatisfy { slots[$0].members[layer] != nil } }
      for layer in slot.members.keys { slot.members[layer] = group.flatMap { slots[$0].members[layer] ?? [] } }
      return slot
    }
    let used = Set(groups.joined())
    var table = self
    table.slots = slots.indices.filter { !used.contains($0) }.map { slots[$0] } + gathered
    return table
  }
}
