#!/bin/sh
# An author purged: out of every answer at once, out of the journal, old generations and a build that runs, and after a
# compaction out of every file.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

is() {
    [ "$3" = "$2" ]
    report "$1 (got: $3)" $?
}
# finds QUERY: how many hits
finds() { "$weft" search -i "$i" --json "$@" | jq .total.hits; }
# traces WORD...: files of the index that hold a word, in any case
traces() {
    for word; do grep -rliaF "$word" "$i"; done | sort -u | wc -l
}

cat >"$dir/in" <<'EOF'
{"type":"article","id":"a","title":"Ferry timetable","body":"It sails.","author":"Zoltan Quixley"}
{"type":"comment","id":"c1","article":"a","author":"Zoltan Quixley","author_id":"u77","body":"The xylophonist was late on the quay."}
{"type":"comment","id":"c2","article":"a","parent":"c1","author":"Ann","body":"> The xylophonist was late on the quay.\n\nAgreed, and wet."}
{"type":"comment","id":"c3","article":"a","parent":"c2","author":"ZOLTÁN quixley","author_id":"u78","body":"Zymurgy aboard."}
{"type":"comment","id":"c4","article":"a","author":"Bob","body":"> Agreed, and wet.\n\nDry, more like."}
EOF
"$indexer" build -q -i "$i" "$dir/in"
"$indexer" build -q -i "$i" "$dir/in"
echo '{"type":"comment","id":"c5","article":"a","author":"Zoltan Quixley","author_id":"u77","body":"Yttrium later."}' | "$indexer" add -q -i "$i" -
is "found before" 4 "$(finds 'author:"zoltan quixley"')"
"$indexer" stats -i "$i" --json >"$dir/stats"

# A build that runs meanwhile, with a comment that the index does not have yet.
mkfifo "$dir/pipe"
"$indexer" build -q -i "$i" - <"$dir/pipe" >"$dir/log" 2>&1 &
builder=$!
exec 3>"$dir/pipe"
until [ -e "$i/build/checkpoint.json" ] || ! kill -0 "$builder"; do :; done
run "$indexer" purge -i "$i" --author 'Zoltan Quixley' 3>&-
prints "what it did" <<'EOF'
3 comments deleted, 1 articles without their author, 1 comments without what they quoted (revision 4); 'weft-indexer compact' takes the last bytes out of the files
EOF
says "it says that a build runs" "weft-indexer: a build runs: it will purge what it makes"
"$indexer" export -i "$i" | jq -c '[.id, .author, .body]' >"$dir/left"
diff - "$dir/left" <<'EOF'
["a",null,"It sails."]
["c1",null,null]
["c2","Ann","[...]\n\nAgreed, and wet."]
["c4","Bob","> Agreed, and wet.\n\nDry, more like."]
EOF
report "what is left" $?
for query in 'author:"zoltan quixley"' xylophonist 'quote:xylophonist' zymurgy yttrium 'xylophon*' '~xylophonyst'; do
    is "$query finds nothing" 0 "$(finds "$query")"
done
is "others are found" 1 "$(finds wet)"
is "no facet has the name" '["Ann","Bob"]' "$("$weft" search -i "$i" --json --facets author 'wet OR dry' | jq -c '[.facets.author[][0]] | sort')"
is "the tree stands, with Ann's words and who quotes them" 2 "$("$weft" thread -i "$i" article:a | grep -c 'Agreed, and wet.$')"
{
    cat "$dir/in"
    echo '{"type":"comment","id":"c6","article":"a","author":"zoltan QUIXLEY","body":"Quokka new in the dump."}'
} >&3
exec 3>&-
wait "$builder"
report "the build ends well" $?
is "it is purged in its turn" "a c1 c2 c4" "$("$indexer" export -i "$i" | jq -r .id | paste -sd' ')"
is "what only it had, too" 0 "$(finds quokka)"
run "$indexer" purge -i "$i" --author "Zoltan Quixley"
exits "a second time" 1
says "there is nothing" "weft-indexer: nothing by 'Zoltan Quixley'"
run "$indexer" rollback -i "$i"
exits "no older generation is kept" 2
"$indexer" compact -q -i "$i"
is "no file holds the name or the words" 0 "$(traces quixley xylophonist zymurgy yttrium quokka)"
is "the others stay" 1 "$(finds wet)"
run "$indexer" verify -i "$i"
exits "it is as its records make it" 0

# By id.
rm -r "$i"
"$indexer" build -q -i "$i" "$dir/in"
echo '{"type":"comment","id":"c5","article":"a","author":"Zoltan Quixley","author_id":"u77","body":"Yttrium later."}' | "$indexer" add -q -i "$i" -
"$indexer" purge -q -i "$i" --author-id u77
report "by id" $?
is "only theirs are gone" "a c1 c2 c3 c4" "$("$indexer" export -i "$i" | jq -r .id | paste -sd' ')"
is "what quoted them is cut" 0 "$(finds xylophonist)"
is "the other of that name stays" 1 "$(finds zymurgy)"
! grep -qaF Yttrium "$i"/journal/*
report "the journal forgets" $?

# Who quotes the author came through the journal, and is changed again after the purge.
rm -r "$i"
"$indexer" build -q -i "$i" "$dir/in"
grep '"c2"' "$dir/in" | "$indexer" add -q -i "$i" -
"$indexer" add -q -i "$i" - <<'EOF'
{"type":"comment","id":"c9","article":"a","parent":"c1","author":"Eve","body":"> The xylophonist was late on the quay.\n\nUmbrella."}
EOF
is "a quote in the journal before" 1 "$(grep -laF xylophonist "$i"/journal/* | wc -l)"
"$indexer" build -q -i "$i" "$dir/in" --replay-since 2020-01-01
mkdir "$i/failed" "$i/build"
run "$indexer" purge -i "$i" --author 'Zoltan Quixley'
head -n 3 "$dir/out" >"$dir/said"
diff - "$dir/said" <<'END'
generation 1 removed
failed build removed
unfinished build removed
END
report "it says what it removes" $?
is "the journal forgets who quoted, as it was" 0 "$(grep -laF xylophonist "$i"/journal/* | wc -l)"
echo '{"type":"comment","id":"c9","article":"a","parent":"c1","author":"Eve","body":"Vermilion."}' | "$indexer" add -q -i "$i" -
"$indexer" purge -q -i "$i" --author 'Zoltan Quixley' 2>"$dir/log"
head -n 1 "$dir/in" | "$indexer" build -q -i "$i" --replay-since 2020-01-01 --max-shrink 100 -
is "what it keeps: the last form of each" 'c2 [...] c9 Vermilion.' "$("$indexer" export -i "$i" | jq -r 'select(.id == "c2" or .id == "c9") | .id, (.body | split("\n")[0])' | paste -sd' ')"

run "$indexer" purge -i "$i"
exits "without an author" 2
run "$indexer" purge -i "$i" --author A --author-id B
exits "both" 2
run "$indexer" purge -i "$i" --author " "
exits "an empty one" 2
run "$indexer" purge -i "$dir/none" --author A
exits "no index" 2
run "$indexer" purge -i "$i" --author "Nobody At All"
exits "unknown" 1
done_testing
