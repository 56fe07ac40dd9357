import ProviderKit
import Testing

/// What is done to a good challenge, and what is said about it.
struct Flaw: Sendable, CustomTestStringConvertible {
    var name: String
    var value: String?
    var says: String

    init(_ name: String, _ value: String?, _ says: String) {
        self.name = name
        self.value = value
        self.says = says
    }

    var testDescription: String { "\(name) = \((value ?? "missing").prefix(60))" }

    func applied(to object: JSONObject) throws -> JSONObject {
        var object = object
        object[name] = try value.map { try JSONValue(parsing: $0) }
        return object
    }
}

extension Flaw {
    static let version1: [Flaw] = [
        Flaw("algorithm", nil, "algorithm has to be a string"),
        Flaw("algorithm", "7", "algorithm has to be a string"),
        Flaw("challenge", "7", "challenge has to be a string"),
        Flaw("challenge", "\"xyz\"", "even number of hexadecimal digits"),
        Flaw("challenge", "\"abcd\"", "has to be 64 hexadecimal digits"),
        Flaw("challenge", "\"\(String(repeating: "0", count: 130))\"", "longer than 128 bytes"),
        Flaw("salt", nil, "salt has to be a string"),
        Flaw("salt", "\"\(String(repeating: "s", count: 4097))\"", "salt is longer than 4096 bytes"),
        Flaw("signature", nil, "signature has to be a string"),
        Flaw("signature", "{}", "signature has to be a string"),
        Flaw("maxnumber", "-1", "maxnumber has to be from 0"),
        Flaw("maxnumber", "1.5", "maxnumber has to be a whole number"),
        Flaw("maxnumber", "\"5\"", "maxnumber has to be a whole number"),
        Flaw("maxnumber", "9007199254740993", "maxnumber has to be from 0"),
        Flaw("maxnumber", "1e400", "maxnumber has to be a whole number"),
        Flaw("maxnumber", "2000000000", "expected to take 1001 million hashes; at most 1000 million"),
        Flaw("salt", "\"a?expires=1000&\"", "has expired"),
        Flaw("salt", "\"a?x=1&expires=1000\"", "has expired"),
        Flaw("salt", "\"a?expire=1000\"", "has expired"),
    ]

    static let version2: [Flaw] = [
        Flaw("algorithm", nil, "algorithm has to be a string"),
        Flaw("nonce", nil, "nonce has to be a string"),
        Flaw("nonce", "\"0\"", "nonce has to be an even number of hexadecimal digits"),
        Flaw("nonce", "\"\(String(repeating: "00", count: 1025))\"", "nonce is longer than 2048 bytes"),
        Flaw("salt", "null", "salt has to be a string"),
        Flaw("salt", "\"zz\"", "salt has to be an even number of hexadecimal digits"),
        Flaw("salt", "\"\(String(repeating: "00", count: 1025))\"", "salt is longer than 2048 bytes"),
        Flaw("cost", nil, "cost is missing"),
        Flaw("cost", "null", "cost is missing"),
        Flaw("cost", "\"5\"", "cost has to be a whole number"),
        Flaw("cost", "1000001", "cost has to be from"),
        Flaw("keyLength", "0", "keyLength has to be from 1 to 1024"),
        Flaw("keyLength", "1025", "keyLength has to be from 1 to 1024"),
        Flaw("keyLength", "1", "no key of 1 bytes can start with it"),
        Flaw("keyPrefix", "null", "keyPrefix has to be a string"),
        Flaw("keyPrefix", "\"0x\"", "keyPrefix has to be hexadecimal digits"),
        Flaw("keyPrefix", "\"\(String(repeating: "0", count: 65))\"", "no key of 32 bytes can start with it"),
        Flaw("keyPrefix", "\"\(String(repeating: "0", count: 2049))\"", "keyPrefix is longer than 2048 bytes"),
        Flaw("cost", "250000", "expected to take 1024 million hashes"),
        Flaw("expiresAt", "1000", "has expired"),
        Flaw("expiresAt", "1000.5", "has expired"),
    ]
}
