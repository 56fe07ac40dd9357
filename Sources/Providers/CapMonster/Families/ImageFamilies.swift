import CreateTaskAPI
import ProviderKit

extension CapMonsterFamilies {
    /// Pictures and sounds. All but plain text goes to modules that know one kind of puzzle each; a client names
    /// another module than the usual one in `metadata.Task`.
    static let images: [FamilyMapping] = [
        FamilyMapping(
            .imageToText, .unproxied("ImageToTextTask"), price: "0.0003", requires: ["body"],
            fields: [
                .optional("module", as: "capMonsterModule"), .optional("case", .flag), .optional("math", .flag),
                .optional("numeric", digitsOnly), .dropped("languagePool"),
            ]),
        FamilyMapping(
            .grid, .unproxied("ComplexImageTask"), price: "0.00004",
            fields: [
                .usual("class", "recaptcha"), picture, .dropped("rows"), .dropped("columns"), .dropped("question"),
                .dropped("comment"), .dropped("websiteKey"),
            ], prepare: PictureFields.grid),
        FamilyMapping(
            .coordinates, .unproxied("ComplexImageTask"), fields: recognition("shein"),
            prepare: PictureFields.withoutInstructions),
        FamilyMapping(
            .rotate, .unproxied("ComplexImageTask"), fields: recognition("baidu") + [.dropped("angle")],
            prepare: PictureFields.withoutInstructions),
        FamilyMapping(
            .audio, .unproxied("ComplexImageTask"), price: "0.0008",
            fields: recognition("bills_audio") + [.usual("metadata/PayloadType", "Audio"), .dropped("lang")],
            prepare: PictureFields.one),
        FamilyMapping(
            .complexImage, .unproxied("ComplexImageTask"), requires: ["class"],
            fields: [.optional("imagesBase64", .list), .optional("imageUrls", .list)]),
    ]

    private static let picture = FieldRule.optional("body", as: "imagesBase64", .list)

    private static func recognition(_ module: JSONValue) -> [FieldRule] {
        [.constant("class", "recognition"), .usual("metadata/Task", module), picture]
    }

    /// Elsewhere 1 means digits alone and higher numbers mean other mixtures, which it does not know.
    private static let digitsOnly = ValueForm("a number from 0 to 4") { value in
        ValueForm.number.convert(value).map { $0.integer == 1 ? 1 : 0 }
    }
}
