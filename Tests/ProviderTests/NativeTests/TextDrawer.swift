import Foundation
import ProviderKit
import TestSupport

/// Draws plain images of text with Pillow, in the Python of the tests.
enum TextDrawer {
    /// An image in base64 and what it says.
    struct Image: Sendable {
        var text: String
        /// `digits`, `letters` or `mixed`.
        var kind: String
        var style: String
        var body: String

        /// What the client would say of it.
        var numeric: JSONValue { kind == "digits" ? 1 : kind == "letters" ? 2 : 0 }
        var file: [UInt8] { Data(base64Encoded: body).map { [UInt8]($0) } ?? [] }
    }

    static let styles = ["clean", "coloured", "inverse", "small", "noisy", "lined", "spaced"]

    /// Random texts in random fonts, as many of each style, as PNG, JPEG and GIF files; the same for the same seed.
    static func random(_ count: Int, seed: Int) async throws -> [Image] {
        try await run(["random": .number(JSONNumber(count)), "seed": .number(JSONNumber(seed))])
    }

    /// One text in every file format and variant of it: the variant is the style.
    static func variants(_ text: String) async throws -> [Image] {
        try await run(["variants": .string(text)])
    }

    /// Images at the bounds of what is taken, most of them without any text.
    static func extremes() async throws -> [Image] {
        try await run(["extremes": true])
    }

