#!/bin/sh
# weft-indexer stats: the figures of an index, counted here by hand.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

# Two articles, a stub, four public comments of which two have no parent there (one under the stub), one place.
cat >"$dir/in" <<'EOF'
{"type":"article","id":"a1","title":"Bridge"}
{"type":"article","id":"a2","title":"Ferry"}
{"type":"article","id":"a3","title":"Hidden","status":"hidden"}
{"type":"comment","id":"c1","article":"a1","body":"one"}
{"type":"comment","id":"c2","article":"a1","parent":"none","body":"two"}
{"type":"comment","id":"c3","article":"a1","parent":"c1","status":"hidden"}
{"type":"comment","id":"c4","article":"a1","parent":"c3","body":"four"}
{"type":"comment","id":"c5","article":"a9","parent":"gone","body":"five"}
{"type":"comment","id":"c6","article":"a3","body":"in a hidden thread"}
{"type":"comment","id":"c7","article":"a1","status":"pending"}
EOF
"$indexer" build -q -i "$i" "$dir/in"
run "$indexer" stats -i "$i"
exits "stats" 0
[ ! -s "$dir/err" ]
report "it complains of nothing" $?
sed 's/^bytes .*/bytes/' "$dir/out" >"$dir/figures"
cp "$dir/figures" "$dir/out"
prints "the figures" <<'EOF'
articles   2
comments   4
threads    3
orphans    2
stubs      1
places     1
revision   1
generation 1
bytes
EOF
run "$indexer" stats --json -i "$i"
jq -r 'to_entries[] | "\(.key) \(.value)"' "$dir/out" >"$dir/json"
bytes=$(du -bc "$i/gen-1/"* | sed -n 's/\ttotal$//p')
cp "$dir/json" "$dir/out"
prints "--json: the same, and the bytes of the generation's files" <<EOF
articles 2
comments 4
threads 3
orphans 2
stubs 1
places 1
revision 1
generation 1
bytes $bytes
EOF
run "$weft" status -i "$i" --json
[ "$(jq -c '[.articles, .comments, .threads, .orphans, .stubs, .places, .revision, .generation]' "$dir/out")" = "[2,4,3,2,1,1,1,1]" ]
report "the daemon's status says the same" $?
"$indexer" build -q -i "$i" "$dir/in"
run "$indexer" stats --json -i "$i"
[ "$(jq -c '[.revision, .generation]' "$dir/out")" = "[2,2]" ]
report "after another build" $?

# Nothing to see.
"$indexer" delete -q -i "$i" article:a1 article:a2 comment:c5
run "$indexer" stats -i "$i"
exits "an empty index" 0
says "an empty index says how to fill it" "weft-indexer: the index is empty: fill it with 'weft-indexer add -i $i FILE'"
run "$indexer" stats -i "$i" more
exits "an argument too many" 2
says "an argument too many" "stats: unexpected argument 'more'"
for form in "" --json; do
    # shellcheck disable=SC2086
    "$indexer" stats $form -i "$i" >/dev/full 2>"$dir/err"
    [ $? -eq 4 ]
    report "no room for it: exit status 4 $form" $?
    says "no room for it $form" "standard output: No space left on device"
done
done_testing
