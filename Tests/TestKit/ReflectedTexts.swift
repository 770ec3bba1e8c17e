/// All texts inside a value: the payloads of an enum, the fields of a structure, the elements of a list, at any depth.
package func texts(in value: Any) -> [String] {
  if let text = value as? String { return [text] }
  return Mirror(reflecting: value).children.flatMap { texts(in: $0.value) }
}