    private static func run(_ request: JSONValue) async throws -> [Image] {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = Repository.python
        process.arguments = ["-c", script, request.text]
        process.standardOutput = output
        process.standardError = errors
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        try process.run()
                        let answer = output.fileHandleForReading.everything()
                        let complaint = errors.fileHandleForReading.everything()
                        process.waitUntilExit()
                        guard process.terminationStatus == 0 else {
                            throw TestFailure("Drawing: \(String(decoding: complaint, as: UTF8.self).suffix(400))")
                        }
                        return try images(JSONValue(parsing: [UInt8](answer)))
                    })
            }
        }
    }

    private static func images(_ value: JSONValue) throws -> [Image] {
        guard let entries = value.array, !entries.isEmpty else { throw TestFailure("Nothing was drawn.") }
        return entries.map { entry in
            Image(
                text: entry["text"]?.string ?? "", kind: entry["kind"]?.string ?? "",
                style: entry["style"]?.string ?? "", body: entry["body"]?.string ?? "")
        }
    }

    private static let script = #"""
        import base64, io, json, random, sys
        from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
        FONTS = "/usr/share/fonts/truetype/dejavu/DejaVu%s.ttf"
        NAMES = ["Sans", "Sans-Bold", "SansMono", "SansMono-Bold", "Serif", "Serif-Bold"]
        DIGITS = "0123456789"
        # Without the letters that look like digits.
        LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
        KINDS = {"digits": DIGITS, "letters": LETTERS, "mixed": LETTERS + DIGITS[2:]}

        def colour(low, high): return tuple(random.randint(low, high) for _ in range(3))

        def entry(image, text, kind, style, form, **how):
            out = io.BytesIO()
            image.save(out, form, **how)
            return {"text": text, "kind": kind, "style": style, "body": base64.b64encode(out.getvalue()).decode()}

        def draw(text, font, background, ink, gap=0):
            widths = [font.getlength(c) + gap for c in text]
            margin = random.randint(4, 20)
            size = int(sum(widths) if gap else font.getlength(text)) + 2 * margin, sum(font.getmetrics()) + 2 * margin
            image = Image.new("RGB", size, background)
            pen = ImageDraw.Draw(image)
            if gap:
                x = margin
                for c, width in zip(text, widths):
                    pen.text((x, margin + random.randint(-2, 2)), c, font=font, fill=ink)
                    x += width
            else:
                pen.text((margin, margin), text, font=font, fill=ink)
            return image, pen

        def one(style):
            kind = random.choice(list(KINDS))
            text = "".join(random.choice(KINDS[kind]) for _ in range(random.randint(4, 8)))
            points = random.randint(10, 14) if style == "small" else random.randint(20, 40)
            font = ImageFont.truetype(FONTS % random.choice(NAMES), points)
            background, ink = (255, 255, 255), (0, 0, 0)
            if style in ("coloured", "noisy", "lined"): background, ink = colour(200, 255), colour(0, 110)
            if style == "inverse": background, ink = colour(0, 70), colour(190, 255)
            image, pen = draw(text, font, background, ink, random.randint(4, 10) if style == "spaced" else 0)
            width, height = image.size
            if style == "noisy":
                for _ in range(width * height // 25):
                    image.putpixel((random.randrange(width), random.randrange(height)), colour(0, 255))
            if style == "lined":
                for _ in range(2):
                    ends = [(0, random.randrange(height)), (width, random.randrange(height))]
                    pen.line(ends, fill=colour(100, 200), width=1)
            form = random.choice(["PNG", "JPEG", "GIF"])
            if form == "GIF": image = image.convert("P", palette=Image.Palette.ADAPTIVE)
            return entry(image, text, kind, style, form, **({"quality": 85} if form == "JPEG" else {}))

        def variants(text):
            random.seed(7)
            font = ImageFont.truetype(FONTS % "Sans", 32)
            image = draw(text, font, (255, 255, 255), (0, 0, 0))[0]
            clear = Image.new("RGBA", image.size, (0, 0, 0, 0))
            ImageDraw.Draw(clear).text((10, 5), text, font=font, fill=(0, 0, 0, 255))
            info = PngImagePlugin.PngInfo()
            info.add_text("Comment", "x" * 100000, zip=True)
            other = draw("OTHER", font, (255, 255, 255), (0, 0, 0))[0].resize(image.size)
            grey = image.convert("L")
            make = lambda style, picture, form, **how: entry(picture, text, "mixed", style, form, **how)
            return [
                make("png", image, "PNG"), make("png grey", grey, "PNG"), make("png bits", image.convert("1"), "PNG"),
                make("png 16 bits", grey.convert("I;16").point(lambda v: v * 257), "PNG"),
                make("png clear", clear, "PNG"), make("png palette", image.convert("P"), "PNG", transparency=255),
                make("png text", image, "PNG", pnginfo=info),
                make("jpeg", image, "JPEG"), make("jpeg grey", grey, "JPEG"),
                make("jpeg progressive", image, "JPEG", progressive=True),
                make("jpeg restarts", image, "JPEG", restart_marker_blocks=2),
                make("jpeg cmyk", image.convert("CMYK"), "JPEG"),
                make("gif", image.convert("P"), "GIF"), make("gif interlaced", grey, "GIF", interlace=1),
                make("gif animated", image.convert("P"), "GIF", save_all=True, append_images=[other] * 3, duration=9),
                make("large", image.resize((image.width * 9, image.height * 9)), "PNG"),
            ]

        def extremes():
            random.seed(9)
            noise = lambda size: Image.frombytes("L", size, random.randbytes(size[0] * size[1]))
            stripe = Image.new("L", (4096, 8), 255)
            ImageDraw.Draw(stripe).text((0, 0), "text " * 200, font=ImageFont.truetype(FONTS % "Sans", 8), fill=0)
            made = [("noise", noise((1024, 600))), ("large", Image.new("1", (4096, 1024))), ("stripe", stripe),
                ("pillar", stripe.rotate(90, expand=True)), ("wide noise", noise((4096, 160))),
                ("small noise", noise((8, 8)))]
            return [entry(image, "", "", style, "PNG") for style, image in made]

        request = json.loads(sys.argv[1])
        if "extremes" in request:
            made = extremes()
        elif "variants" in request:
            made = variants(request["variants"])
        else:
            random.seed(request["seed"])
            styles = ["clean", "coloured", "inverse", "small", "noisy", "lined", "spaced"]
            made = [one(style) for style in styles for _ in range(request["random"])]
        print(json.dumps(made))
        """#
}
