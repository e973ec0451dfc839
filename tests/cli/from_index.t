#!/bin/sh
# A build from the index itself: what is in it stays as it was, seen or not, and is written by new settings.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

is() {
    [ "$3" = "$2" ]
    report "$1 (got: $3)" $?
}

cat >"$dir/first" <<'EOT'
{"type":"article","id":"a1","title":"Ferry","body":"The ferries stay in port.","site":"north","x":{"n":1}}
{"type":"comment","id":"c1","article":"a1","body":"A shame."}
{"type":"comment","id":"c2","article":"a1","parent":"c1","body":"Why?"}
{"type":"comment","id":"hidden","article":"a1","parent":"c2","status":"hidden","rev":7,"body":"secret"}
{"type":"comment","id":"late","article":"unknown","body":"Its article has not come yet."}
{"type":"article","id":"a2","title":"Houses","body":"Old houses."}
{"type":"article","id":"gone","title":"Withdrawn","body":"Not true.","rev":3}
EOT
cat >"$dir/second" <<'EOT'
{"type":"comment","id":"c3","article":"a2","body":"Added later."}
{"type":"delete","ref":"comment:c1"}
{"type":"delete","ref":"article:gone","rev":4}
{"type":"delete","ref":"comment:never","rev":9}
EOT
"$indexer" build -q -i "$i" --tz Europe/Berlin --lang de "$dir/first"
"$indexer" add -q -i "$i" "$dir/second"
"$indexer" export -i "$i" >"$dir/before"
is "five are public" "a1 a2 c2 c3 late" "$(jq -r 'select(.body != null) .id' "$dir/before" | sort | paste -sd' ')"
next=$("$weft" search -i "$i" --json --limit 1 'is:comment' --sort oldest | jq -r .next)

run "$indexer" build -i "$i" --from-index
exits "a build from the index" 0
grep -qx '0 added, 0 changed, 5 same, 0 no longer there' "$dir/out"
report "nothing is new" $?
"$indexer" export -i "$i" >"$dir/out"
cmp "$dir/before" "$dir/out" 2>"$dir/err"
report "the export is as before" $?
is "the revision goes on" "3" "$("$indexer" stats -i "$i" --json | jq .revision)"
run "$weft" search -i "$i" --json --sort oldest --cursor "$next" 'is:comment'
is "what did not change keeps its revision: a cursor goes on with it" 2 "$(jq '.hits | length' "$dir/out")"
is "the settings stay" "de Europe/Berlin" "$(jq -r '"\(.settings.lang) \(.settings.tz)"' "$i/weft.json")"
run "$indexer" verify -i "$i"
exits "verify finds nothing" 0

# What was taken away with a revision stays away, and what was hidden can be shown again.
cat >"$dir/old" <<'EOT'
{"type":"article","id":"gone","title":"Withdrawn","body":"Not true.","rev":3}
{"type":"comment","id":"never","article":"a2","body":"Too late.","rev":8}
{"type":"comment","id":"hidden","article":"a1","parent":"c2","body":"older","rev":6}
EOT
"$indexer" add -q -i "$i" "$dir/old"
"$indexer" export -i "$i" >"$dir/out"
cmp "$dir/before" "$dir/out" 2>"$dir/err"
report "older copies of deleted and hidden records stay out" $?
echo '{"type":"article","id":"unknown","title":"Here it is"}' | "$indexer" add -q -i "$i" -
is "a comment whose article was missing is under it" unknown \
    "$("$weft" get -i "$i" --json comment:late | jq -r .doc.article)"

# Other settings.
run "$indexer" build -i "$i" --from-index --lang en --writer xapian
exits "in another language, by the other writer" 0
run "$weft" search -i "$i" ferry lang:en
exits "it is searched by it" 0
is "it is kept, the zone too" "en Europe/Berlin" "$(jq -r '"\(.settings.lang) \(.settings.tz)"' "$i/weft.json")"

"$indexer" build -q -i "$dir/none" --from-index 2>/dev/null
is "without an index nothing is made" "" "$(ls "$dir/none" 2>/dev/null)"
run "$indexer" build -i "$dir/none" --from-index
exits "without an index" 2
run "$indexer" build -i "$i" --from-index "$dir/first"
exits "with a file" 2
says "it says so" "weft-indexer: build: --from-index takes no FILE"

# Nothing public is left: a build from it is as empty.
"$indexer" delete -q -i "$i" article:a1 article:a2 article:unknown comment:late
run "$indexer" build -i "$i" --from-index
exits "an index without public records" 0
is "no article" 0 "$("$indexer" stats -i "$i" --json | jq .articles)"
run "$indexer" add -i "$i" "$dir/old"
is "tombstones are still there" "" "$("$indexer" export -i "$i" | jq -r 'select(.id == "gone") .id')"
done_testing
