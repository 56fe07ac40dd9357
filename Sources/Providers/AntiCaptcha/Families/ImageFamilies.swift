import CreateTaskAPI
import ProviderKit

extension AntiCaptchaFamilies {
    /// Pictures: their text, or places in them.
    static let images: [FamilyMapping] = [
        FamilyMapping(
            .imageToText, .unproxied("ImageToTextTask"), price: "0.0007", requires: ["body"],
            fields: .imageHints + [.besideTask("languagePool"), .dropped("module")]),
        FamilyMapping(
            .coordinates, .unproxied("ImageToCoordinatesTask"), requires: ["body"],
            fields: [.optional("mode", otherwise: "points")]),
        FamilyMapping(
            .boundingBox, .unproxied("ImageToCoordinatesTask"), requires: ["body"],
            fields: [.constant("mode", "rectangles")]),
    ]
}
