#!/bin/sh
# weft-indexer verify: an index against its source, and against its own records; what --fix mends.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
damage=${B:-build}/tests/weft-damage
i=$dir/i

clean='0 missing, 0 extra, 0 stale, 0 misplaced, 0 newer in the index'
sound='0 missing, 0 extra, 0 wrong'
revision() { "$indexer" stats --json -i "$i" 2>"$dir/log" | jq .revision; }

# exports_as NAME FILE...: the index exports the bytes of a fresh build of the files.
exports_as() {
    name=$1
    shift
    rm -rf "$dir/fresh"
    "$indexer" build -q -i "$dir/fresh" "$@" 2>"$dir/log"
    "$indexer" export -i "$dir/fresh" >"$dir/want" 2>"$dir/log"
    "$indexer" export -i "$i" >"$dir/out" 2>"$dir/err"
    [ -s "$dir/want" ] && cmp "$dir/want" "$dir/out" >>"$dir/err" 2>&1
    report "$name" $?
}

# The source, and what the index was made from: c2 is missing there, c3 has another body, c4 another parent, c5 another
# article, c6 and a3 with c7 are extra, c8 is newer, c9 was deleted in the source.
cat >"$dir/source" <<'EOT'
{"type":"article","id":"a1","title":"Bridge over the sound","body":"It opens in May."}
{"type":"comment","id":"c1","article":"a1","author":"Ann","date":1000,"body":"At last."}
{"type":"comment","id":"c2","article":"a1","parent":"c1","date":2000,"body":"Not for long."}
{"type":"comment","id":"c3","article":"a1","date":3000,"body":"Tolls, of course."}
{"type":"comment","id":"c4","article":"a1","parent":"c1","date":4000,"body":"Who pays?"}
{"type":"article","id":"a2","title":"Ferry to the island"}
{"type":"comment","id":"c5","article":"a2","date":5000,"body":"Slow."}
{"type":"comment","id":"c8","article":"a2","date":8000,"body":"Early copy.","rev":1}
{"type":"comment","id":"c9","article":"a2","date":9000,"body":"Slander."}
{"type":"delete","ref":"comment:c9"}
EOT
cat >"$dir/other" <<'EOT'
{"type":"article","id":"a1","title":"Bridge over the sound","body":"It opens in May."}
{"type":"comment","id":"c1","article":"a1","author":"Ann","date":1000,"body":"At last."}
{"type":"comment","id":"c3","article":"a1","date":3000,"body":"Tolls, obviously."}
{"type":"comment","id":"c4","article":"a1","date":4000,"body":"Who pays?"}
{"type":"comment","id":"c5","article":"a1","date":5000,"body":"Slow."}
{"type":"comment","id":"c6","article":"a1","date":6000,"body":"Never in the source."}
{"type":"article","id":"a2","title":"Ferry to the island"}
{"type":"comment","id":"c8","article":"a2","date":8000,"body":"Later copy.","rev":2}
{"type":"comment","id":"c9","article":"a2","date":9000,"body":"Slander."}
{"type":"article","id":"a3","title":"Tunnel"}
{"type":"comment","id":"c7","article":"a3","date":7000,"body":"Under it."}
EOT
cat >"$dir/found" <<'EOT'
missing comment:c2
stale comment:c3
misplaced comment:c4
misplaced comment:c5
extra comment:c9
extra comment:c6
extra comment:c7
extra article:a3
1 missing, 4 extra, 1 stale, 2 misplaced, 1 newer in the index (of 9 records)
EOT

"$indexer" build -q -i "$i" "$dir/source"
run "$indexer" verify -i "$i" "$dir/source"
exits "an index of its source" 0
prints "nothing is found" <<EOT
$clean (of 9 records)
EOT
run "$indexer" verify -q -i "$i" "$dir/source"
prints "--quiet then says nothing" </dev/null

