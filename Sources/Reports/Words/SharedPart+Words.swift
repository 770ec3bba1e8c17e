package import Lineage

extension ScanFindings.SharedPart {
  /// One line of a report.
  package var sentence: String { "shared \(VerdictScope.words(component)): " + models.joined(separator: ", ") }
}
