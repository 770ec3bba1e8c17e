import Catalogue
package import CatalogueSearch
import Lineage
import Pictures
import Reports
import Sketches

extension AuditRun {
  /// The run of `unmask identify`. `models`: one for each identification. `failing`: the relations that `--fail-on` names.
  package init(_ found: [Identification], models: [AuditModel], failing: Set<Identification.Relation>, end: End) {
    precondition(found.count == models.count, "one model for each identification")
    var findings: [AuditFinding] = []
    for (index, identification) in found.enumerated() {
      for (number, part) in identification.parts.enumerated() {
        // The exit code rests on the main part.
        let isFailing = number == 0 && failing.contains(part.relation)
        let kin = part.matches.filter(\.match.isKin)
        let component = identification.parts.count > 1 ? part.name : nil
        if kin.isEmpty || part.relation != .derived {
          findings.append(AuditFinding(part, of: index, models[index], component: component, isFailing: isFailing))
        }
        for (rank, match) in kin.enumerated() where part.relation == .derived {
          findings.append(
            AuditFinding(match, rank: rank, of: index, models[index], component: component, isFailing: isFailing))
        }
      }
    }
    self.init(command: "identify", rules: AuditRule.identifications, models: models, end: end, findings: findings)
    problems = found.flatMap { model in
      model.parts.flatMap(\.matches).compactMap { match in
        match.problem.map {
          Problem(text: "\(match.labels.id) was not compared with the weights: \($0)", path: match.labels.path, isError: false)
        }
      }
    }
  }
}

extension AuditFinding {
  /// A part of which nothing was found.
  fileprivate init(
    _ part: Identification.Part, of index: Int, _ model: AuditModel, component: String?, isFailing: Bool
  ) {
    let about = model.name + (component.map { ", \($0)" } ?? "")
    let doubt = part.doubt.map { " " + $0.words(model: model.id, part) + "." } ?? ""
    self.init(AuditRule(part.relation), of: index, message: "\(about): \(part.relation.words).\(doubt)")
    self.component = component
    self.isFailing = isFailing
  }

  /// A known model with a common origin. The nearest is taken for the foundation; of the others it is not known.
  fileprivate init(
    _ match: Identification.Match, rank: Int, of index: Int, _ model: AuditModel, component: String?, isFailing: Bool
  ) {
    let about = model.name + (component.map { ", \($0)" } ?? "")
    let found = match.match
    var message =
      "\(about) against \(match.labels.id): \(Identification.Relation.derived.words). By the sketches "
      + (found.isInPlace ? "in place" : "of the neurons") + ": score \(Pictures.Figures.fixed(found.score, 4)), "
      + "log10 p \(Pictures.Figures.fixed(found.log10P, 1))."
    if let confirmed = match.confirmed { message += " The comparison of the weights says: \(confirmed.rawValue)." }
    self.init(.derived, of: index, message: message)
    self.component = component
    self.isFailing = isFailing
    foundations = [Foundation(AuditModel(match.labels))]
    // The relation of the weights is the better answer.
    let isRefuted = match.confirmed.map { !$0.isKinship } ?? false
    descent = rank == 0 && !isRefuted ? .ancestor : .unknown
    figures = Figures(score: found.score, cosine: found.inPlace?.cosine, log10P: found.log10P)
  }
}

extension AuditModel {
  /// A model of a catalogue.
  fileprivate init(_ labels: CatalogueLabels) {
    let version = labels.revision.isEmpty ? nil : labels.revision
    self.init(
      id: labels.id, name: labels.name, version: version,
      packageURL: labels.path.flatMap { Self.repository($0) }.map { PackageURL(hub: $0.id, commit: version ?? $0.revision) }
        ?? PackageURL(generic: labels.name, version: version))
  }

  /// The repository and revision of an address of the hub; nil for a path. A path of a catalogue is absolute.
  static func repository(_ address: String) -> (id: String, revision: String?)? {
    let scheme = "hf://"
    let hasScheme = address.utf8.starts(with: scheme.utf8)
    let parts = (hasScheme ? String(Substring(address.utf8.dropFirst(scheme.utf8.count))) : address).utf8
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    guard hasScheme ? parts.count >= 2 : parts.count == 2, parts.prefix(2).allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
    else { return nil }
    let name = parts[1].split(separator: "@", maxSplits: 1).map(String.init)
    guard let last = name.first else { return nil }
    return (parts[0] + "/" + last, name.count == 2 ? name[1] : nil)
  }
}
