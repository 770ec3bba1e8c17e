package import Foundation

#if canImport(FoundationXML)
  package import FoundationXML
#endif

/// A document as an XML parser reads it: elements, attributes and texts in order. HTML pages are read without what is in their
/// scripts and styles, which HTML takes as plain text.
package final class ParsedMarkup: NSObject, XMLParserDelegate {
  /// The line at which a parser gave up.
  package struct Broken: Error { var line: Int }

  /// In the order of their opening tags.
  package private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// The text of each element that has no other in it.
  package private(set) var texts: [String] = []
  private var text = ""

  /// Reads a document; throws where an XML parser gives up.
  package init(_ source: String) throws {
    super.init()
    var markup = source.replacing("<!DOCTYPE html>\n", with: "").replacing(" hidden=\"\"", with: "")
    if source.contains("<!DOCTYPE html>") {
      for name in ["script", "style"] {
        let pieces = markup.components(separatedBy: "</\(name)>")
        markup = pieces.enumerated().map { i, piece in
          guard i + 1 < pieces.count, let start = piece.range(of: "<\(name)") else { return piece }
          return String(piece[..<start.lowerBound])
        }.joined()
      }
    }
    let parser = XMLParser(data: Data(markup.utf8))
    parser.delegate = self
    guard parser.parse() else { throw Broken(line: parser.lineNumber) }
  }

  /// Elements of this name.
  package func count(_ name: String) -> Int { elements.count { $0.name == name } }

  /// The values of an attribute of all elements of this name, in order.
  package func attributes(_ name: String, _ key: String) -> [String] {
    elements.filter { $0.name == name }.compactMap { $0.attributes[key] }
  }

  /// See `XMLParserDelegate`.
  package func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append((name, attributes))
    text = ""
  }

  /// See `XMLParserDelegate`.
  package func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  /// See `XMLParserDelegate`.
  package func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if !text.isEmpty { texts.append(text) }
    text = ""
  }
}
