"""Sends requests of chance to in.php and res.php, or to Death By Captcha's calls, and checks each answer: no 5xx but what is
documented, no word outside the dialect's closed set, and no request without an answer.

Usage: fuzz_forms.py SETTINGS, one JSON object: `port` and `key` of the host, `dialect` (`in.php` or `Death By Captcha`),
`requests`, `seed` (null: the same requests each time), `document` (docs/dialects.md, which has the closed sets) and `tasks`,
IDs of tasks that there are. Prints one JSON object: how often each word was answered. The smallest request whose answer is
wrong ends it with an error.
"""

import base64
import http.client
import json
import re
import sys
from collections import Counter
from urllib.parse import parse_qsl, quote_from_bytes

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SETTINGS = json.loads(sys.argv[1])
SECONDS = 20
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(150))).decode()


def documented(heading):
    """The text of a section of the document on dialects."""
    text = open(SETTINGS["document"]).read()
    return re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)[1]


def closed_set():
    text = documented("in.php and res.php")
    paragraph = text[text.index("The codes, a closed set:"):].split("With `json=1`")[0]
    return {word for word in re.findall(r"`([^`]+)`", paragraph) if re.fullmatch(r"[A-Z_]+(: \d+)?", word)}


def statuses():
    """The rows of the table of errors: `error` by status."""
    allowed = {}
    for row in re.findall(r"^\| (4[^|]*|5[^|]*) \| ([^|]*) \|", documented("Death By Captcha"), re.M):
        for status in re.findall(r"\d+", row[0]):
            words = re.findall(r"`([^`]+)`", row[1])
            allowed.setdefault(int(status), set()).update(words)
    # Nothing is to go wrong here.
    allowed.pop(500, None)
    return allowed


FORMS = SETTINGS["dialect"] == "in.php"
CODES, STATUSES = closed_set(), statuses()
counts = Counter()

# MARK: What requests are made of.

key = st.sampled_from([SETTINGS["key"]] * 12 + [SETTINGS["key"][5:], "ucap_" + "x" * 32, "x" * 32, "short", ""])
task = st.sampled_from([str(task) for task in SETTINGS["tasks"]] + ["0", "-1", "99999999999999999999", "1e3", "x"])
page = st.sampled_from(["https://example.com/", "https%3A%2F%2Fexample.com%2F", "example.com", "nothing", "", "http://"])
site = st.sampled_from(["6LcR_okUAAAAAPYrPe-HK_0RULO1aZM15ENyM-Mf", "0x4AAAAAAAB", "", "K", "6L" * 4000])
junk = st.one_of(
    st.text(max_size=40), st.binary(max_size=40), st.integers().map(str), st.floats().map(str),
    st.sampled_from(["%zz", "%ff%fe", "\0", "{}", "[" * 70, "null", "A" * 5000, "a|b", "1,2,3", "\r\nX: y", "ERROR"]))
picture = st.sampled_from([PICTURE, "base64:" + PICTURE, "data:image/png;base64," + PICTURE, "QUJD", "!", ""])
flag = st.sampled_from(["0", "1", "2", "true", "", "-1"])
METHODS = re.findall(r"`([a-z_0-9]+)`", documented("in.php and res.php").split("`method` is one of")[1].split("\n\n")[0])
PROXIES = ["user:password@198.51.100.9:8080", "198.51.100.9", "::", "user:password@", "http://[", ""]
KNOWN = {
    "action": st.sampled_from(
        ["get", "get2", "getbalance", "userinfo", "threadsinfo", "reportbad", "reportgood", "GET", "nothing", ""]),
    "id": task, "ids": st.lists(task, max_size=120).map(",".join), "pageurl": page, "method": st.sampled_from(METHODS + [""]),
    "json": st.sampled_from(["0", "1", "1", "1", "x"]), "header_acao": flag, "body": picture, "file": picture,
    "version": st.sampled_from(["v2", "v3", "V3", "enterprise", ""]), "min_score": junk, "lang": junk,
    "proxy": st.sampled_from(PROXIES), "proxytype": st.sampled_from(["HTTP", "SOCKS5", "ftp", ""]), "cookies": junk,
    "textcaptcha": junk, "textinstructions": junk, "imginstructions": picture, "data": junk, "userAgent": junk,
    "type": st.one_of(st.integers(-1, 26).map(str), junk), "captchafile": picture, "captcha": picture, "banner": picture,
    "grid": st.sampled_from(["3x3", "4x", "x", "0x0", "99999999999x1"]), "audio": picture, "pingback": page,
    "captchaid": junk, "challenge": junk, "gt": junk, "soft_id": junk, "iv": junk, "context": junk, "step": junk,
}
for name in ["googlekey", "sitekey", "publickey", "captchakey", "captcha_id", "apikey", "misery_key", "appid"]:
    KNOWN[name] = site
