#!/bin/sh
# weft-indexer compact: the same answers from fewer bytes, and not one byte of what was deleted.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

# 200 threads of 10 comments, each comment with a word of its own: kept or removed, in the author too.
awk 'BEGIN {
    for (t = 0; t < 200; t++) {
        printf "{\"type\":\"article\",\"id\":\"a%d\",\"title\":\"Harbour news %d\"}\n", t, t
        for (c = 0; c < 10; c++) {
            n = t * 10 + c
            word = (c % 2 ? "remov" : "stayz") sprintf("%04d", n) "xq"
            printf "{\"type\":\"comment\",\"id\":\"c%d\",\"article\":\"a%d\",\"author\":\"%sauthor\",\"date\":%d,\"body\":\"%s and the tide\"}\n", \
                n, t, word, 1000000 + n, word
        }
    }
}' >"$dir/records"
"$indexer" build -q -i "$i" "$dir/records"
seq 1 2 1999 | sed 's/.*/{"type":"delete","ref":"comment:c&"}/' >"$dir/deletes"

# left: how many of the words stand in the files of the index. Terms are plain bytes; so are stored records this short.
left() { cat "$i"/gen-*/* | LC_ALL=C grep -aoE "$1[0-9]{4}xq" | sort -u | wc -l; }
bytes() { cat "$i"/gen-*/* | wc -c; }
answers() {
    for query in tide 'harbour tide' 'stayz0004xq' 'author:stayz0010xqauthor' 'is:comment -stayz0002xq'; do
        "$weft" search --json -i "$i" "$query" 2>>"$dir/log" | jq -cS 'del(.took_ms, .id, .next)'
    done
}

"$indexer" add -q -i "$i" "$dir/deletes"
[ "$(left remov)" -gt 900 ]
report "what is deleted still stands in old blocks" $?
before=$(bytes)
"$indexer" export -i "$i" >"$dir/export"
answers >"$dir/answers"
[ "$(wc -l <"$dir/answers")" -eq 5 ] && grep -q stayz0004xq "$dir/answers"
report "answers to compare" $?

run "$indexer" compact -i "$i"
exits "compact" 0
grep -qE '^[0-9]+ bytes before, [0-9]+ after \(generation 2\)$' "$dir/out"
report "bytes before and after" $?
[ "$(awk '{ print $1 }' "$dir/out")" -gt "$(awk '{ print 2 * $4 }' "$dir/out")" ]
report "less than half by its own words" $?
[ "$(($(bytes) * 2))" -lt "$before" ]
report "and by the files" $?
[ "$(left remov)" -eq 0 ] && [ "$(left stayz)" -eq 1000 ]
report "no byte of what was deleted, every word of the rest ($(left remov), $(left stayz))" $?
[ "$(echo "$i"/gen-*)" = "$i/gen-2" ] && [ "$(readlink "$i/current")" = gen-2 ]
report "one generation is left" $?
"$indexer" export -i "$i" >"$dir/out"
prints "the same export" <"$dir/export"
answers >"$dir/out"
prints "the same answers" <"$dir/answers"
run "$indexer" verify -q -i "$i"
exits "verify finds nothing" 0

# It goes on as an index does.
echo '{"type":"comment","id":"new","article":"a1","body":"tide turns"}' >"$dir/new"
run "$indexer" add -i "$i" "$dir/new"
exits "add to it" 0
without_figures "$dir/out"
prints "at the next revision" <<'EOT'
1 added, 0 changed, 0 same, 0 deleted, 0 refused (revision 3)
EOT
run "$indexer" delete -q -i "$i" comment:new
exits "delete from it" 0
run "$indexer" compact -q -i "$i"
exits "again" 0
prints "--quiet" </dev/null
"$indexer" export -i "$i" >"$dir/out"
prints "the export is what it was" <"$dir/export"
"$indexer" build -q -i "$i" "$dir/records"
"$indexer" compact -q -i "$i"
[ "$(echo "$i"/gen-*)" = "$i/gen-5" ]
report "the generation that a build keeps goes as well" $?

# A table is damaged: the old generation stays.
cp -r "$i" "$dir/damaged"
truncate -s 20000 "$dir/damaged/gen-5/termlist.glass"
run "$indexer" compact -i "$dir/damaged"
[ "$status" -ge 4 ]
report "a damaged index is not compacted ($status)" $?
[ "$(echo "$dir"/damaged/gen-*)" = "$dir/damaged/gen-5" ] && [ "$(readlink "$dir/damaged/current")" = gen-5 ]
report "the old generation stays" $?
run "$indexer" compact -i "$dir/none"
exits "no index" 2
run "$indexer" compact -i "$i" more
exits "an argument" 2
done_testing
