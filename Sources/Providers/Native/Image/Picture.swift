#if UCAPTCHA_TESSERACT
    import CTesseract

    /// A decoded image of leptonica, in grey, dark on light.
    struct Picture: ~Copyable {
        let pix: UnsafeMutablePointer<Pix>
        /// The shade of the background, 0...255.
        let background: UInt32

        private init(_ pix: UnsafeMutablePointer<Pix>?, background: UInt32) throws(LibraryFailure) {
            guard let pix else { throw LibraryFailure() }
            self.pix = pix
            self.background = background
        }

        deinit {
            var pix: UnsafeMutablePointer<Pix>? = pix
            pixDestroy(&pix)
        }

        var width: Int { Int(pixGetWidth(pix)) }
        var height: Int { Int(pixGetHeight(pix)) }

        /// Decodes a file; nil when it is damaged.
        init?(_ file: ImageFile) throws(LibraryFailure) {
            guard let decoded = Picture.decode(file) else { return nil }
            let colours = try Picture(decoded, background: 255)
            guard colours.width == file.width, colours.height == file.height else { return nil }
            // What is transparent is shown on white.
            let opaque = try Picture(pixRemoveAlpha(colours.pix), background: 255)
            let grey = try Picture(pixConvertTo8(opaque.pix, 0), background: 255)
            let pixels = Float(grey.width * grey.height)
            let factor = min(1, (Float(NativeLimits.workedPixels) / pixels).squareRoot())
            let small = try Picture(pixScale(grey.pix, factor, factor), background: 255)
            let shade = small.shadeOfBorder
            if shade < 128 {
                try self.init(pixInvert(nil, small.pix), background: 255 - shade)
            } else {
                try self.init(pixClone(small.pix), background: shade)
            }
        }

        private static func decode(_ file: ImageFile) -> UnsafeMutablePointer<Pix>? {
            // Damaged files are told by a nil, not by lines on the host's standard error.
            setMsgSeverity(Int32(L_SEVERITY_NONE))
            return file.bytes.withUnsafeBufferPointer { bytes in
                switch file.format {
                case .png: pixReadMemPng(bytes.baseAddress, bytes.count)
                case .jpeg: pixReadMemJpeg(bytes.baseAddress, bytes.count, 0, 1, nil, 0)
                case .gif: pixReadMemGif(bytes.baseAddress, bytes.count)
                }
            }
        }

        /// The middle one of the shades along the border.
        private var shadeOfBorder: UInt32 {
            var shades: [UInt32] = []
            var shade: UInt32 = 0
            for x in 0..<Int32(width) {
                for y in [0, Int32(height) - 1] {
                    pixGetPixel(pix, x, y, &shade)
                    shades.append(shade)
                }
            }
            for y in 0..<Int32(height) {
                for x in [0, Int32(width) - 1] {
                    pixGetPixel(pix, x, y, &shade)
                    shades.append(shade)
                }
            }
            shades.sort()
            return shades.isEmpty ? 255 : shades[shades.count / 2]
        }
    }

    // MARK: Making text readable

    extension Picture {
        /// One way of preparing an image. Which ways, and how many, is by measurement: see docs/native.md.
        struct Recipe {
            /// Pixels of the text's height that the image is scaled to.
            var textHeight: Float
            /// How often specks are smoothed away.
            var smoothings: Int
            /// Whether what is left is black and white.
            var isBlackAndWhite = false
        }

        static let recipes = [
            Recipe(textHeight: 32, smoothings: 2), Recipe(textHeight: 24, smoothings: 1),
            Recipe(textHeight: 40, smoothings: 2), Recipe(textHeight: 48, smoothings: 1, isBlackAndWhite: true),
        ]

        /// Pixels around the text that stay, and blank ones that are put around it.
        private static let margin: Int32 = 4
        private static let padding: Int32 = 12

        /// The part of the image with text on it, specks not taken for text; the whole where there is none.
        func croppedToText() throws(LibraryFailure) -> Picture {
            let smooth = try min(width, height) > 20 ? smoothed() : Picture(pixClone(pix), background: background)
            let ink = try smooth.blackAndWhite()
            var box: UnsafeMutablePointer<Box>?
            guard pixClipToForeground(ink.pix, nil, &box) == 0, let found = box else {
                return try Picture(pixClone(pix), background: background)
            }
            defer { boxDestroy(&box) }
            let text = found.pointee
            let left = max(0, text.x - Self.margin)
            let top = max(0, text.y - Self.margin)
            let right = min(Int32(width), text.x + text.w + Self.margin)
            let bottom = min(Int32(height), text.y + text.h + Self.margin)
            var part = boxCreate(left, top, right - left, bottom - top)
            defer { boxDestroy(&part) }
            return try Picture(pixClipRectangle(pix, part, nil), background: background)
        }

        func prepared(_ recipe: Recipe) throws(LibraryFailure) -> Picture {
            let textHeight = Float(max(6, Int32(height) - 2 * Self.margin))
            let wanted = min(6, recipe.textHeight / textHeight, Float(NativeLimits.lineWidth) / Float(width))
            // Of what is much higher than wide, or the reverse, something has to be left.
            let factor = max(wanted, Float(NativeLimits.imageSideLeast) / Float(min(width, height)))
            var result = try Picture(pixScale(pix, factor, factor), background: background)
            for _ in 0..<recipe.smoothings { result = try result.smoothed() }
            if recipe.isBlackAndWhite {
                let ink = try result.blackAndWhite()
                result = try Picture(pixConvert1To8(nil, ink.pix, 255, 0), background: 255)
            }
            return try Picture(pixAddBorder(result.pix, Self.padding, result.background), background: result.background)
        }

        private func smoothed() throws(LibraryFailure) -> Picture {
            try Picture(pixMedianFilter(pix, 3, 3), background: background)
        }

        /// One bit a pixel, by Otsu's threshold over the whole image.
        private func blackAndWhite() throws(LibraryFailure) -> Picture {
            var result: UnsafeMutablePointer<Pix>?
            let whole = Int32(NativeLimits.imageSide)
            guard pixOtsuAdaptiveThreshold(pix, whole, whole, 0, 0, 0.1, nil, &result) == 0 else {
                throw LibraryFailure()
            }
            return try Picture(result, background: 0)
        }
    }
#endif