for name in ["invisible", "enterprise", "numeric", "phrase", "regsense", "calc", "min_len", "max_len", "rows", "columns",
             "coordinatescaptcha", "canvas", "recaptcha", "angle", "is_score"]:
    KNOWN[name] = st.one_of(flag, junk)
FIELDS = {"googlekey": site, "sitekey": site, "publickey": site, "gt": junk, "captcha_id": site, "action": junk,
          "min_score": st.floats() | junk, "proxy": st.sampled_from(PROXIES), "pageurl": page, "proxytype": junk}


def dumped(value):
    return json.dumps(value, default=lambda data: data.decode("latin-1"))


PARAMS = ["token_params", "funcaptcha_params", "hcaptcha_params", "geetest_params", "turnstile_params", "waf_params",
          "siara_params", "mtcaptcha_params", "tencent_params", "token_enterprise_params"]
for name in PARAMS:
    KNOWN[name] = st.one_of(
        st.dictionaries(st.sampled_from(sorted(FIELDS)), st.one_of(*FIELDS.values()), max_size=5).map(dumped), junk)

pair = st.sampled_from(sorted(KNOWN)).flatmap(lambda name: st.tuples(st.just(name), KNOWN[name]))
odd = st.tuples(st.one_of(st.text(max_size=12), st.sampled_from(["KEY", "data[blob]", "a[]", "", "key", "json"])), junk)


def drawn(keys, *names):
    """Pairs that make a sensible request, most of the time, and others beside them. What is sensible is one of several
    lists of names.
    """
    keyed = st.sampled_from(keys * 9 + [None]).flatmap(
        lambda name: st.just([]) if name is None else key.map(lambda text: [(name, text)]))
    sensible = st.sampled_from([()] + [tuple(chosen.split()) for chosen in names] * 3).flatmap(
        lambda chosen: st.tuples(*[st.tuples(st.just(name), KNOWN[name]) for name in chosen]))
    return st.tuples(keyed, sensible, st.lists(st.one_of(pair, odd), max_size=3)).map(
        lambda parts: parts[0] + list(parts[1]) + parts[2])


submits = drawn(
    ["key"], "method googlekey pageurl json", "method sitekey pageurl json proxy proxytype", "method body json", "method file")
results = drawn(["key"], "action id json", "action id", "action ids json", "id")
death = drawn(["authtoken", "password", "username"], "captchafile", "type captchafile banner grid",
              *[f"type {name}" for name in PARAMS])
death_paths = st.one_of(
    st.sampled_from(["/api", "/api/captcha", "/api/user", "/api/status", "//api//captcha/"]),
    task.map(lambda name: f"/api/{name}"), task.map(lambda name: f"/api/captcha/{name}"),
    task.map(lambda name: f"/api/captcha/{name}/report"))


def data(value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def encoded(pairs):
    return b"&".join(quote_from_bytes(data(n)).encode() + b"=" + quote_from_bytes(data(v)).encode() for n, v in pairs)


def multipart(pairs, files, damage):
    body = b""
    for (name, value), is_file in zip(pairs, files):
        more = b'; filename="x.png"\r\nContent-Type: image/png' if is_file else b""
        quoted = re.sub(rb'["\r\n]', b"", data(name))
        body += b'--b\r\nContent-Disposition: form-data; name="' + quoted + b'"' + more + b"\r\n\r\n" + data(value) + b"\r\n"
    body += b"--b--\r\n"
    if damage is not None:
        at = damage % len(body)
        body = body[:at] + bytes([damage % 256]) + body[at + 1:]
    return body


nested = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=5), inside, max_size=3)),
    max_leaves=6)


