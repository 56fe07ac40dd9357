/// What published client libraries break without, behaviour by behaviour, each with the tests that show it.
enum ClientNeedsChecklist {
    static let items: [ChecklistItem] = json + forms + sources + choice

    private static let json = [
        ChecklistItem(
            1, "Errors come with HTTP 200 and errorId above 0.", "ClientNeedsTests/errors", "CallTests/errors"),
        ChecklistItem(2, "A wrong key has errorId 1.", "ClientNeedsTests/errors", "DialectChoiceTests/unknown"),
        ChecklistItem(3, "A success has no errorCode and no errorDescription.", "ClientNeedsTests/success"),
        ChecklistItem(
            4, "A balance is a JSON number with no field beside it.", "ClientNeedsTests/balance", "CallTests/balance"),
        ChecklistItem(5, "Anti-Captcha's like have a whole number as taskId.", "ClientNeedsTests/numbers"),
        ChecklistItem(
            6, "CapSolver's have text as taskId, and again in getTaskResult.", "ClientNeedsTests/capSolver"),
        ChecklistItem(
            7, "A taskId is taken back as a number and as digits.", "ClientNeedsTests/taskIDs", "CallTests/taskIDs"),
        ChecklistItem(8, "createTask has no status for Anti-Captcha's like.", "ClientNeedsTests/numbers"),
        ChecklistItem(9, "createTask has a status for CapSolver's.", "ClientNeedsTests/capSolver"),
        ChecklistItem(
            10, "getTaskResult has a taskId for CapSolver's, and none for Anti-Captcha's like.",
            "ClientNeedsTests/results", "ClientNeedsTests/capSolver"),
        ChecklistItem(
            11, "getTaskResult has no cost and no times for CapSolver's.", "ClientNeedsTests/capSolver",
            "TaskAnswersTests/shapes"),
        ChecklistItem(12, "What is pending is processing, not idle.", "ClientNeedsTests/pending"),
        ChecklistItem(
            13, "A finished result can be read more than once.", "ClientNeedsTests/again",
            "DialectsThroughHostTests/inPHP"),
        ChecklistItem(
            14, "A reCAPTCHA solution has gRecaptchaResponse and token.", "ClientNeedsTests/recaptcha",
            "CallTests/aliases"),
        ChecklistItem(15, "Request fields that are not known are ignored.", "ClientNeedsTests/unknownFields"),
        ChecklistItem(16, "A type without any proxy field is the one without a proxy.", "ClientNeedsTests/names"),
        ChecklistItem(17, "Old names of types are known.", "ClientNeedsTests/names"),
        ChecklistItem(18, "CapSolver's names of types are known.", "ClientNeedsTests/names"),
        ChecklistItem(
            19, "A doubled slash in the path works.", "ClientNeedsTests/paths", "PathTests/overTheWire",
            "DialectChoiceTests/paths"),
        ChecklistItem(
            20, "An unknown or wrong Host header is never refused.", "ClientNeedsTests/paths", "PathTests/hosts"),
    ]

    private static let forms = [
        ChecklistItem(
            21, "in.php and res.php answer errors with HTTP 200.", "ClientNeedsTests/formErrors",
            "InPHPSubmitTests/errors"),
        ChecklistItem(
            22, "They answer plain text without a line's end, and JSON under its content type with json=1 alone.",
            "ClientNeedsTests/formErrors", "InPHPSubmitTests/submits"),
        ChecklistItem(23, "json=1 is understood on every call, errors included.", "ClientNeedsTests/formErrors"),
        ChecklistItem(
            24, "In JSON, request is text, an ID's too.", "ClientNeedsTests/formErrors", "InPHPSubmitTests/submits"),
        ChecklistItem(25, "IDs are digits.", "ClientNeedsTests/formCalls", "DialectsThroughHostTests/inPHP"),
        ChecklistItem(
            26, "in.php is asked by GET, as a form, as multipart with files and fields, and in JSON.",
            "InPHPSubmitTests/submits", "InPHPMethodTests/files"),
        ChecklistItem(27, "res.php is asked by POST as well.", "InPHPResultTests/post"),
        ChecklistItem(
            28, "get2 answers with the price.", "InPHPResultTests/solution", "DialectsThroughHostTests/inPHP"),
        ChecklistItem(
            29, "userinfo and threadsinfo are answered.", "InPHPResultTests/balance", "InPHPResultTests/threads"),
        ChecklistItem(
            30, "res.php with an id and without an action is get.", "ClientNeedsTests/formCalls",
            "InPHPResultTests/actions"),
    ]

    private static let sources = [
        ChecklistItem(31, "createTask answers within 5 s.", "ClientNeedsTests/patience", "TaskAnswersTests/instant"),
        ChecklistItem(32, "28 further questions after the result are answered.", "ClientNeedsTests/again"),
        ChecklistItem(
            33, "A success holds no text ERROR.", "ClientNeedsTests/noErrorText", "InPHPResultTests/errorInSolution"),
        ChecklistItem(
            34, "Blanks at the end of a path mean nothing.", "ClientNeedsTests/paths", "InPHPSubmitTests/paths"),
        ChecklistItem(35, "Types come in any case of letters.", "ClientNeedsTests/names"),
        ChecklistItem(
            36, "version=v2, enterprise=0 and an empty body mean nothing, and a picture may stand in a query.",
            "ClientNeedsTests/meaningless"),
        ChecklistItem(37, "No error has errorId 11.", "ClientNeedsTests/errors", "TaskAnswersTests/errors"),
        ChecklistItem(
            38, "softId and soft_id show Anti-Captcha's clients; appId, source and version CapSolver's.",
            "DialectChoiceTests/envelopes"),
        ChecklistItem(
            39, "threadsinfo has threads and working_threads.", "ClientNeedsTests/formCalls",
            "InPHPResultTests/threads"),
    ]

    private static let choice = [
        ChecklistItem(
            40, "A dialect is chosen by path, then key, then host, then for all.", "DialectChoiceTests/order"),
        ChecklistItem(
            41, "At the root the spelling of the type and what stands beside the task tell it.",
            "DialectChoiceTests/types", "DialectChoiceTests/envelopes"),
        ChecklistItem(
            42, "The task remembers it.", "DialectChoiceTests/results", "ClientTaskTests/dialect",
            "DialectStoreTests/kept"),
        ChecklistItem(
            43, "Where no task is known: HTTP 200, the balance alone, errorId 1 with the code.",
            "DialectChoiceTests/unknown"),
        ChecklistItem(
            44, "A failed task is errorId 1 with its status and code, but for the service's own dialect.",
            "TaskAnswersTests/shapes"),
        ChecklistItem(
            45, "The documented HTTP statuses hold in the service's own dialect.", "TaskAnswersTests/errors",
            "DialectsThroughHostTests/feedback"),
        ChecklistItem(
            46, "Every task has a UUID and a positive number below 2^53.", "SecretNumberTests/roundTrip",
            "DialectChoiceTests/results"),
    ]
}
