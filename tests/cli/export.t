#!/bin/sh
# weft-indexer export: the public records, sorted by thread, each value as it was given.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

cat >"$dir/in" <<'EOF'
{"type":"comment","id":"c2","article":"a1","parent":"c1","body":"He said \"no\"\\never.\n\n\ttab","date":"2020-01-01T12:00:00+02:00"}
{"type":"comment","id":"c4","article":"a2","parent":"0","body":"top","score":-3,"kind":"review","format":"html","lang":"de","rev":0}
{"type":"article","id":"a2","title":"Zwei","tags":["b","a"],"lang":"de","rev":9,"url":"https://x.example/2","section":"s","site":"t"}
{"type":"article","id":"a1","title":"Eins ёлка 木","author":"Ann","author_id":"u1","extra":1}
{"type":"comment","id":"c1","article":"a1","author":"Bob","status":"hidden","body":"secret","rev":4}
{"type":"comment","id":"c3","article":"a1","parent":"lost","body":"","date":"yesterday"}
{"type":"comment","id":"c5","article":"a1","parent":"c2","status":"deleted"}
{"type":"comment","id":"c6","article":"a10","body":"under a stub"}
EOF
cat >"$dir/exported" <<'EOF'
{"type":"article","id":"a1","title":"Eins ёлка 木","author":"Ann","author_id":"u1"}
{"type":"comment","id":"c1","article":"a1","deleted":true}
{"type":"comment","id":"c2","article":"a1","parent":"c1","date":"2020-01-01T10:00:00Z","body":"He said \"no\"\\never.\n\n\ttab"}
{"type":"comment","id":"c3","article":"a1","parent":"lost"}
{"type":"comment","id":"c6","article":"a10","body":"under a stub"}
{"type":"article","id":"a2","title":"Zwei","url":"https://x.example/2","section":"s","tags":["b","a"],"lang":"de","site":"t","rev":9}
{"type":"comment","id":"c4","article":"a2","parent":"0","body":"top","score":-3,"kind":"review","format":"html","rev":0,"lang":"de"}
EOF
"$indexer" build -q -i "$i" "$dir/in" 2>"$dir/log"
run "$indexer" export -i "$i"
exits "export" 0
prints "by article id, comments in thread order, keys in the order of doc/record.md" <"$dir/exported"
sort -r "$dir/in" >"$dir/reversed"
"$indexer" build -q -i "$dir/r" "$dir/reversed" 2>"$dir/log"
run "$indexer" export -i "$dir/r"
prints "another order of the input: the same bytes" <"$dir/exported"
while read -r line; do
    printf '%s\n' "$line" | "$indexer" add -q -i "$dir/one" - 2>"$dir/log"
done <"$dir/in"
run "$indexer" export -i "$dir/one"
prints "one by one: the same bytes" <"$dir/exported"
"$indexer" build -q -i "$dir/again" "$dir/exported"
run "$indexer" export -i "$dir/again"
prints "a build from an export: the same bytes" <"$dir/exported"
run "$indexer" convert "$dir/exported"
exits "an export is weft NDJSON" 0
"$indexer" export -i "$i" >/dev/full 2>"$dir/err"
[ $? -eq 4 ]
report "no room for it: exit status 4" $?
says "no room for it" "standard output: No space left on device"
run "$indexer" export -i "$i" "$dir/in"
exits "an argument too many" 2
says "an argument too many" "export: unexpected argument '$dir/in'"
done_testing