@st.composite
def requests(draw):
    """A method, a target, headers and a body."""
    if FORMS:
        submit = draw(st.booleans())
        paths = ["/in.php"] * 4 + ["/2captcha/in.php", "//in.php", "/in.php/"]
        path = draw(st.sampled_from(paths if submit else [path.replace("in.php", "res.php") for path in paths]))
        pairs = draw(submits if submit else results)
    else:
        path, pairs = draw(death_paths), draw(death)
    headers, body, query = {}, b"", b""
    shape = draw(st.sampled_from(["query", "query", "form", "multipart", "JSON", "mixed"]))
    usual = ["GET", "POST"] if shape == "query" else ["POST"]
    if not FORMS and re.fullmatch(r"/api/(captcha/)?[^/]*\d[^/]*|/api/status", path):
        shape, usual = "query", ["GET"]
    method = draw(st.sampled_from(usual * 12 + ["GET", "PUT", "HEAD", "DELETE", "OPTIONS"]))
    if shape == "query":
        query = encoded(pairs)[:6000]
    elif shape == "form":
        headers["Content-Type"] = draw(st.sampled_from(
            ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8", "text/plain", ""]))
        body = draw(st.one_of(*[st.just(encoded(pairs))] * 5, st.binary(max_size=60)))
    elif shape == "multipart":
        headers["Content-Type"] = draw(st.sampled_from(
            ["multipart/form-data; boundary=b"] * 6 + ['multipart/form-data; boundary="b"', "multipart/form-data",
             "multipart/form-data; boundary=", "multipart/mixed; boundary=b"]))
        files = draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
        body = multipart(pairs, files, draw(st.one_of(st.none(), st.none(), st.integers(0, 100000))))
    elif shape == "JSON":
        headers["Content-Type"] = draw(st.sampled_from(["application/json", "application/json; charset=utf-8", "text/json"]))
        members = {str(n): v.decode("latin-1") if isinstance(v, bytes) else v for n, v in pairs}
        members.update(draw(st.dictionaries(st.sampled_from(sorted(KNOWN)), nested, max_size=2)))
        body = draw(st.one_of(
            st.just(json.dumps(members).encode()), nested.map(lambda value: json.dumps(value).encode()), st.binary(max_size=40)))
    elif shape == "mixed":
        half = len(pairs) // 2
        query, body = encoded(pairs[:half])[:6000], encoded(pairs[half:])
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if not FORMS and draw(st.integers(0, 5)) == 0:
        headers["Accept"] = "application/x-www-form-urlencoded"
    target = path.encode() + (b"?" + query if query else b"")
    return method, target.decode("latin-1"), headers, body if method in ("POST", "PUT") else b""


# MARK: What answers have to be.

connection = http.client.HTTPConnection("127.0.0.1", SETTINGS["port"], timeout=SECONDS)


def ask(method, target, headers, body):
    """One connection serves all, as long as the host keeps it. No answer in time is an error."""
    for attempt in range(2):
        try:
            connection.request(method, target, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type") or "", answer.read()
        except (http.client.RemoteDisconnected, ConnectionError):
            # A connection may be closed between two requests.
            connection.close()
            assert attempt == 0, "The host closed the connection without an answer."


def check_forms(request, status, kind, text):
    assert status == 200, f"status {status}"
    if request[0] == "HEAD":
        return "HEAD"
    if kind.startswith("application/json"):
        answer = json.loads(text)
        if answer["status"] == 0:
            assert answer["request"] in CODES, answer
            return answer["request"]
        assert answer["status"] == 1, answer
        return "success"
    assert kind.startswith("text/plain"), kind
    if text.startswith("OK|") or text == "OK_REPORT_RECORDED" or re.fullmatch(r"\d+\.\d{4,}", text):
        return "success"
    # Several tasks at once have an answer or a code each.
    words = text.split("|")
    if "ids" in request[1] or b"ids" in request[3]:
        assert all(word in CODES or not word.startswith("ERROR") for word in words), text
        return "several"
    assert text in CODES, text
    return text


def check_death(request, status, kind, text):
    if request[0] == "HEAD":
        assert status == 200 or status in STATUSES, f"status {status}"
        return "HEAD"
    if kind.startswith("application/x-www-form-urlencoded"):
        answer = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
    else:
        assert kind.startswith("application/json"), kind
        answer = json.loads(text)
    if status == 200:
        assert str(answer.get("status", 0)) == "0", answer
        return "success"
    assert status in STATUSES, f"status {status}: {text}"
    assert str(answer["status"]) == "255" and answer["error"] in STATUSES[status], answer
    return answer["error"]


@settings(
    max_examples=SETTINGS["requests"], deadline=None, database=None, derandomize=SETTINGS["seed"] is None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink], print_blob=False)
@given(requests())
def each(request):
    status, kind, body = ask(*request)
    text = body.decode("utf-8")
    counts[(check_forms if FORMS else check_death)(request, status, kind, text)] += 1


if SETTINGS["seed"] is not None:
    each = seed(SETTINGS["seed"])(each)
assert CODES and STATUSES and len(METHODS) > 20
each()
print(json.dumps(counts))
