#!/bin/sh
# Exit statuses and messages: 0 hits, 1 none, 2 usage or bad request, 3 no server or index, or no answer.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh

usage() {
    name=$1
    shift
    run "$weft" "$@"
    exits "$name" 2
}
usage "no command"
says "no command" "weft: no command; weft --help lists them"
usage "unknown command" dance
says "unknown command" "weft: no command 'dance'"
usage "unknown option" search -s unix:/x --fancy a
usage "a query word with a minus" search -s unix:/x bout -landing
says "says how such a word is given" "a query word that starts with '-' goes after --"
usage "no place" search a
says "names both ways to say where" "weft: no server or index named: give -s ADDRESS or -i DIR (or set WEFT_SERVER or WEFT_INDEX)"
usage "both places" search -s unix:/x -i y a
usage "no query" search -s unix:/x
usage "two references" get -s unix:/x article:a article:b
usage "an operand of status" status -s unix:/x now
usage "a limit of 0" search -s unix:/x --limit 0 a
usage "a limit of 101" search -s unix:/x --limit 101 a
usage "an offset of 10001" search -s unix:/x --offset 10001 a
usage "an unknown type" search -s unix:/x --type photo a
usage "an address without a port" search -s localhost a
usage "an address with a port over 65535" search -s localhost:65536 a
usage "a query that is not UTF-8" search -s unix:/x "$(printf 'a\377')"

run "$weft" --help
exits "--help" 0
grep -q '^  search QUERY' "$dir/out"
report "--help lists the commands" $?
run "$weft" search --help
exits "search --help" 0
grep -q -- '--snippet N' "$dir/out"
report "search --help lists its options" $?
run "$weft" --version
exits "--version" 0

run "$weft" search -s "unix:$dir/none" a
exits "no server" 3
says "no server" "weft: no server at 'unix:$dir/none': No such file or directory"
run "$weft" search -s "$dir/none" a
exits "a path needs no unix:" 3
run env WEFT_SERVER="unix:$dir/none" "$weft" search a
exits "WEFT_SERVER" 3
run env WEFT_SERVER="unix:$dir/other" WEFT_INDEX=x "$weft" search -s "unix:$dir/none" a
says "-s goes before the environment" "$dir/none"

# code, exit status
while read -r code want; do
    printf '{"ok":false,"error":{"code":"%s","message":"told why"}}\n' "$code" >"$replies"
    ask "$weft" get comment:x
    exits "$code" "$want"
    says "$code is told" "weft: told why"
done <<'EOF'
bad_request 2
bad_query 2
limit 2
not_found 1
busy 3
timeout 3
changed 3
corrupt 3
io 3
no_memory 3
internal 3
unheard_of 3
EOF

printf '%s\n' '{"ok":false,"error":{"code":"bad_query","message":"a prefix needs 3 letters","at":6}}' >"$replies"
ask "$weft" search first ab\*
exits "a bad query" 2
printf 'weft: a prefix needs 3 letters\n    first ab*\n          ^\n' | cmp -s - "$dir/err"
report "the caret stands where the query is wrong" $?
ask "$weft" search --json first ab\*
exits "a bad query with --json" 2
cmp -s "$replies" "$dir/out" && [ ! -s "$dir/err" ]
report "--json prints the error as it came" $?

printf '%s\n' '{"ok":false,"error":{"code":"not_found","message":"no index"}}' >"$replies"
ask "$weft" search a
exits "a query for which the index is missing" 3

# What is no answer.
for bad in '!close' '!half {"ok":true' 'HTTP/1.1 200 OK' '[]' '{}'; do
    printf '%s\n' "$bad" >"$replies"
    ask "$weft" search a
    exits "reply '$bad'" 3
    [ -s "$dir/err" ] && [ ! -s "$dir/out" ]
    report "reply '$bad': only stderr says something" $?
done

# A full disk is an error, a reader that went away is not.
printf '{"ok":true,"a":1}\n' >"$replies"
status=0
perl tests/daemon/fake_server.pl "$replies" "$weft" status >/dev/full 2>"$dir/err" || status=$?
exits "no room for the output" 3
perl -e 'print qq({"ok":true,"a":"), "x" x 1000000, qq("}\n)' >"$replies"
# shellcheck disable=SC2016 # $1 and the rest are the inner shell's
run sh -c 'perl tests/daemon/fake_server.pl "$1" "$2" status --json | head -c 4' sh "$replies" "$weft"
[ "$(cat "$dir/out")" = '{"ok' ] && [ ! -s "$dir/err" ]
report "a reader that has enough ends it quietly" $?
done_testing
