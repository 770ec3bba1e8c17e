import Commands

@main
struct UnmaskTool {
  static func main() { CommandLineEntry.main() }
}
