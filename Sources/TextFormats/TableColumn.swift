/// A column of a table: its title, and how its cells are laid out.
package struct TableColumn {
  package var title: String
  package var isNumber: Bool
  /// Whether the column has names of one kind, such as models, which other columns may have too.
  package var hasNames = false

  package static func words(_ title: String) -> TableColumn { TableColumn(title: title, isNumber: false) }
  package static func names(_ title: String) -> TableColumn { TableColumn(title: title, isNumber: false, hasNames: true) }
  package static func numbers(_ title: String) -> TableColumn { TableColumn(title: title, isNumber: true) }
}
