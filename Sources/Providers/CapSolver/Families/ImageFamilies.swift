import CreateTaskAPI
import ProviderKit

extension CapSolverFamilies {
    /// Pictures: answered at once.
    static let images: [FamilyMapping] = [
        FamilyMapping(
            .imageToText, .unproxied("ImageToTextTask"), price: "0.0004", requires: ["body"],
            fields: .imageHints + [.dropped("languagePool")]),
        FamilyMapping(
            .grid, .unproxied("ReCaptchaV2Classification"), price: "0.0004",
            fields: [.required("body", as: "image"), .required("question")], solution: cells),
        FamilyMapping(.visionEngine, .unproxied("VisionEngine"), requires: ["module", "image"]),
        FamilyMapping(
            .awsWafClassification, .unproxied("AwsWafClassification"), price: "0.0006",
            fields: [.required("images", .list), .required("question")]),
    ]

    /// Cells are counted from 0. Of a picture with one cell it says no more than whether the object is in it.
    private static let cells = SolutionShape([.init("click", from: ["objects", "object"], .cellsFromZero)]) {
        guard let found = $0["hasObject"]?.bool, ($0["click"]?.array ?? []).isEmpty else { return }
        $0["click"] = found ? [1] : []
    }
}
