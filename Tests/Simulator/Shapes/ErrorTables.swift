/// The vendors' documented errors.
enum ErrorTables {
    static let twoCaptcha: [ErrorRow] = [
        ErrorRow(1, "ERROR_KEY_DOES_NOT_EXIST", "Your API key is incorrect."),
        ErrorRow(
            2, "ERROR_NO_SLOT_AVAILABLE", "Your bid is too low for the captcha you submitted or your queue is too long."
        ),
        ErrorRow(3, "ERROR_ZERO_CAPTCHA_FILESIZE", "Image size is less than 100 bytes."),
        ErrorRow(
            4, "ERROR_TOO_BIG_CAPTCHA_FILESIZE", "Image size is more than 100 kB or is bigger than 600px on any side."),
        ErrorRow(5, "ERROR_PAGEURL", "The websiteURL is missing or has an incorrect format."),
        ErrorRow(10, "ERROR_ZERO_BALANCE", "You don't have funds on your account."),
        ErrorRow(
            11, "ERROR_IP_NOT_ALLOWED", "The request is sent from an IP that is not in the list of your trusted IPs."),
        ErrorRow(12, "ERROR_CAPTCHA_UNSOLVABLE", "We are unable to solve your captcha.", poll: true),
        ErrorRow(
            13, "ERROR_BAD_DUPLICATES", "Max numbers of tries is reached but min number of matches not found.",
            poll: true),
        ErrorRow(14, "ERROR_NO_SUCH_METHOD", "The API method does not exist."),
        ErrorRow(
            15, "ERROR_IMAGE_TYPE_NOT_SUPPORTED", "The image can not be processed due to an incorrect format or size."),
        ErrorRow(16, "ERROR_NO_SUCH_CAPCHA_ID", "You've provided an incorrect captcha ID in the request."),
        ErrorRow(21, "ERROR_IP_BLOCKED", "Your IP address is banned due to improper use of the API."),
        ErrorRow(22, "ERROR_TASK_ABSENT", "Task property is missing in createTask method call."),
        ErrorRow(
            23, "ERROR_TASK_NOT_SUPPORTED", "Task type in your createTask method call is not supported by our API."),
        ErrorRow(31, "ERROR_RECAPTCHA_INVALID_SITEKEY", "The sitekey value provided in your request is not valid."),
        ErrorRow(55, "ERROR_ACCOUNT_SUSPENDED", "Your API access was blocked for improper use of the API."),
        ErrorRow(
            110, "ERROR_BAD_PARAMETERS",
            "The required captcha parameters in your request are missing or have an incorrect format."),
        ErrorRow(
            115, "ERROR_BAD_IMGINSTRUCTIONS",
            "The imgInstructions contains unsupported image type, corrupted or bigger than allowed."),
        ErrorRow(
            130, "ERROR_BAD_PROXY", "Incorrect proxy parameters or can not establish connection through the proxy.",
            poll: true),
        // Not in the official table, seen by third parties.
        ErrorRow(1, "ERROR_KEY_IS_EMPTY", "The key is empty."),
        ErrorRow(1, "ERROR_WRONG_USER_KEY", "The key has a wrong format."),
        ErrorRow(110, "ERROR_TOO_MANY_REQUESTS", "Too many requests."),
        ErrorRow(110, "ERROR_METHOD_CALL", "The method can not be called."),
    ]

    static let twoCaptchaForms: [ErrorRow] = [
        "ERROR_WRONG_USER_KEY", "ERROR_KEY_DOES_NOT_EXIST", "ERROR_ZERO_BALANCE", "ERROR_PAGEURL", "ERROR_GOOGLEKEY",
        "ERROR_WRONG_GOOGLEKEY", "ERROR_BAD_TOKEN_OR_PAGEURL", "ERROR_NO_SLOT_AVAILABLE", "ERROR_ZERO_CAPTCHA_FILESIZE",
        "ERROR_TOO_BIG_CAPTCHA_FILESIZE", "ERROR_WRONG_FILE_EXTENSION", "ERROR_IMAGE_TYPE_NOT_SUPPORTED",
        "ERROR_UPLOAD",
        "ERROR_CAPTCHAIMAGE_BLOCKED", "ERROR_BAD_PARAMETERS", "ERROR_EMPTY_ACTION", "ERROR_WRONG_ID_FORMAT",
        "ERROR_PROXY_FORMAT", "ERROR_BAD_PROXY", "ERROR_PROXY_CONNECTION_FAILED", "ERROR_IP_NOT_ALLOWED", "IP_BANNED",
        "ERROR: 1004", "TOO_MANY_BAD_IMAGES", "MAX_USER_TURN", "ERROR: 1001", "ERROR: 1002", "ERROR: 1003",
        "ERROR: 1005", "CAPCHA_NOT_READY", "ERROR_CAPTCHA_UNSOLVABLE", "ERROR_BAD_DUPLICATES", "ERROR_TOKEN_EXPIRED",
        "ERROR_WRONG_CAPTCHA_ID", "ERROR_REPORT_NOT_RECORDED", "ERROR_DUPLICATE_REPORT", "ERROR_IP_ADDRES",
        "ERROR_METHOD_CALL",
    ].map { ErrorRow(1, $0, "") }

