#!/usr/bin/env bash
# Starts the provider simulator and a host with every bundled adapter in front of it, and has six kinds of task solved
# through each vendor that sells them; then hands keys over, has tasks solved through them and looks for secrets; then has
# the cheapest vendor fail under a stream of tasks. Nothing of it stays: database, keys and plug-ins are in a folder that is
# removed.
# Options: --once ends after that, --port N takes N and the seven ports after it, --no-build takes what is built.
# UCAPTCHA_BUILD says which build to use: debug, release, or the folder that has it, which is then taken as it is. Without
# it the one that is there is used, and release where there is none.
source "$(dirname "$0")/lib.sh"

once='' build=1 port=18080
while [[ $# -gt 0 ]]; do
    case $1 in
    --once) once=1 ;;
    --no-build) build='' ;;
    --port)
        [[ ${2:-} =~ ^[0-9]{4,5}$ && $2 -le 65528 ]] || fail '--port takes a number from 1000 to 65528.'
        port=$2
        shift
        ;;
    *) fail "There is no option '$1'. There are --once, --port N and --no-build." ;;
    esac
    shift
done

kind=${UCAPTCHA_BUILD:-}
if [[ -z $kind ]]; then
    kind=release
    [[ -x .build/release/ucaptcha || ! -x .build/debug/ucaptcha ]] || kind=debug
fi
case $kind in
debug | release) binaries=.build/$kind ;;
/*) binaries=$kind build='' ;;
*) fail "UCAPTCHA_BUILD is debug, release or the whole path of a folder, not '$kind'." ;;
esac

for ((number = port; number < port + 8; number++)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$number") 2>/dev/null; then
        fail "Port $number is taken, and the demo needs $port to $((port + 7)). Stop what listens there, or choose" \
            "others: make demo ARGS='--port 20000'"
    fi
done

mkdir -p .build
if [[ -n $build ]]; then
    need_swift
    say "building ($kind; minutes the first time, and .build/demo-build.log tells what it is at)"
    printf '   '
    for product in ucaptcha provider-simulator $(plugins); do
        printf ' %s' "$product"
        swift build -c "$kind" --product "$product" >.build/demo-build.log 2>&1 || {
            printf '\n'
            grep -E 'error:' -A3 .build/demo-build.log | head -20 >&2
            fail "The build of $product failed. .build/demo-build.log has all of it."
        }
    done
    printf '\n'
fi

folder=$(mktemp -d .build/demo.XXXXXX)
simulator='' host='' stopping=''

# Tells a process to stop and waits until it has. A signal to this script ends a wait, so that it may take several.
stop() {
    [[ -n $1 ]] || return 0
    kill -TERM "$1" 2>/dev/null || true
    while kill -0 "$1" 2>/dev/null; do wait "$1" 2>/dev/null || true; done
}

finish() {
    local status=$?
    trap '' INT TERM HUP
    # The host first: what it has open at the vendors is settled.
    stop "$host"
    stop "$simulator"
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'stopping=1; exit 130' INT TERM HUP

# Fails with the last lines of a log.
fail_with_log() {
    tail -n 15 "$2" >&2
    fail "$1"
}

mkdir "$folder/plugins"
for program in ucaptcha provider-simulator; do
    [[ -x $binaries/$program ]] || fail "$binaries/$program is not there. Run the demo without --no-build."
done
for name in $(plugins); do
    cp "$binaries/lib$name.so" "$folder/plugins/$name.so" 2>/dev/null ||
        fail "$binaries/lib$name.so is not there. Run the demo without --no-build."
done

say "starting the vendors on ports $((port + 2)) to $((port + 7)) and the host on $port"
# Vendors take a moment for a task, as real ones do.
script='{"2captcha": X, "capsolver": X, "anticaptcha": X, "capmonster": X, "multibot": X}'
printf '%s\n' "${script//X/\{\"latency\": \{\"uniform\": [0.5, 4]\}\}}" >"$folder/vendors.json"
# In process groups of their own, so that Ctrl-C reaches this script alone and each is told once, in order. The simulator
# ends with its input as well, which is this script's end of a pipe: nothing is left over however this script ends.
# Of two vendors it has a key itself, and a user has another.
hex() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
recycled="2captcha=$(hex) anticaptcha=$(hex)"
keys=()
for pair in $recycled; do
    keys+=(--key "${pair%%=*}=$(hex):20" --key "$pair:5")
done
mkfifo "$folder/input"
set -m
"$binaries/provider-simulator" --ports-from $((port + 2)) --script "$folder/vendors.json" "${keys[@]}" --json \
    --until-input-ends <"$folder/input" >"$folder/vendors" 2>"$folder/simulator.log" &
simulator=$!
set +m
exec 9>"$folder/input"
for _ in $(seq 100); do
    [[ ! -s $folder/vendors ]] || break
    kill -0 "$simulator" 2>/dev/null || break
    sleep 0.1
done
[[ -s $folder/vendors ]] || fail_with_log 'The simulator did not start. Its lines above say why.' "$folder/simulator.log"

settings=$(python3 - "$folder" "$port" "$recycled" <<'PYTHON'
import json, sys
folder, port, recycled = sys.argv[1], int(sys.argv[2]), sys.argv[3]
vendors = json.load(open(f"{folder}/vendors"))
text = open("scripts/demo.yaml").read().replace("@PORT@", str(port)).replace("@ADMIN_PORT@", str(port + 1))
for name, vendor in vendors.items():
    if name != "control":
        text = text.replace(f"@{name}@", vendor["address"])
        key = next(key for key in vendor["keys"] if key not in recycled)
        print(f"export DEMO_KEY_{name.upper()}={key}")
open(f"{folder}/ucaptcha.yaml", "w").write(text)
PYTHON
) || fail 'The configuration could not be written.'
eval "$settings"
host_keys=$(env | sed -n 's/^DEMO_KEY_[A-Z0-9]*=//p' | tr '\n' ' ')

config=$folder/ucaptcha.yaml
"$binaries/ucaptcha" vault init --config "$config" >/dev/null || fail 'The vault could not be made.'
# Makes an account with that name and deposit, and prints its API key.
account() {
    "$binaries/ucaptcha" account create --name "$1" --deposit "$2" --json --config "$config" |
        sed -n 's/.*"apiKey" *: *"\([^"]*\)".*/\1/p'
}
key=$(account demo 10)
owner=$(account owner 1)
[[ -n $key && -n $owner ]] || fail 'The first accounts could not be made.'
set -m
"$binaries/ucaptcha" serve --config "$config" </dev/null >"$folder/host.log" 2>&1 9>&- &
host=$!
set +m
url=http://127.0.0.1:$port
ready=''
for _ in $(seq 150); do
    if curl -fs -o /dev/null --max-time 2 "$url/readyz"; then
        ready=1
        break
    fi
    kill -0 "$host" 2>/dev/null || break
    sleep 0.1
