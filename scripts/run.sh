#!/usr/bin/env bash
# Starts a host with the adapter native on a database in run/, makes a first account and shows how to solve a task.
source "$(dirname "$0")/lib.sh"

host=.build/release/ucaptcha
config=run/ucaptcha.yaml
[[ -x $host ]] || fail "$host is not there. Run \`make build\`."

mkdir -p run
chmod 700 run
if [[ ! -e $config ]]; then
    say "writing $config"
    # The database goes beside the file; the plug-ins are one folder up.
    sed 's|^  directory: plugins$|  directory: ../plugins|' ucaptcha.example.yaml >"$config.new"
    grep -q '^  directory: \.\./plugins$' "$config.new" || fail 'ucaptcha.example.yaml has no line `  directory: plugins`.'
    mv "$config.new" "$config"
fi

# The value of a key two levels down, such as `server port`.
setting() { awk -v section="$1:" -v key="$2:" '/^[a-z]/ { here = $1 } here == section && $1 == key { print $2 }' "$config"; }
url="http://$(setting server host):$(setting server port)"

key=
if [[ ! -e run/ucaptcha.sqlite || ! -e run/first-account ]]; then
    say 'making a first account with 1 USD'
    answer=$("$host" account create --name first --deposit 1 --json --config "$config") ||
        fail 'The first account could not be made. The line above says why.'
    key=$(sed -n 's/.*"apiKey" *: *"\([^"]*\)".*/\1/p' <<<"$answer")
    [[ -n $key ]] || fail 'The answer of `account create --json` has no apiKey.'
    date >run/first-account
fi

say "starting the host on $url; Ctrl-C stops it"
# In a process group of its own, so that Ctrl-C reaches this script alone and the host is told once.
set -m
"$host" serve --config "$config" </dev/null &
pid=$!
set +m
stopping=
trap 'stopping=1; kill -TERM "$pid" 2>/dev/null || true' INT TERM

ready=
for _ in $(seq 150); do
    if curl -fs -o /dev/null --max-time 2 "$url/readyz"; then
        ready=1
        break
    fi
    kill -0 "$pid" 2>/dev/null || break
    [[ -z $stopping ]] || break
    sleep 0.2
done

if [[ -n $ready ]]; then
    echo
    if [[ -n $key ]]; then
        say "the key of the first account, shown this once: $key"
        say 'this line makes an ALTCHA challenge and has it solved; paste it into another terminal:'
        echo
        scripts/first-task.sh "$url" "$key"
        echo
    else
        say 'the key of the first account was shown when it was made. For another account, in another terminal:'
        echo "$host account create --name second --deposit 1 --config $config"
    fi
elif [[ -z $stopping ]] && kill -0 "$pid" 2>/dev/null; then
    kill -TERM "$pid"
    wait "$pid" || true
    fail "The host did not answer $url/readyz within 30 seconds. Its lines above say why."
fi

# `wait` returns early when the trap has run; the host may still be finishing what it was at.
status=0
wait "$pid" || status=$?
while kill -0 "$pid" 2>/dev/null; do
    status=0
    wait "$pid" || status=$?
done
if [[ -n $stopping ]]; then
    say 'the host has stopped'
elif [[ $status -ne 0 ]]; then
    fail "The host ended with status $status. Its lines above say why."
fi