rm -r "$i"
"$indexer" build -q -i "$i" "$dir/other"
run "$indexer" verify -i "$i" "$dir/source"
exits "an index of something else" 4
prints "each difference by its id" <"$dir/found"
run "$indexer" verify --max 2 -i "$i" "$dir/source"
head -n 2 "$dir/found" >"$dir/two"
tail -n 1 "$dir/found" >>"$dir/two"
prints "--max 2 prints two and counts all" <"$dir/two"
says "and says so" "6 more findings are not printed"
[ "$(revision)" = 1 ]
report "without --fix nothing is written" $?
run "$indexer" verify --fix -i "$i" "$dir/source"
exits "--fix" 0
sed 's/records)/records); 8 mended/' "$dir/found" >"$dir/mended"
prints "the same, mended" <"$dir/mended"
[ "$(revision)" = 2 ]
report "in one commit" $?
run "$indexer" verify -i "$i" "$dir/source"
exits "then nothing is found" 0
sed 's/Early copy/Later copy/; s/"rev":1/"rev":2/' "$dir/source" >"$dir/mixed"
exports_as "and the export is that of a build, but for what was newer" "$dir/mixed"
run "$indexer" verify --fix -i "$i" "$dir/source"
exits "--fix with nothing to mend" 0
[ "$(revision)" = 2 ]
report "writes nothing" $?
run "$indexer" verify -i "$i"
exits "the index is sound" 0

# The files are read as build reads them.
"$indexer" build -q -i "$i" --id-prefix p- --tz Europe/Berlin "$dir/source"
run "$indexer" verify -i "$i" --id-prefix p- "$dir/source"
exits "options of reading, the zone of the build" 0
run "$indexer" verify -i "$i" "$dir/source"
exits "without them" 4

# What is hidden in the source, and what hides it.
printf '%s\n' '{"type":"article","id":"a1","title":"Bridge"}' '{"type":"comment","id":"c1","article":"a1","body":"One."}' \
    '{"type":"comment","id":"c2","article":"a1","parent":"c1","body":"Two."}' \
    '{"type":"article","id":"a9","title":"Another"}' >"$dir/shown"
sed '/"c1","article"/s/}$/,"status":"hidden"}/' "$dir/shown" >"$dir/hidden"
sed '/Bridge/s/}$/,"status":"pending"}/' "$dir/shown" >"$dir/pending"
sed 1d "$dir/shown" >"$dir/stub"
# becomes NAME FROM TO LINE...: the findings of an index of FROM against TO, and that --fix makes it that of TO.
becomes() {
    name=$1
    from=$2
    to=$3
    shift 3
    rm -rf "$i"
    "$indexer" build -q -i "$i" "$dir/$from"
    "$indexer" verify --fix -i "$i" "$dir/$to" 2>"$dir/err" | sed '$d' >"$dir/out"
    printf '%s\n' "$@" >"$dir/lines"
    prints "$name" <"$dir/lines"
    run "$indexer" verify -q -i "$i" "$dir/$to"
    exits "$name: mended" 0
    run "$indexer" verify -q -i "$i"
    exits "$name: sound" 0
    exports_as "$name: the export of a build" "$dir/$to"
}
becomes "hidden in the source" shown hidden "extra comment:c1"
becomes "hidden in the index" hidden shown "missing comment:c1"
becomes "a pending article" shown pending "extra article:a1"
becomes "an article that came out" pending shown "missing article:a1"
becomes "an article only the index has" shown stub "extra article:a1"
becomes "an article only the source has" stub shown "missing article:a1"
becomes "a pending article only the index has" pending stub "extra article:a1"

# A record taken away with a revision stays away, and is no fault of the index.
sed 's/"hidden"}/"hidden","rev":3}/' "$dir/hidden" >"$dir/taken"
"$indexer" build -q -i "$i" "$dir/taken"
run "$indexer" verify -i "$i" "$dir/shown"
exits "taken away with a revision" 0
prints "counted as newer" <<'EOT'
0 missing, 0 extra, 0 stale, 0 misplaced, 1 newer in the index (of 4 records)
EOT
run "$indexer" verify -i "$i" "$dir/hidden"
exits "the same without its revision" 0

# What could not be read may be what seems to be extra.
printf '%s\n' '{"type":"comment","id":"c1"' >"$dir/broken"
tail -n 1 "$dir/shown" >>"$dir/broken"
sed 's/"c2"/"c3"/' "$dir/shown" >"$dir/renamed"
rm -r "$i"
"$indexer" build -q -i "$i" "$dir/shown"
run "$indexer" verify -i "$i" "$dir/shown" "$dir/broken" "$dir/shown"
exits "a refused line" 1
says "it is named" "broken:1:"
run "$indexer" verify --fix -i "$i" "$dir/broken" "$dir/renamed"
exits "--fix with a refused line" 4
prints "mends what is missing only" <<'EOT'
missing comment:c3
extra comment:c2
1 missing, 1 extra, 0 stale, 0 misplaced, 0 newer in the index (of 4 records); 1 mended
EOT
says "and says why" "what is extra stays"
run "$indexer" verify -i "$i" "$dir/nothing-there"
exits "no file to be read" 2
says "nothing is compared" "nothing is compared"
run "$indexer" verify -i "$dir/none" "$dir/shown"
exits "no index" 2
run "$indexer" verify --max -1 -i "$i"
exits "--max -1" 2

