import ModelAnatomy

/// A model's weights by role, layer and expert: who asks for hundreds of thousands does not go through as many for each.
///
/// ```swift
/// let places = WeightPlaces(anatomy)
/// places.first(.upProj, layer: 3, expert: 7)
/// ```
struct WeightPlaces: Sendable {
  /// Where a weight stands in a model.
  struct Place: Hashable {
    var role: Role
    var layer: Int?
    var expert: Int?

    init(role: Role, layer: Int?, expert: Int?) { (self.role, self.layer, self.expert) = (role, layer, expert) }

    /// The place of `weight`.
    init(of weight: Weight) { self.init(role: weight.role, layer: weight.layer, expert: weight.expert) }
  }

  private let weights: [Weight]
  private let places: [Place: [Int]]

  /// O(weights).
  init(_ anatomy: Anatomy) {
    let weights = anatomy.weights
    self.weights = weights
    places = Dictionary(grouping: weights.indices) { Place(of: weights[$0]) }
  }

  /// Which of the model's weights stand there, in its order; nil for none.
  subscript(place: Place) -> [Int]? { places[place] }

  /// The first weight there, in the model's order, that is as asked for.
  func first(_ role: Role, layer: Int?, expert: Int? = nil, where isWanted: (Weight) -> Bool = { _ in true }) -> Weight? {
    self[Place(role: role, layer: layer, expert: expert)]?.lazy.map { weights[$0] }.first(where: isWanted)
  }
}
