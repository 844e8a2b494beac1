@main struct Wissel { static func main() {} }
