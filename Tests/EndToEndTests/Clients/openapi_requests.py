"""What becomes of the requests that schemathesis makes of a description, so that they get past the first checks."""

import base64
import json
import random
import urllib.parse

# Blanks and slashes at the end of a path mean nothing, so that with nothing else it would be another path.
BLANKS = "/" + "".join(map(chr, range(0x21)))
# Longer than that nobody waits here for the end of a task.
LONGEST_WAIT = 0.2
# Header lines by which a server finds the end of a request. With others than those that are true it is no request, and
# is answered as such, before anything that is described.
FRAMING = {"content-length", "transfer-encoding"}
# Addresses that are nobody's to be called at.
FORBIDDEN = ["http://127.0.0.1:8080/", "https://[::1]/", "http://0x7f.1/", "http://10.0.0.1/a?b=c", "ftp://example.com/"]


class Requests:
    """Gives requests a working key and the ID of something that is there, or else nearly all would be refused for those.

    A few get a key that may only solve, or one of an account without money; a few another method, a key in the header, or
    a field by another of its names. What is odd in them otherwise stays as it is.
    """

    def __init__(self, settings, document):
        self.chance = random.Random(settings["seed"])
        self.keys = settings["keys"]
        self.recyclable = settings["recyclable"]
        self.tasks = []
        self.recycled = []
        self.captchas = []
        self.paths = set(document["paths"])
        self.aliases, self.files = fields_of(document)

    def likely(self, chance):
        return self.chance.random() < chance

    def key(self):
        return self.chance.choices(self.keys, [0.94, 0.03, 0.03])[0]

    def learn(self, path, answer):
        """Remembers what an answer has made."""
        if path.endswith("/createTask") and answer.get("taskId"):
            self.tasks = (self.tasks + [answer["taskId"]])[-200:]
        if path == "/v1/recycled-keys" and answer.get("id") and answer["id"] not in self.recycled:
            self.recycled.append(answer["id"])
        if path in ("/api", "/api/captcha") and isinstance(answer.get("captcha"), int):
            self.captchas = (self.captchas + [answer["captcha"]])[-100:]

    def prepare(self, case):
        for name in [name for name in case.headers if name.lower() in FRAMING]:
            del case.headers[name]
        if self.likely(0.02):
            case.method = self.chance.choice(["PUT", "PATCH", "OPTIONS"])
        if case.path.startswith("/v1/"):
            self.prepare_account(case)
        elif case.path.split("/")[1] == "api":
            self.prepare_form(case)
        else:
            self.prepare_task_call(case)

    def prepare_account(self, case):
        if self.likely(0.95):
            case.headers["Authorization"] = f"Bearer {self.key()}"
        self.fill(case, "id", self.tasks if "task" in case.path else self.recycled)
        if isinstance(case.body, dict) and self.likely(0.5):
            case.body.update(self.chance.choice(self.recyclable))

    def prepare_form(self, case):
        if self.likely(0.5):
            case.headers["Authorization"] = f"Bearer {self.key()}"
        self.fill(case, "captcha", self.captchas)
        if not isinstance(case.body, dict):
            return
        if self.likely(0.9):
            case.body["authtoken"] = self.key()
        for name, value in case.body.items():
            if name in self.files and isinstance(value, str):
                case.body[name] = self.file(value)
            if isinstance(value, dict) and case.media_type != "application/json":
                case.body[name] = json.dumps(value)

    def fill(self, case, name, known):
        """Puts what is there into a gap of the path."""
        gap = (case.path_parameters or {}).get(name)
        if isinstance(gap, str):
            text = urllib.parse.unquote(gap).strip(BLANKS)
            # A word that is a path of its own comes before the gap, as the description's rules have it.
            if not text or case.path.replace(f"{{{name}}}", text) in self.paths:
                case.path_parameters[name] = "-"
        if gap is not None and known and self.likely(0.7):
            case.path_parameters[name] = self.chance.choice(known)

    def file(self, value):
        if not self.likely(0.8):
            return value
        return base64.b64encode(self.chance.randbytes(self.chance.randint(90, 300))).decode()

    def prepare_task_call(self, case):
        if "Idempotency-Key" in case.headers and self.likely(0.8):
            case.headers["Idempotency-Key"] = f"order-{self.chance.randrange(10**9)}"
        if not isinstance(case.body, dict) or case.path.endswith("/getQueueStats"):
            return
        body = case.body
        if self.likely(0.1):
            body.pop("clientKey", None)
            case.headers["Authorization"] = f"Bearer {self.key()}"
        elif self.likely(0.9):
            body["clientKey"] = self.key()
        if "taskId" in body and self.tasks and self.likely(0.7):
            # The older half has had the time to be solved.
            body["taskId"] = self.chance.choice(self.tasks[: len(self.tasks) // 2 + 1])
        if isinstance(body.get("wait"), (int, float)) and not isinstance(body["wait"], bool):
            body["wait"] = min(body["wait"], LONGEST_WAIT)
        if isinstance(body.get("callbackUrl"), str):
            odd = self.likely(0.1)
            body["callbackUrl"] = self.chance.choice(FORBIDDEN) if odd else nowhere(body["callbackUrl"])
        # Most names of providers and modes are of none, and end a request before its task is looked at.
        for name in ("provider", "selectionMode", "keyPoolMode"):
            if name in body and self.likely(0.7):
                del body[name]
        if isinstance(body.get("task"), dict):
            body["task"] = self.renamed(body["task"])

    def renamed(self, task):
        """The task with some of its fields under other names by which they are understood, or of an unknown type.

        What should be a file nearly always is one.
        """
        renamed = {}
        for name, value in task.items():
            if name in self.files and isinstance(value, str):
                value = self.file(value)
            names = self.aliases.get(name, []) if self.likely(0.2) else []
            renamed[self.chance.choice(names) if names else name] = value
        if self.likely(0.02):
            renamed["type"] = "NoSuchTask"
        return renamed


def nowhere(address):
    """The address with a host of a name that nobody has, so that no stranger is called."""
    scheme, line, rest = address.partition("://")
    places = [place for place in map(rest.find, "/?#") if place >= 0]
    return f"{scheme}://nobody.invalid{rest[min(places):] if places else ''}" if line else address


def fields_of(document):
    """The other names of every field of a task, and the names of those that hold files."""
    aliases, files = {}, set()
    for described in document["components"]["schemas"].values():
        for name, field in described.get("properties", {}).items():
            aliases.setdefault(name, []).extend(field.get("x-aliases", []))
            if "contentEncoding" in field:
                files.add(name)
    return aliases, files