# The index against itself: spoil NAME HOW ARGUMENT... -- FINDING...; --fix makes it sound again.
spoil() {
    name="$1: $2 $3"
    shift
    rm -rf "$i"
    "$indexer" build -q -i "$i" "$dir/source"
    "$indexer" add -q -i "$i" "$dir/orphan"
    how=$1
    shift
    : >"$dir/arguments"
    while [ "$1" != -- ]; do
        echo "$1" >>"$dir/arguments"
        shift
    done
    shift
    unique=$(sed -n 1p "$dir/arguments")
    value=$(sed -n 2p "$dir/arguments")
    "$damage" "$i/gen-1" "$how" "$unique" "$value"
    run "$indexer" verify -i "$i"
    exits "$name" 4
    printf '%s\n' "$@" >"$dir/lines"
    sed -i '$d' "$dir/out"
    prints "$name: named" <"$dir/lines"
    run "$indexer" verify --fix -i "$i"
    exits "$name: --fix" 0
    run "$indexer" verify -q -i "$i"
    exits "$name: sound again" 0
    prints "$name: quiet" </dev/null
}
totals='wrong totals of lengths and languages'
echo '{"type":"comment","id":"c7","article":"a7","date":7000,"body":"Its article never came."}' >"$dir/orphan"
cat "$dir/source" "$dir/orphan" >"$dir/all"

spoil "a leaf lost" remove Qcc2 -- "wrong comment:c1" "wrong thread:a1" "$totals"
spoil "a parent lost" remove Qcc1 -- "wrong comment:c2" "wrong comment:c4" "wrong thread:a1" "$totals"
run "$indexer" verify -i "$i" "$dir/all"
exits "only the source can tell what was lost" 4
prints "by its id" <<'EOT'
missing comment:c1
1 missing, 0 extra, 0 stale, 0 misplaced, 0 newer in the index (of 10 records)
EOT
run "$indexer" verify --fix -i "$i" "$dir/all"
exits "and --fix brings it back" 0
exports_as "as it was" "$dir/all"
spoil "a stub lost" remove Qaa7 -- "missing article:a7"
exports_as "a stub lost: nothing else" "$dir/all"
spoil "a thread document lost" remove Qta1 -- "missing thread:a1"
spoil "terms lost" bare Qcc4 -- "wrong comment:c4"
exports_as "terms lost: nothing else" "$dir/all"
run "$weft" search --json -i "$i" pays
exits "terms lost: found again" 0
spoil "in another thread" thread Qcc4 a2 -- "wrong comment:c1" "wrong thread:a1" "wrong comment:c4" "$totals"
exports_as "in another thread: nothing else" "$dir/all"
spoil "in no thread" stray Qcc4 "" -- "wrong comment:c1" "wrong thread:a1" "wrong comment:c4" "$totals"
exports_as "in no thread: nothing else" "$dir/all"
spoil "an article in no thread" stray Qaa2 "" -- "missing article:a2" "wrong comment:c5" "wrong comment:c8" "wrong thread:a2" \
    "wrong article:a2" "$totals"
exports_as "an article in no thread: nothing else" "$dir/all"
spoil "another parent" parent Qcc4 c3 -- "wrong comment:c1" "wrong comment:c3" "wrong comment:c4" "wrong thread:a1" \
    "$totals"
run "$indexer" verify -i "$i" "$dir/all"
prints "another parent: the source knows" <<'EOT'
misplaced comment:c4
0 missing, 0 extra, 0 stale, 1 misplaced, 0 newer in the index (of 10 records)
EOT
spoil "wrong sums" lengths "1 2 3" -- "$totals"

# What cannot be read is named, and stays.
rm -r "$i"
"$indexer" build -q -i "$i" "$dir/source"
"$damage" "$i/gen-1" garbage Qcc4
run "$indexer" verify --fix -i "$i"
exits "stored bytes that are none" 4
grep -qx "unreadable thread:a1" "$dir/out"
report "its thread is named" $?
run "$indexer" verify -i "$i" "$dir/source"
exits "against the source" 4
prints "it is named itself" <<'EOT'
unreadable comment:c4
0 missing, 0 extra, 0 stale, 0 misplaced, 1 unreadable, 0 newer in the index (of 9 records)
EOT
done_testing
