/// Which heads of one layer name which partners, by each circuit.
struct LayerChoices: Sendable {
  /// For each head the partner that its output–value circuit names; −1 for none. No partner is named twice.
  var written: [Int]
  /// For each head the partner that its query–key circuit names, likewise.
  var attended: [Int]
  /// For each head the group of heads with which it shares its values.
  var groups: [Int]
}

extension AgreementLaw {
  /// Groups whose order is permuted together at most; of more groups, each part is permuted by itself, which only makes the chance of
  /// agreement larger. The cost doubles with each group.
  private static let mostGroups = 10

  /// The law when the query–key circuits of a layer's heads are dealt out at random: groups of heads with shared values among
  /// groups of their size, and heads inside their groups.
  ///
  /// Heads that share values are alike in all that they write, and their shared keys make them alike in what they attend to. So
  /// they are not exchangeable one by one with the heads of other groups.
  static func layer(_ choices: LayerChoices) -> AgreementLaw {
    var writers: [Int: Int] = [:]
    for (head, partner) in choices.written.enumerated() where partner >= 0 { writers[partner] = head }
    let members = Dictionary(grouping: choices.groups.indices) { choices.groups[$0] }
    var law = AgreementLaw()
    for (size, groups) in Dictionary(grouping: members.keys, by: { members[$0]?.count ?? 0 }).sorted(by: { $0.key < $1.key }) {
      let groups = groups.sorted()
      let part = size == 1 ? groups.count : mostGroups
      for start in stride(from: 0, to: groups.count, by: part) {
        let chosen = Array(groups[start..<min(start + part, groups.count)])
        let places = Dictionary(uniqueKeysWithValues: zip(chosen, 0...))
        // common[a][b]: partners that group a names by query–key and group b by output–value.
        var common = Array(repeating: Array(repeating: 0, count: chosen.count), count: chosen.count)
        for (head, partner) in choices.attended.enumerated() {
          guard partner >= 0, let writer = writers[partner], let a = places[choices.groups[head]],
            let b = places[choices.groups[writer]]
          else { continue }
          common[a][b] += 1
        }
        if size == 1 {
          law = law.plus(fixedPoints(common: common.reduce(0) { $0 + $1.reduce(0, +) }, of: chosen.count))
        } else {
          law = law.plus(groupsPermuted(common, size: size))
        }
      }
    }
    return law
  }

  /// The law when groups are permuted, and the heads inside each group: the mean over all orders of groups, which is a permanent
  /// of laws, by subsets. O(2^groups · groups² · size²).
  private static func groupsPermuted(_ common: [[Int]], size: Int) -> AgreementLaw {
    let count = common.count
    let inside = (0...size).map { fixedPoints(common: $0, of: size) }
    var sums: [[Double]?] = Array(repeating: nil, count: 1 << count)
    sums[0] = [1]
    for subset in 0..<sums.count {
      guard let known = sums[subset] else { continue }
      let row = subset.nonzeroBitCount
      if row == count { break }
      // Each subset is reached from its smaller ones, which are done: the row's choices are equally likely.
      for column in 0..<count where subset & (1 << column) == 0 {
        let law = AgreementLaw(chances: known).plus(inside[common[row][column]])
        let target = subset | (1 << column)
        var total = sums[target] ?? []
        if total.count < law.chances.count { total += Array(repeating: 0, count: law.chances.count - total.count) }
        for (k, chance) in law.chances.enumerated() { total[k] += chance / Double(count - row) }
        sums[target] = total
      }
      sums[subset] = nil
    }
    return AgreementLaw(chances: sums[sums.count - 1] ?? [1])
  }
}
