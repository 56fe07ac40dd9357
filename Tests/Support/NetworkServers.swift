public import Foundation

/// A Python program that serves until it is closed, or until the tests' process ends in whatever way.
public final class NetworkServerProgram: @unchecked Sendable {
    /// The line that the program wrote when it was ready.
    public let greeting: String
    private let process = Process()
    private let input = Pipe()

    /// Starts `program` in `folder`; it has to write a line when it is ready and to end at the end of its input.
    public init(_ program: String, arguments: [String], in folder: URL) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.next(), as: UTF8.self)
        greeting = line.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !greeting.isEmpty else { throw NetworkProgram.Failed(description: "The server did not start.") }
    }

    /// Ends the program and returns when it has ended.
    public func close() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// Servers that tests need and that would be much work in Swift.
public enum NetworkServers {
    /// An HTTP/1.1 server behind TLS with `NAME.pem` and `NAME.key` of the folder. Every response's body is the number
    /// of its connection and of its request there. Returns the server and its port on 127.0.0.1.
    public static func tls(certificate name: String, in folder: URL) throws -> (NetworkServerProgram, port: Int) {
        let server = try NetworkServerProgram(tlsProgram, arguments: ["\(name).pem", "\(name).key"], in: folder)
        guard let port = Int(server.greeting) else {
            throw NetworkProgram.Failed(description: "The TLS server named no port.")
        }
        return (server, port)
    }

    /// nginx with `nginx.conf` of the folder, which has to name `nginx.pid` as its `pid` file.
    public static func nginx(in folder: URL) throws -> NetworkServerProgram {
        try NetworkServerProgram(nginxProgram, arguments: [folder.path], in: folder)
    }

    private static let tlsProgram = """
        import itertools, os, socket, ssl, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        def serve(plain, number):
            try:
                with context.wrap_socket(plain, server_side=True) as peer, peer.makefile("rb") as lines:
                    for count in itertools.count(1):
                        line = b""
                        while line != b"\\r\\n":
                            line = lines.readline()
                            if not line:
                                return
                        body = b"%d %d" % (number, count)
                        peer.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
            except OSError:
                pass
        def accept():
            for number in itertools.count(1):
                plain, _ = listener.accept()
                threading.Thread(target=serve, args=(plain, number), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        print(listener.getsockname()[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """

    /// nginx's first process ends when its daemon listens. Python closes what they would inherit of the tests' process.
    private static let nginxProgram = """
        import subprocess, sys
        command = ["nginx", "-p", sys.argv[1], "-e", "error.log", "-c", "nginx.conf"]
        silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if subprocess.run(command, **silent).returncode == 0:
            print("ready", flush=True)
            sys.stdin.read()
            subprocess.run(command + ["-s", "stop"], **silent)
        """
}
