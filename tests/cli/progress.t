#!/bin/sh
# How far a build is: the JSON objects of --progress json, their order and their ends.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # what client.sh sets and reads; $p is jq's
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

is() {
    [ "$3" = "$2" ]
    report "$1 (got: $3)" $?
}
holds() { # NAME FILTER: true of the list of all objects
    jq -es "map(.progress) | $2" "$dir/json" >"$dir/diff" 2>&1
    report "$1" $?
}
count=20000
seq 1 $count | jq -c '{type: "comment", id: "c\(.)", article: "a\(. / 50 | floor)", body: "comment \(.) on the ferries of the north, number \(. % 997)"}' >"$dir/made"
bytes=$(wc -c <"$dir/made")

run "$indexer" build -i "$i" --progress json "$dir/made"
exits "a build with --progress json" 0
cp "$dir/err" "$dir/json"
holds "every object has every key" 'all(keys == ["done", "elapsed_s", "eta_s", "mb_per_s", "phase", "records_per_s", "total", "unit"])'
holds "the phases come in order" 'reduce .[].phase as $p ([]; if .[-1] == $p then . else . + [$p] end) == ["read", "write", "merge", "check", "catch_up"]'
holds "done never falls in a phase" 'group_by(.phase) | all(map(.done) | . == sort)'
holds "it is never over the total" 'all(.done <= .total)'
holds "each phase ends complete" 'group_by(.phase) | all(.[-1] | .done == .total)'
holds "the clock never goes back" 'map(.elapsed_s) | . == sort'
holds "the end is near at the end" '.[-1].eta_s == 0'
is "reading has the bytes of the files" "$bytes bytes" "$(jq -rs 'map(.progress | select(.phase == "read"))[-1] | "\(.total) \(.unit)"' "$dir/json")"
is "writing has the records" "$count records" "$(jq -rs 'map(.progress | select(.phase == "write"))[-1] | "\(.total) \(.unit)"' "$dir/json")"
holds "a rate and a time left are numbers" 'map(select(.phase == "write"))[-1] | (.records_per_s | type) == "number" and (.mb_per_s | type) == "number" and (.eta_s | type) == "number"'

# A pipe: nobody knows how much will come.
"$indexer" build -i "$i" --progress json - <"$dir/made" >"$dir/out" 2>"$dir/json"
report "a build from standard input" $?
holds "no total, no time left while it reads" 'map(select(.phase == "read"))[0] | .total == null and .eta_s == null'
holds "the records are known when it writes" 'map(select(.phase == "write")) | all(.total == 20000)'

# From the index.
"$indexer" build -i "$i" --progress json --from-index >"$dir/out" 2>"$dir/json"
report "a build from the index" $?
holds "its documents are counted" 'map(select(.phase == "read"))[-1] | .unit == "documents" and .done == .total and .total > 20000'

# When nothing is told.
run "$indexer" build -i "$i" "$dir/made"
is "no terminal, nothing asked: silence" "" "$(cat "$dir/err")"
run "$indexer" build -q -i "$i" --progress json "$dir/made"
is "-q" "" "$(cat "$dir/err")"
run "$indexer" build -i "$i" --progress none "$dir/made"
is "--progress none" "" "$(cat "$dir/err")"
run "$indexer" build -i "$i" --progress often "$dir/made"
exits "--progress often" 2

# The line of a terminal, asked for.
run "$indexer" build -i "$i" --progress line "$dir/made"
for word in reading writing checking 'catching up'; do
    grep -q "$word" "$dir/err"
    report "the line says $word" $?
done
is "it is one line, and clean at the end" "0 $(printf '\033[K')" "$(wc -l <"$dir/err") $(tr '\r' '\n' <"$dir/err" | tail -n 1)"

# What became of the records, as one object.
{
    head -n 3 "$dir/made"
    head -n 1 "$dir/made"
    for n in 1 2 3 4 5 6 7; do echo "{\"type\":\"comment\",\"id\":\"lost$n\",\"body\":\"x\"}"; done
    for n in 1 2; do echo '{"type":"article"}'; done
} >"$dir/some"
run "$indexer" build -i "$dir/j" --json "$dir/some"
exits "a build with --json, some refused" 1
is "its counts" "4 3 0 1 9" "$(jq -r '"\(.records) \(.added) \(.changed) \(.superseded) \(.refused)"' "$dir/out")"
is "its reasons" '{"comment without article":7,"no id":2}' "$(jq -cS .refused_by_reason "$dir/out")"
is "its phases" "catch_up check merge read write" "$(jq -r '.phases | keys | join(" ")' "$dir/out")"
is "megabytes that were read" "$(wc -c <"$dir/some")" "$(jq '.phases.read.mb * 1000000 | round' "$dir/out")"
run "$indexer" add -i "$dir/j" --json "$dir/some"
exits "an addition with --json" 1
is "the counts of it" "0 3 9 1" "$(jq -r '"\(.added) \(.same) \(.refused) \(.revision)"' "$dir/out")"
seq 1 30 | jq -c '{type: "comment", id: "lost\(.)", body: "x"}' >>"$dir/some"
run "$indexer" add -i "$dir/j" "$dir/some"
says "when many are refused, why" "weft-indexer: 37 refused: comment without article"

# Its priority, while it waits for its input.
mkfifo "$dir/pipe"
"$indexer" build -q -i "$dir/n" --nice 7 - <"$dir/pipe" >"$dir/out" 2>"$dir/err" &
builder=$!
exec 3>"$dir/pipe"
until [ -e "$dir/n/build/checkpoint.json" ] || ! kill -0 "$builder"; do :; done
nice=$(cut -d' ' -f19 "/proc/$builder/stat")
cat "$dir/made" >&3
exec 3>&-
wait "$builder"
report "a build with --nice" $?
is "its priority" 7 "$nice"
run "$indexer" build -i "$i" --nice 20 "$dir/made"
exits "--nice 20" 2
# Forty records at a hundred a second are at work for four tenths of a second at least, in reading and in writing.
head -n 40 "$dir/made" >"$dir/forty"
run "$indexer" build -i "$dir/r" --rate 100 --json "$dir/forty"
exits "--rate" 0
is "reading and writing sleep in between" true "$(jq '.records == 40 and .phases.read.seconds > 0.38 and .phases.write.seconds > 0.38' "$dir/out")"
run "$indexer" build -i "$dir/r" --rate 1000000001 "$dir/forty"
exits "--rate over its limit" 2
done_testing
