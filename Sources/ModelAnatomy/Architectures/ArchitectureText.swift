/// How published architectures name and store their tensors: data, one line a weight, for ``ArchitectureTable`` to parse.
///
/// Written by scripts/make-architectures, not by hand; the grammar is in ArchitectureTable+Parse.swift. Source: the names and shapes of
/// files that transformers 4.57 and 5.23 wrote, and the original repositories' files, as gathered in architectures.json.
enum ArchitectureText {
  static let parts = [part1, part2, part3, part4, part5, part6, part7]
}
