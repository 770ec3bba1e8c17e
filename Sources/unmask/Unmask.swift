import Commands

@main
struct Unmask {
  static func main() { CommandLineEntry.main() }
}
