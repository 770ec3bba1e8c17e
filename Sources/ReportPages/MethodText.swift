import Lineage
import Pictures
import Reports
import TextFormats

/// The method in half a page, for readers who do not have the guide, with the publications that it rests on.
enum MethodText {
  static let paragraphs = [
    "unmask reads the numbers in the weight files and tests whether two models have a common origin. Coverage is the share of the "
      + "candidate's parameters that have a counterpart; the cosine is the mean over the compared matrices, weighted by parameters. Neither "
      + "decides: the verdict rests on tests, each with the distribution that it has for unrelated models, and their p-values.",
    "Weights at their stored positions. Training from random numbers puts neurons, heads and channels in an arbitrary order. In two models "
      + "that were trained independently, a row of a matrix is therefore not more similar to the row with the same number than to any other "
      + "row [1]. The test compares the mean cosine of rows with equal numbers with that of rows whose numbers are shifted, in every layer; "
      + "what all rows have in common is in both and cancels. The p-value is Student's t with the degrees of freedom of Welch and "
      + "Satterthwaite [2, 3], one-sided.",
    "Rewritten weights. Permuting neurons, exchanging layers, or rotating the basis changes every number and nothing that the model "
      + "computes. If the first test is not conclusive, unmask searches for the candidate's layers, neurons and attention heads in the "
      + "foundation, in any order and basis: neurons by their angles to each other, which no order and no rotation changes, then by an "
      + "orthogonal basis fitted to matched neurons [4]. Only neurons that the basis was not fitted to are counted. The p-value is the larger "
      + "one of two bounds, one of them for random assignments, and is multiplied by the number of alternatives tried (Bonferroni) [5, 6].",
    "Token tables, norms and names have no vote: independent models take over tokenizers, and norms look alike in all models.",
  ]

  static let references = [
    "S. Zhu, A. Ahmed, R. Kuditipudi, P. Liang: Independence Tests for Language Models. ICML 2025. arXiv:2502.12292.",
    "B. L. Welch: The generalization of Student's problem when several different population variances are involved. Biometrika 34, 1947.",
    "F. E. Satterthwaite: An approximate distribution of estimates of variance components. Biometrics Bulletin 2, 1946.",
    "P. H. Schönemann: A generalized solution of the orthogonal Procrustes problem. Psychometrika 31, 1966.",
    "R. Zhang: Matrix-Driven Instant Review: Confident Detection and Reconstruction of LLM Plagiarism on PC. 2025. arXiv:2508.06309.",
    "B. Zeng, L. Chen, Z. He, X. Wang, Z. Lin: AWM: Accurate Weight-Matrix Fingerprint for Large Language Models. 2025. arXiv:2510.06738.",
  ]

  /// The section of a page. `more`: further paragraphs.
  static func section(_ more: [String] = []) -> Page.Section {
    Page.Section(
      title: "Method",
      content: [
        .element("div", ["class": "prose"], (paragraphs + more).map { .paragraph($0) } + [.numbered(references)])
      ])
  }
}

/// The thresholds of the verdict: values of `Verdict.Rule`, with their reasons.
enum ThresholdText {
  static var table: ColumnTable {
    typealias Rule = Verdict.Rule
    let power = { (exponent: Double) in "10^\(Int(exponent))" }
    let percent = { (share: Double) in "\(Int((share * 100).rounded())) %" }
    var table = ColumnTable([.words("threshold"), .words("value"), .words("for"), .words("reason")])
    let rows = [
      (
        "p-value of a test", "at most " + power(Rule.log10Significance), "derived, merged, partial",
        "one false accusation in a million unrelated pairs"
      ),
      (
        "excess over the null mean", "at least \(Rule.leastExcess)", "derived, merged, partial",
        "its square is the share of a row's energy in common; less than a thousandth is a trace"
      ),
      (
        "p-value of a layer", "at most " + power(Rule.log10LayerSignificance), "partial",
        "one layer in a thousand is wrongly reported as taken over"
      ),
      (
        "share of a layer's neurons", "at least \(percent(Rule.leastLayerShare))", "partial",
        "three times what was measured between unrelated layers"
      ),
      (
        "excess that a test must be able to see", "\(Rule.excessToBeSeen)", "independent",
        "what a merge with a tenth of the foundation leaves"
      ),
      (
        "parameters in layers within reach of such tests", "at least \(percent(Reach.least))", "independent",
        "a verdict speaks of what was tested; with less it is insufficient"
      ),
    ]
    for row in rows { table.append([row.0, row.1, row.2, row.3]) }
    return table
  }

  static var section: Page.Section {
    Page.Section(
      title: "Thresholds", note: "Each has its reason, and none depends on the models that are compared.",
      content: [table.html(caption: "values that decide the verdict", long: [3])])
  }
}

extension ComparisonReport {
  var methodSection: Page.Section { MethodText.section() }
  var thresholdSection: Page.Section { ThresholdText.section }
}
