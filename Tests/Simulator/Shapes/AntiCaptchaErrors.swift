extension ErrorTables {
    static let antiCaptcha: [ErrorRow] = [
        ErrorRow(1, "ERROR_KEY_DOES_NOT_EXIST", "Account authorization key not found in the system."),
        ErrorRow(2, "ERROR_NO_SLOT_AVAILABLE", "No idle workers are available at the moment."),
        ErrorRow(3, "ERROR_ZERO_CAPTCHA_FILESIZE", "The size of the captcha you are uploading is less than 100 bytes."),
        ErrorRow(
            4, "ERROR_TOO_BIG_CAPTCHA_FILESIZE", "The size of the captcha you are uploading is more than 500,000 bytes."
        ),
        ErrorRow(10, "ERROR_ZERO_BALANCE", "Account has zero or negative balance."),
        ErrorRow(11, "ERROR_IP_NOT_ALLOWED", "Request with current account key is not allowed from your IP."),
        ErrorRow(12, "ERROR_CAPTCHA_UNSOLVABLE", "Captcha could not be solved by 5 different workers.", poll: true),
        ErrorRow(
            13, "ERROR_BAD_DUPLICATES", "100% recognition feature did not work due to lack of matches.", poll: true),
        ErrorRow(14, "ERROR_NO_SUCH_METHOD", "Request made to API with a method that does not exist."),
        ErrorRow(15, "ERROR_IMAGE_TYPE_NOT_SUPPORTED", "Could not determine captcha file type by its exif header."),
        ErrorRow(
            16, "ERROR_NO_SUCH_CAPCHA_ID",
            "Captcha you are requesting does not exist in your active captchas list or has expired."),
        ErrorRow(21, "ERROR_IP_BLOCKED", "Your IP is blocked due to improper use of API."),
        ErrorRow(22, "ERROR_TASK_ABSENT", "Task property is empty or not set in the createTask method."),
        ErrorRow(23, "ERROR_TASK_NOT_SUPPORTED", "Task type is not supported or inaccurately specified."),
        ErrorRow(
            24, "ERROR_INCORRECT_SESSION_DATA", "Some of the required values for successive user emulation are missing."
        ),
        ErrorRow(25, "ERROR_PROXY_CONNECT_REFUSED", "Could not connect to proxy, connection refused.", poll: true),
        ErrorRow(26, "ERROR_PROXY_CONNECT_TIMEOUT", "Could not connect to proxy, connection timeout.", poll: true),
        ErrorRow(27, "ERROR_PROXY_READ_TIMEOUT", "Connection to proxy for task has timed out.", poll: true),
        ErrorRow(28, "ERROR_PROXY_BANNED", "Proxy IP is banned by the target service.", poll: true),
        ErrorRow(
            29, "ERROR_PROXY_TRANSPARENT", "Task denied at proxy checking state. Proxy must be non-transparent.",
            poll: true),
        ErrorRow(
            30, "ERROR_RECAPTCHA_TIMEOUT", "Recaptcha task timeout, probably due to slow proxy or Google server.",
            poll: true),
        ErrorRow(
            31, "ERROR_RECAPTCHA_INVALID_SITEKEY", "Captcha provider server reported that the site key is invalid."),
        ErrorRow(
            32, "ERROR_RECAPTCHA_INVALID_DOMAIN", "Captcha provider server reported that the domain is invalid.",
            poll: true),
        ErrorRow(
            33, "ERROR_RECAPTCHA_OLD_BROWSER", "Captcha provider server reported that the browser is not compatible.",
            poll: true),
        ErrorRow(
            34, "ERROR_TOKEN_EXPIRED",
            "Captcha provider server reported that the additional variable token has expired.", poll: true),
        ErrorRow(35, "ERROR_PROXY_HAS_NO_IMAGE_SUPPORT", "Proxy does not support transfer of image data.", poll: true),
        ErrorRow(36, "ERROR_PROXY_INCOMPATIBLE_HTTP_VERSION", "Proxy does not support long GET requests.", poll: true),
        ErrorRow(49, "ERROR_PROXY_NOT_AUTHORISED", "Proxy login and password are incorrect.", poll: true),
        ErrorRow(51, "ERROR_INVISIBLE_RECAPTCHA", "The sitekey is of an invisible recaptcha.", poll: true),
        ErrorRow(
            52, "ERROR_FAILED_LOADING_WIDGET", "Could not load captcha provider widget in worker browser.", poll: true),
        ErrorRow(53, "ERROR_VISIBLE_RECAPTCHA", "The sitekey is of a visible recaptcha.", poll: true),
        ErrorRow(
            54, "ERROR_ALL_WORKERS_FILTERED", "No workers left which were not filtered by reportIncorrectRecaptcha."),
        ErrorRow(55, "ERROR_ACCOUNT_SUSPENDED", "System has suspended your account for a reason."),
        ErrorRow(56, "ERROR_TEMPLATE_NOT_FOUND", "AntiGate template not found by provided name."),
        ErrorRow(57, "ERROR_TASK_CANCELED", "AntiGate task was canceled by worker.", poll: true),
    ]
}
