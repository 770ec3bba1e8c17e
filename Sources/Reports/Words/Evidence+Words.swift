import Lineage

extension Evidence.Test {
  /// The name of the test.
  var words: String {
    switch self {
    case .rowsInPlace: "rows in place"
    case .tokenTable(let role): "\(role) in place"
    case .neuronAgreement: "neuron agreement"
    case .headAgreement: "head agreement"
    }
  }
}
