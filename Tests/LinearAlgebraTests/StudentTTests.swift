import Foundation
import LinearAlgebra
import TestKit
import Testing

@Suite("Student's t")
struct StudentTTests {
  /// testdata/oracle/student_t.json, made by student_t.py.
  struct Oracle: Decodable {
    struct Student: Decodable { var t: Double, degrees: Double, log10_p: Double }
    struct Normal: Decodable { var z: Double, log10_p: Double }
    var student: [Student]
    var normal: [Normal]

    static func read() throws -> Oracle {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "testdata/oracle")
      return try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: folder.appending(path: "student_t.json")))
    }
  }

  /// A relative error of p of 1e-10 is 4.3e-11 of its log10; to that comes the rounding of the logarithm itself.
  private func isWithin(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= 4.3e-11 + 2e-15 * abs(expected)
  }

  @Test("upper tails have ten digits, from 1/2 to 10⁻¹⁰⁰⁰ and beyond")
  func student() throws {
    let oracle = try Oracle.read()
    #expect(oracle.student.count > 150)
    for c in oracle.student {
      let found = StudentT.log10UpperTail(t: c.t, degreesOfFreedom: c.degrees)
      #expect(isWithin(found, c.log10_p), "t \(c.t), \(c.degrees) degrees: \(found), not \(c.log10_p)")
    }
  }

  @Test("normal tails have ten digits while −log10 p is below 10⁵")
  func normal() throws {
    for c in try Oracle.read().normal {
      let found = StudentT.log10NormalUpperTail(c.z)
      #expect(isWithin(found, c.log10_p), "z \(c.z): \(found), not \(c.log10_p)")
    }
  }

  @Test("is Cauchy's distribution with one degree, and a power law far out")
  func cauchy() {
    for t in [0.5, 1, 10, 1e10, 1e200, 1e300] {
      let p = t > 1e8 ? 1 / t / Double.pi : 0.5 - atan(t) / .pi
      #expect(abs(StudentT.log10UpperTail(t: t, degreesOfFreedom: 1) - log10(p)) < 1e-10 * max(1, abs(log10(p))))
    }
  }

  @Test("falls as t grows, and ends in −∞, 0 and NaN")
  func limits() {
    let tails = stride(from: -20.0, through: 60, by: 0.5).map { StudentT.log10UpperTail(t: $0, degreesOfFreedom: 31) }
    #expect(zip(tails, tails.dropFirst()).nonEmptyAllSatisfy { $0 > $1 })
    #expect(StudentT.log10UpperTail(t: .infinity, degreesOfFreedom: 5) == -.infinity)
    #expect(StudentT.log10UpperTail(t: -.infinity, degreesOfFreedom: 5) == 0)
    #expect(StudentT.log10UpperTail(t: .nan, degreesOfFreedom: 5).isNaN)
    #expect(StudentT.log10NormalUpperTail(.infinity) == -.infinity)
  }
}
