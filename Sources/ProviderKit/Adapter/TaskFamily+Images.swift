/// What is solved from pictures, sounds and questions alone. Pictures are base64 without a prefix `data:`.
extension TaskFamily {
    /// The text on a picture. Fields: `body`; `phrase`, `case`, `math` (booleans), `numeric` (0-4), `minLength`,
    /// `maxLength`, `comment`, `imgInstructions` (a picture), `module`, `languagePool`. Solution: `text`; `confidence`.
    public static let imageToText = TaskFamily(known: "imageToText")

    /// A question in words. Fields: `comment`; `languagePool`. Solution: `text`.
    public static let textQuestion = TaskFamily(known: "textQuestion")

    /// Spoken words. Fields: `body` (MP3 in base64), `lang`. Solution: `text`.
    public static let audio = TaskFamily(known: "audio")

    /// VK's puzzle. Fields: `image`, `steps` (array). Solution: `best_step`, `preview`, `answer`.
    public static let vkImage = TaskFamily(known: "vkImage")

    /// Temu's puzzle. Fields: `image`, `parts` (array of pictures). Solution: `coordinates`, an array of `{x, y}`.
    public static let temu = TaskFamily(known: "temu")

    /// Points on a picture. Fields: `body`; `comment`, `imgInstructions`, `minClicks`, `maxClicks`, `mode`. Solution:
    /// `coordinates`, an array of `{x, y}`.
    public static let coordinates = TaskFamily(known: "coordinates")

    /// Cells of a picture. Fields: `body`; `comment`, `imgInstructions`, `rows`, `columns`, `question`, `websiteURL`,
    /// `websiteKey`. Solution: `click`, the numbers of the cells from 1, row by row.
    public static let grid = TaskFamily(known: "grid")

    /// A picture to turn. Fields: `body`; `angle`, the degrees of one step. Solution: `rotate`, degrees.
    public static let rotate = TaskFamily(known: "rotate")

    /// Rectangles on a picture. Fields: `body`; `comment`, `imgInstructions`. Solution: `bounding_boxes`, an array of
    /// `{xMin, yMin, xMax, yMax}`.
    public static let boundingBox = TaskFamily(known: "boundingBox")

    /// A line around something on a picture. Fields: `body`; `comment`. Solution: `canvas`, an array of lines, each an
    /// array of `{x, y}`.
    public static let drawAround = TaskFamily(known: "drawAround")

    /// Sliders, angles and areas by a module (CapSolver). Fields: `module`, `image`; `imageBackground`, `question`,
    /// `websiteURL`. Solution: the vendor's own fields.
    public static let visionEngine = TaskFamily(known: "visionEngine")

    /// Amazon's pictures (CapSolver). Fields: `images` (array), `question`; `websiteURL`. Solution: one or more of
    /// `box`, `objects`, `distance`.
    public static let awsWafClassification = TaskFamily(known: "awsWafClassification")

    /// Pictures of a class that CapMonster names, answered in its own way. Fields: `class`; `imageUrls`,
    /// `imagesBase64`, `metadata` (object), `websiteURL`, `userAgent`. Solution: the vendor's own fields.
    public static let complexImage = TaskFamily(known: "complexImage")
}
