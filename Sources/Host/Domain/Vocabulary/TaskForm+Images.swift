import ProviderKit

/// What is solved from pictures, sounds and questions alone.
extension TaskForm {
    static let images: [TaskForm] = texts + places + vendors

    private static let texts = [
        TaskForm(
            .imageToText, "Text on a picture", [.exactly("ImageToTextTask")],
            [
                .picture, .optional("phrase", .flag), .optional("case", .flag), .optional("math", .flag),
                .optional("numeric", .whole(0...4)), .optional("minLength", TaskField.count),
                .optional("maxLength", TaskField.count), .comment, .imgInstructions, .optional("module"),
                .languagePool, .optional("capMonsterModule"), .optional("recognizingThreshold", .whole(0...100)),
            ], proxy: .never, solution: ["text", "confidence"]),
        TaskForm(
            .textQuestion, "Question in words", [.exactly("TextCaptchaTask")],
            [.needed("comment", also: "textcaptcha"), .languagePool], proxy: .never, solution: ["text"]),
        TaskForm(
            .audio, "Spoken words", [.exactly("AudioTask")], [.needed("body", .sound), .needed("lang")],
            proxy: .never, solution: ["text"]),
    ]

    private static let places = [
        TaskForm(
            .vkImage, "VK's puzzle", [.exactly("VKCaptchaImageTask")],
            [.needed("image", .picture, also: "body"), .needed("steps", .array)], proxy: .never,
            solution: ["best_step", "preview", "answer"]),
        TaskForm(
            .temu, "Temu's puzzle", [.exactly("TemuCaptchaTask")],
            [.needed("image", .picture, also: "body"), .needed("parts", .pictures)], proxy: .never,
            solution: ["coordinates"]),
        TaskForm(
            .coordinates, "Points on a picture",
            [.exactly("CoordinatesTask"), .exactly("ImageToCoordinatesTask"), .exactly("ImageCoordinatesTask")],
            [
                .picture, .comment, .imgInstructions, .optional("minClicks", TaskField.count, also: "min_clicks"),
                .optional("maxClicks", TaskField.count, also: "max_clicks"), .optional("mode"),
            ], proxy: .never, solution: ["coordinates"]),
        TaskForm(
            .grid, "Cells of a picture", [.exactly("GridTask"), .exactly("ReCaptchaV2Classification")],
            [
                .picture, .comment, .imgInstructions, .optional("rows", .whole(1...100)),
                .optional("columns", .whole(1...100)), .optional("question"), .optionalSiteURL, .optionalSiteKey,
            ], proxy: .never, solution: ["click"]),
        TaskForm(
            .rotate, "Picture to turn", [.exactly("RotateTask")], [.picture, .optional("angle", .number(0...360))],
            proxy: .never, solution: ["rotate"]),
        TaskForm(
            .boundingBox, "Rectangles on a picture", [.exactly("BoundingBoxTask")],
            [.picture, .comment, .imgInstructions], proxy: .never, dropped: ["mode"], solution: ["bounding_boxes"]),
        TaskForm(
            .drawAround, "Line around something", [.exactly("DrawAroundTask")], [.picture, .comment],
            proxy: .never, solution: ["canvas"]),
    ]

    private static let vendors = [
        TaskForm(
            .visionEngine, "Pictures by a module", [.exactly("VisionEngine")],
            [
                .needed("module"), .needed("image", .picture), .optional("imageBackground", .picture),
                .optional("question"), .optionalSiteURL,
            ], proxy: .never, solution: []),
        TaskForm(
            .awsWafClassification, "Amazon's pictures", [.exactly("AwsWafClassification")],
            [.needed("images", .pictures), .needed("question"), .optionalSiteURL], proxy: .never,
            solution: ["box", "objects", "distance"]),
        TaskForm(
            .complexImage, "Pictures of a class", [.exactly("ComplexImageTask")],
            [
                .needed("class"), .optional("imageUrls", .array), .optional("imagesBase64", .pictures),
                .optional("metadata", .object), .optionalSiteURL, .userAgent,
            ], proxy: .never, solution: []),
    ]
}
