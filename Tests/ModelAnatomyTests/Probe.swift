import Foundation
import Safetensors
import Testing

@testable import ModelAnatomy

@Suite(.serialized) struct ProbeTests {
  @Test(arguments: (ProcessInfo.processInfo.environment["PROBE"] ?? "").split(separator: " ").map(String.init))
  func probe(path: String) throws {
    let only = ProcessInfo.processInfo.environment["STYLE"]
    for style in Disguise.Style.allCases where only == nil || only == style.rawValue {
      let disguise = try Disguise(path, style, seed: 7)
      let parameters = disguise.parameters
      let start = Date()
      let readings = RoleInference.readings(of: parameters, in: disguise.checkpoint)
      let time = Date().timeIntervalSince(start)
      guard let first = readings.first else { print("##", path, style, "NONE"); continue }
      let errors = first.errors(disguise.truth)
      let matrices = errors.filter { parameters[$0].shape.count > 1 }
      let least = readings.map { $0.errors(disguise.truth).filter { parameters[$0].shape.count > 1 }.count }.enumerated().min {
        $0.element < $1.element
      }
      let whole = first.wholeLayers(disguise.truth) { parameters[$0].shape.count > 1 }
      print(
        "##", path.split(separator: "/").last ?? "", style, "readings", readings.count, "matrix errors", matrices.count,
        "best of readings", least ?? "", "vector errors", errors.count - matrices.count, "layers", whole, "hd",
        first.headSize ?? 0, "sec", Int(time * 1000), "conf", first.confidence, readings.map { Int($0.distance * 10) })
      if only != nil {
        print(first.notes)
        for (layer, all) in Dictionary(grouping: first.placements.filter { $0.layer != nil }, by: \.layer).sorted(by: {
          ($0.key ?? 0) < ($1.key ?? 0)
        }) {
          print(
            "   ", layer ?? -1, all.map { "\($0.role.name):\(disguise.truth[$0.parameter].layer ?? -1)" }.joined(separator: " "))
        }
        for i in errors {
          print(
            "    ", parameters[i].name, parameters[i].shape, "layer", disguise.truth[i].layer ?? -1, "is",
            disguise.truth[i].roles.sorted(), "read", first.placements.filter { $0.parameter == i }.map { $0.role.name })
        }
      }
    }
  }
}
