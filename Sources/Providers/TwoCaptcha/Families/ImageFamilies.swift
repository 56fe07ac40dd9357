import CreateTaskAPI
import ProviderKit

extension TwoCaptchaFamilies {
    /// Pictures, sounds and questions.
    static let images: [FamilyMapping] = [
        FamilyMapping(
            .imageToText, .unproxied("ImageToTextTask"), price: "0.001", requires: ["body"],
            fields: .imageHints + [.besideTask("languagePool"), .dropped("module")]),
        FamilyMapping(
            .textQuestion, .unproxied("TextCaptchaTask"), requires: ["comment"],
            fields: [.besideTask("languagePool")]),
        FamilyMapping(.audio, .unproxied("AudioTask"), price: "0.0005", requires: ["body", "lang"]),
        FamilyMapping(.vkImage, .unproxied("VKCaptchaImageTask"), requires: ["image", "steps"]),
        FamilyMapping(.temu, .unproxied("TemuCaptchaTask"), requires: ["image", "parts"]),
        FamilyMapping(
            .coordinates, .unproxied("CoordinatesTask"), requires: ["body"], fields: [.dropped("mode")]),
        FamilyMapping(.grid, .unproxied("GridTask"), requires: ["body"], prepare: instructions),
        FamilyMapping(.rotate, .unproxied("RotateTask"), requires: ["body"]),
        FamilyMapping(.boundingBox, .unproxied("BoundingBoxTask"), requires: ["body"], prepare: instructions),
        FamilyMapping(.drawAround, .unproxied("DrawAroundTask"), requires: ["body", "comment"]),
    ]
}
