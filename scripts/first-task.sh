#!/usr/bin/env bash
# Prints one line for a shell that makes an ALTCHA challenge, has it solved and shows the solution.
# Arguments: the address of the host, an API key.
source "$(dirname "$0")/lib.sh"
[[ $# -eq 2 ]] || fail 'Say the address of the host and an API key.'

# What the line does, in readable form: ALTCHA version 1, whose secret number the solver has to find. The signature is
# with the key `secret`, so that a server with that key accepts the solution.
challenge='import hashlib,hmac,json,os,random;s=os.urandom(12).hex()+"&";c=hashlib.sha256((s+str(random.randrange(100000))).encode()).hexdigest();print(json.dumps({"algorithm":"SHA-256","challenge":c,"maxnumber":100000,"salt":s,"signature":hmac.new(b"secret",c.encode(),hashlib.sha256).hexdigest()}))'
create='{"clientKey":"'"$2"'","task":{"type":"AltchaTaskProxyless","websiteURL":"https://example.com","challengeJSON":'
call="curl -sS -H content-type:application/json $1"

printf '%s' "id=\$(python3 -c '$challenge' | sed 's|.*|$create&}}|' | $call/createTask -d @- | tee /dev/stderr"
printf '%s' " | sed -E 's/.*\"taskId\": *\"?([^\",}]*).*/\\1/'); echo; for i in \$(seq 100); do"
printf '%s' " answer=\$($call/getTaskResult -d '{\"clientKey\":\"$2\",\"taskId\":\"'\"\$id\"'\"}') || break;"
printf '%s\n' " case \$answer in *'\"processing\"'*) sleep 0.2;; *) echo \"\$answer\"; break;; esac; done"