    static let capSolver: [ErrorRow] = [
        ErrorRow(1, "ERROR_KEY_DENIED_ACCESS", "User key is incorrect, denied access.", status: 401),
        ErrorRow(1, "ERROR_ZERO_BALANCE", "Your balance is insufficient.", status: 400),
        ErrorRow(1, "ERROR_SETTLEMENT_FAILED", "Settlement failed.", status: 400),
        ErrorRow(1, "ERROR_RATE_LIMIT", "The request rate of your plan is exceeded.", status: 400),
        ErrorRow(1, "ERROR_SERVICE_UNAVALIABLE", "Service temporarily unavailable, please try again.", status: 400),
        ErrorRow(1, "ERROR_INVALID_TASK_DATA", "Task data is invalid.", status: 400),
        ErrorRow(1, "ERROR_BAD_REQUEST", "Bad request.", status: 400),
        ErrorRow(1, "ERROR_INVALID_IMAGE", "Invalid image.", status: 400),
        ErrorRow(1, "ERROR_PARSE_IMAGE_FAIL", "Failed to parse the image.", status: 400),
        ErrorRow(1, "ERROR_UNKNOWN_QUESTION", "Unknown question.", status: 400),
        ErrorRow(1, "ERROR_TASK_NOT_SUPPORTED", "Task type is not supported.", status: 400),
        ErrorRow(1, "ERROR_TASKID_INVALID", "The taskId is wrong or has expired.", status: 400),
        ErrorRow(1, "ERROR_TASK_TIMEOUT", "Task timed out.", status: 400, poll: true),
        ErrorRow(
            1, "ERROR_CAPTCHA_UNSOLVABLE", "The captcha could not be solved, no fee was taken.", status: 400, poll: true
        ),
        ErrorRow(1, "ERROR_PROXY_BANNED", "The proxy is banned by the target.", status: 400, poll: true),
        ErrorRow(1, "ERROR_IP_BANNED", "Your IP is banned.", status: 400),
        ErrorRow(1, "ERROR_KEY_TEMP_BLOCKED", "Too many bad requests, the key is blocked for a while.", status: 400),
    ]

    static let capMonster: [ErrorRow] = [
        "ERROR_KEY_DOES_NOT_EXIST", "ERROR_ZERO_BALANCE", "ERROR_IP_NOT_ALLOWED", "ERROR_IP_BANNED", "ERROR_IP_BLOCKED",
        "ERROR_TOO_MUCH_REQUESTS", "ERROR_NO_SLOT_AVAILABLE", "ERROR_SERVICE_NOT_AVAILABLE", "ERROR_TASK_NOT_SUPPORTED",
        "ERROR_NO_SUCH_METHOD", "ERROR_DOMAIN_NOT_ALLOWED", "ERROR_TASK_ABSENT", "ERROR_INVALID_TASK",
        "ERROR_ZERO_CAPTCHA_FILESIZE", "ERROR_TOO_BIG_CAPTCHA_FILESIZE", "ERROR_RECAPTCHA_INVALID_SITEKEY",
        "ERROR_RECAPTCHA_INVALID_DOMAIN", "ERROR_WRONG_USERAGENT", "ERROR_TOKEN_EXPIRED", "ERROR_NO_SUCH_CAPCHA_ID",
        "WRONG_CAPTCHA_ID", "CAPTCHA_NOT_READY", "ERROR_CAPTCHA_UNSOLVABLE", "ERROR_RECAPTCHA_TIMEOUT",
        "ERROR_PROXY_CONNECT_REFUSED", "ERROR_PROXY_BANNED", "ERROR_PROXY_MISSING", "ERROR_PROXY_NOT_AUTHORISED",
        "ERROR_PROXY_READ_TIMEOUT", "ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER",
    ].map { ErrorRow(1, $0, "See the list of errors.") }

    static let multibot: [ErrorRow] = [
        "ERROR_WRONG_USER_KEY", "ERROR_ZERO_BALANCE", "ERROR_USER_BALANCE_ZERO", "ERROR_ZERO_BLANCE",
        "CAPCHA_NOT_READY", "CAPTCHA_NOT_READY", "WRONG_RESULT", "ERROR_CAPTCHA_UNSOLVABLE", "ERROR_NOT_CAPTCHA_ID",
        // Not seen anywhere; something has to be said to a task that lacks a field.
        "ERROR_BAD_PARAMETERS",
    ].map { ErrorRow(1, $0, "") }
}
