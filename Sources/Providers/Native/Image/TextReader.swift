#if UCAPTCHA_TESSERACT
    import CTesseract
    import Glibc
    import Synchronization

    /// A handle of tesseract with its English data, used by one thread at a time.
    final class TextReader: Sendable {
        static let shelf = Shelf()

        private nonisolated(unsafe) let handle: OpaquePointer

        /// Fails when the English data is not where tesseract looks for it.
        fileprivate init?() {
            guard let handle = TessBaseAPICreate() else { return nil }
            // Otherwise it tells the host's standard error what it misses.
            TessBaseAPISetVariable(handle, "debug_file", "/dev/null")
            guard TessBaseAPIInit2(handle, nil, "eng", OEM_LSTM_ONLY) == 0 else {
                TessBaseAPIDelete(handle)
                return nil
            }
            // Light text was turned dark before.
            TessBaseAPISetVariable(handle, "tessedit_do_invert", "0")
            self.handle = handle
        }

        deinit {
            TessBaseAPIDelete(handle)
        }

        /// Reads one line of text, and tells how sure it is in hundredths. Without text it returns an empty line.
        ///
        /// - Parameter alphabet: the characters that may be read; nil for all.
        func read(
            _ picture: borrowing Picture, _ alphabet: String?, _ stop: borrowing StopSign
        ) throws(LibraryFailure) -> (line: String, confidence: Int) {
            // Without it the library's own threads take turns on every layer of the network, four times as slow.
            Self.stayOnThisThread?(0)
            TessBaseAPISetVariable(handle, "tessedit_char_whitelist", alphabet ?? "")
            TessBaseAPISetPageSegMode(handle, PSM_SINGLE_LINE)
            TessBaseAPISetImage2(handle, picture.pix)
            defer { TessBaseAPIClear(handle) }
            TessBaseAPISetSourceResolution(handle, 300)
            guard let monitor = TessMonitorCreate() else { throw LibraryFailure() }
            defer { TessMonitorDelete(monitor) }
            TessMonitorSetCancelThis(monitor, stop.context)
            TessMonitorSetCancelFunc(monitor) { context, _ in context.map { StopSign.isUp(at: $0) } ?? true }
            // Nothing else is told apart: what was stopped and what is blank both have no text.
            guard TessBaseAPIRecognize(handle, monitor) == 0, let text = TessBaseAPIGetUTF8Text(handle) else {
                return ("", 0)
            }
            defer { TessDeleteText(text) }
            return (String(cString: text), Int(TessBaseAPIMeanTextConf(handle)))
        }

        /// OpenMP's call that keeps parallel parts on the calling thread; nil where the library is built without.
        private static let stayOnThisThread = dlsym(nil, "omp_set_max_active_levels").map {
            unsafeBitCast($0, to: (@convention(c) (Int32) -> Void).self)
        }
    }

    extension TextReader {
        /// The readers that no thread is using: there are never more than threads that compute.
        final class Shelf: Sendable {
            private let readers = Mutex<[TextReader]>([])
            /// One is made at a time: tesseract's lists of settings are shared by all handles.
            private let making = Mutex(())

            /// Whether a reader can be made. It is kept for the first task.
            var canMake: Bool {
                guard let reader = try? take() else { return false }
                putBack(reader)
                return true
            }

            func take() throws(LibraryFailure) -> TextReader {
                if let reader = readers.withLock({ $0.popLast() }) { return reader }
                guard let reader = making.withLock({ _ in TextReader() }) else { throw LibraryFailure() }
                return reader
            }

            func putBack(_ reader: TextReader) {
                readers.withLock { $0.append(reader) }
            }
        }
    }
#endif
