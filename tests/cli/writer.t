#!/bin/sh
# weft-indexer build --writer and --memory: both writers make the same index, and the bulk writer is left aside when its test fails.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
bulk=$dir/bulk
plain=$dir/plain

# figures DIR: of its stats, but for the size of the tables.
figures() { "$indexer" stats --json -i "$1" 2>>"$dir/log" | jq -S 'del(.bytes)'; }

# same NAME A B: two files that must be there and hold the same bytes.
same() {
    [ -s "$2" ] && cmp "$2" "$3" >"$dir/err" 2>&1
    report "$1" $?
}

run "$indexer" build -q --writer bulk -i "$bulk" corpus/*.ndjson
exits "build --writer bulk" 0
[ ! -s "$dir/err" ]
report "its test at the start is silent" $?
[ ! -e "$bulk/test-bulk" ] && [ ! -e "$bulk/test-xapian" ] && [ ! -e "$bulk/build" ]
report "and leaves nothing" $?
run "$indexer" build -q --writer xapian -i "$plain" corpus/*.ndjson
exits "build --writer xapian" 0

"$indexer" export -i "$bulk" >"$dir/a" 2>>"$dir/log"
"$indexer" export -i "$plain" >"$dir/b" 2>>"$dir/log"
same "the same export from both" "$dir/a" "$dir/b"
figures "$bulk" >"$dir/a"
figures "$plain" >"$dir/b"
same "the same stats" "$dir/a" "$dir/b"
# A cursor holds the time it was made.
for query in bridge 'the harbour' '"of the"' 'kind:comment -the' 'tram under:a1 is:reply'; do
    "$weft" search --json -i "$bulk" "$query" 2>>"$dir/log" | jq -cS 'del(.took_ms, .id, .next)' >"$dir/a"
    "$weft" search --json -i "$plain" "$query" 2>>"$dir/log" | jq -cS 'del(.took_ms, .id, .next)' >"$dir/b"
    same "the same answer to $query" "$dir/a" "$dir/b"
done

# What the bulk writer made, add changes and delete takes from.
cat >"$dir/more" <<'EOT'
{"type":"article","id":"w1","title":"Lighthouse keeper retires","body":"Forty years."}
{"type":"comment","id":"w2","article":"w1","body":"Farewell."}
EOT
for index in "$bulk" "$plain"; do
    run "$indexer" add -q -i "$index" "$dir/more"
    exits "add to ${index##*/}" 0
    run "$indexer" delete -i "$index" comment:w2
    exits "delete from ${index##*/}" 0
done
figures "$bulk" >"$dir/a"
figures "$plain" >"$dir/b"
same "the same stats after changes" "$dir/a" "$dir/b"

# A test that cannot be made: a file stands where its directory should.
mkdir "$dir/hindered"
: >"$dir/hindered/test-bulk"
run "$indexer" build -q -i "$dir/hindered" corpus/tidewell.ndjson
exits "a build whose test fails" 0
says "it says which writer it takes" "taking Xapian's"
"$indexer" export -i "$dir/hindered" >"$dir/a" 2>>"$dir/log"
"$indexer" build -q --writer xapian -i "$dir/tidewell" corpus/tidewell.ndjson
"$indexer" export -i "$dir/tidewell" >"$dir/b" 2>>"$dir/log"
same "and the index is whole" "$dir/a" "$dir/b"

for size in 128M 131072K 134217728 1G; do
    run "$indexer" build -q --memory $size -i "$dir/sized" corpus/tidewell.ndjson
    exits "--memory $size" 0
done
for size in '' M 127M 134217727 1T 1.5G -1 99999999999G; do
    run "$indexer" build -q --memory "$size" -i "$dir/refused" corpus/tidewell.ndjson
    exits "--memory '$size'" 2
    says "--memory '$size': why" "--memory: '$size' is"
done
[ ! -e "$dir/refused" ]
report "and nothing was made" $?
run "$indexer" build -q --writer lucene -i "$dir/refused" corpus/tidewell.ndjson
exits "a writer that is none" 2
done_testing