done
[[ -n $ready ]] || fail_with_log 'The host did not start. Its lines above say why.' "$folder/host.log"

adapters=$("$binaries/ucaptcha" adapter list --json --config "$config") || fail 'The adapters could not be listed.'
result=0
DEMO_ADAPTERS=$adapters python3 scripts/demo.py "$url" "$key" || result=$?
[[ -z $stopping ]] || exit 130
control=$(sed -E 's/.*"control": *"([^"]*)".*/\1/' "$folder/vendors")
DEMO_RECYCLED=$recycled DEMO_KEYS=$host_keys PYTHONDONTWRITEBYTECODE=1 python3 scripts/recycle.py \
    "$url" "$key" "$owner" "http://127.0.0.1:$((port + 1))" "$control" "$folder" "$binaries/ucaptcha" || result=$?
[[ -z $stopping ]] || exit 130
python3 scripts/outage.py "$url" "$key" "$control" || result=$?
[[ -z $stopping ]] || exit 130
"$binaries/ucaptcha" ledger verify --config "$config" >"$folder/ledger" 2>&1 || result=1
sed 's/^/    ledger verify: /' "$folder/ledger"
echo
[[ $result -eq 0 ]] || tail -n 15 "$folder/host.log" >&2

if [[ -n $once ]]; then
    [[ $result -eq 0 ]] || fail 'Not everything was as it should be. The lines above say what.'
    say 'everything was solved; host and vendors are stopped'
    exit 0
fi
cat <<TEXT
==> the host stays on $url until Ctrl-C, with the key
    $key
    Any client of 2Captcha, Anti-Captcha or CapSolver can be pointed there. By hand, in another terminal:

    url=$url key=$key
    curl -s \$url/createTask -d '{"clientKey": "'\$key'", "provider": "capsolver",
        "task": {"type": "RecaptchaV2TaskProxyless", "websiteURL": "https://shop.example.org/login",
                 "websiteKey": "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-"}}'
    curl -s \$url/getTaskResult -d '{"clientKey": "'\$key'", "taskId": "THE ID FROM ABOVE"}'
    curl -s \$url/getBalance -d '{"clientKey": "'\$key'"}'

    Without "provider" the host chooses one, as docs/routing.md says. What a vendor was asked, and what the host wrote:

    curl -s '$control/requests?vendor=capsolver'
    less $folder/host.log $config

TEXT
trap 'stopping=1' INT TERM HUP
while kill -0 "$host" 2>/dev/null && [[ -z $stopping ]]; do wait "$host" || true; done
[[ -n $stopping ]] || fail_with_log 'The host ended by itself. Its lines above say why.' "$folder/host.log"
say 'stopping'
exit 0
