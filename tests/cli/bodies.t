#!/bin/sh
# Bodies of HTML and Markdown on all ways into an index and out of it: the body stays as it came, its text is made anew.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

is() {
    [ "$3" = "$2" ]
    report "$1 (got: $3)" $?
}
# finds QUERY...: ids of the hits that match as asked
finds() { "$weft" search -i "$i" --json "$@" | jq -r '[.hits[] | select(.relaxed | not) .ref] | sort | join(" ")'; }

cat >"$dir/in" <<'EOT'
{"type":"article","id":"a1","title":"Harbour","body":"<p>Closed for <em>repairs</em>.</p>","format":"html"}
{"type":"comment","id":"c1","article":"a1","author":"Ann","body":"<p>The pilots will not <b>sail</b> before noon.</p>","format":"html"}
{"type":"comment","id":"c2","article":"a1","parent":"c1","author":"Bob","body":"<blockquote>The pilots will not sail before noon.</blockquote><p class=\"zebra\">Nonsense &amp; fog","format":"html"}
{"type":"comment","id":"c3","article":"a1","parent":"c1","author":"Cy","body":"&gt; The pilots will not sail\n\n**Truly**?","format":"markdown"}
EOT
"$indexer" build -q -i "$i" "$dir/in"
"$indexer" export -i "$i" >"$dir/out"
cmp "$dir/in" "$dir/out"
report "the export is the input" $?
is "found by words" comment:c2 "$(finds nonsense)"
is "not by what is in tags" "" "$(finds zebra)"
is "quotes are quotes" "comment:c2 comment:c3" "$(finds quotes:ann)"

run "$indexer" verify -i "$i"
exits "verify finds nothing" 0
run "$indexer" verify -i "$i" "$dir/in"
exits "... nor against the input" 0
run "$indexer" add -i "$i" "$dir/in"
grep -q '0 added, 0 changed, 4 same' "$dir/out"
report "the same records are the same" $?
run "$indexer" build -i "$i" --from-index
grep -q '0 added, 0 changed, 4 same' "$dir/out"
report "built from the index it is the same" $?
"$indexer" compact -q -i "$i"
run "$indexer" verify -i "$i"
exits "verify finds nothing after a compaction" 0
"$indexer" export -i "$i" >"$dir/out"
cmp "$dir/in" "$dir/out"
report "... and the export is still the input" $?

# The same bytes in another format are another text, and no trace of the first is left.
jq -c 'select(.id == "c2") | del(.format)' "$dir/in" | "$indexer" add -q -i "$i" -
is "as text it is its own text" comment:c2 "$(finds zebra)"
jq -c 'select(.id == "c2")' "$dir/in" | "$indexer" add -q -i "$i" -
is "as HTML it is read again" "" "$(finds zebra)"
run "$indexer" verify -i "$i"
exits "verify finds nothing after additions" 0

run "$weft" get -i "$i" comment:c2
grep -qx '> The pilots will not sail before noon.' "$dir/out" && grep -qx 'Nonsense & fog' "$dir/out" && ! grep -q zebra "$dir/out"
report "the client prints the text" $?

# A purge cuts the quotes out of the text, which takes the place of such a body.
"$indexer" purge -q -i "$i" --author Ann
is "the quoter keeps the rest" "text [...]

Nonsense & fog" "$("$weft" get -i "$i" --json comment:c2 | jq -r '(.doc.format // "text") + " " + .doc.body')"
is "nobody finds what was purged" "" "$(finds pilots)"
is "... nor as a quote" "" "$(finds quote:pilots)"
run "$indexer" verify -i "$i"
exits "verify finds nothing after a purge" 0
done_testing
