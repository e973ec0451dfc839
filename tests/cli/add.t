#!/bin/sh
# weft-indexer add: upserts, records that come late, move and go, and how many commits they take.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

# is NAME WANT GOT
is() {
    [ "$2" = "$3" ] || echo "# want '$2', got '$3'"
    [ "$2" = "$3" ]
    report "$1" $?
}

# add LINE...: its report in $dir/out.
add() {
    printf '%s\n' "$@" >"$dir/in"
    "$indexer" add -i "$i" "$dir/in" >"$dir/out" 2>"$dir/err"
    without_figures "$dir/out"
}

# figures: of stats, in one line: articles comments orphans stubs places.
figures() { "$indexer" stats --json -i "$i" 2>"$dir/log" | jq -r '"\(.articles) \(.comments) \(.orphans) \(.stubs) \(.places)"'; }
revision() { "$indexer" stats --json -i "$i" 2>"$dir/log" | jq .revision; }

# tree: ids and parents in the order of the export; a place is in brackets.
tree() {
    "$indexer" export -i "$i" |
        jq -r '"\(if .deleted then "[" + .id + "]" else .id end)\(if .parent then "<" + .parent else "" end)"' | paste -sd' '
}

# replies REF: direct and all, as a hit says them; under REF: how many comments are under it.
replies() { "$weft" search -i "$i" --json "$1" | jq -r --arg ref "$2" '.hits[] | select(.ref == $ref) | "\(.replies.direct) \(.replies.all)"'; }
under() { "$weft" count -i "$i" --json "under:$1" | jq .total.hits; }
ancestors() { "$weft" search -i "$i" --json "$1" | jq -r '[.hits[0].ancestors[].ref] | join(" ")'; }

a1='{"type":"article","id":"a1","title":"Bridge opens","body":"The toll is three marks."}'
c1='{"type":"comment","id":"c1","article":"a1","author":"Ann","body":"about time","date":1000}'
c2='{"type":"comment","id":"c2","article":"a1","parent":"c1","author":"Bob","body":"too dear","date":2000}'
c3='{"type":"comment","id":"c3","article":"a1","parent":"c2","author":"Cem","body":"walk then","date":3000}'

# A first add makes the index; a second one is all the same and moves nothing.
add "$a1" "$c1" "$c2" "$c3"
says "a new index is said" "weft-indexer: made a new index in '$i'"
is "added" "4 added, 0 changed, 0 same, 0 deleted, 0 refused (revision 2)" "$(cat "$dir/out")"
find "$i/gen-1" "$i/weft.json" -type f -exec cksum {} + >"$dir/before"
run "$indexer" add -i "$i" "$dir/in"
exits "a second time" 0
without_figures "$dir/out"
is "a second time" "0 added, 0 changed, 4 same, 0 deleted, 0 refused (revision 2)" "$(cat "$dir/out")"
find "$i/gen-1" "$i/weft.json" -type f -exec cksum {} + | diff "$dir/before" - >"$dir/diff"
report "no byte of the generation is other than it was" $?
add "$c1" '{"type":"comment","id":"c2","article":"a1","parent":"c1","author":"Bob","body":"far too dear","date":2000}' "$c3"
is "an upsert" "0 added, 1 changed, 2 same, 0 deleted, 0 refused (revision 3)" "$(cat "$dir/out")"
is "the new words are found" comment:c2 "$("$weft" search -i "$i" --json far | jq -r '.hits[0].ref')"
add "$c2" '{"type":"comment","id":"c9"}' "$c2"
is "refused and doubled" "0 added, 1 changed, 0 same, 0 deleted, 1 refused, 1 superseded by a later one of their id (revision 4)" "$(cat "$dir/out")"
run "$indexer" add -i "$i" "$dir/in"
exits "some refused" 1
echo '{"type":"comment","id":"c9"}' >"$dir/in"
run "$indexer" add -i "$i" "$dir/in"
exits "no record" 2
says "no record" "no record could be read (1 refused, 0 files failed)"
is "and no revision" 4 "$(revision)"
run "$weft" search -i "$i" far
exits "the old words are gone" 1

# Parents, articles and their comments in the wrong order.
rm -r "$i"
add "$c3"
is "a comment alone: an orphan under a stub" "0 1 1 1 0" "$(figures)"
add "$c2"
is "its parent, an orphan itself" "0 2 1 1 0" "$(figures)"
is "it answers its parent" comment:c2 "$(ancestors walk)"
add "$c1"
is "the root" "0 3 0 1 0" "$(figures)"
is "ancestors of what was not added again" "comment:c1 comment:c2" "$(ancestors walk)"
is "replies of the root" "1 2" "$(replies time comment:c1)"
is "under the root" 2 "$(under c1)"
run "$weft" search -i "$i" is:orphan walk
exits "it is no orphan any more" 1
add "$a1"
is "the article in place of its stub" "1 3 0 0 0" "$(figures)"
is "its comments have its headline" "Bridge opens" "$("$weft" search -i "$i" --json walk | jq -r '.hits[0].article.title')"
is "and are found by it" comment:c3 "$("$weft" search -i "$i" --json bridge walk | jq -r '.hits[0].ref')"

# Moved to another parent, then to another article.
add "$a1" "$c1" "$c2" "$c3" '{"type":"comment","id":"c4","article":"a1","parent":"c1","body":"ferry","date":4000}'
add '{"type":"comment","id":"c2","article":"a1","parent":"c4","author":"Bob","body":"too dear","date":2000}'
is "moved to another parent" "a1 c1 c4<c1 c2<c4 c3<c2" "$(tree)"
is "its replies come along" "comment:c1 comment:c4 comment:c2" "$(ancestors walk)"
is "replies of the new parent" "1 2" "$(replies ferry comment:c4)"
is "of the root" "1 3" "$(replies time comment:c1)"
is "under the new parent" 2 "$(under c4)"
a2='{"type":"article","id":"a2","title":"Ferry sold","body":"The last trip is on Sunday."}'
add "$a2" '{"type":"comment","id":"d1","article":"a2","body":"sad","date":1500}' \
    '{"type":"comment","id":"c4","article":"a2","parent":"d1","body":"ferry","date":4000}'
is "moved to another article" "2 added, 1 changed, 0 same, 0 deleted, 0 refused" "$(sed 's/ (.*//' "$dir/out")"
is "it stands there alone, what answered it is an orphan" "a1 c1 c2<c4 c3<c2 a2 d1 c4<d1" "$(tree)"
is "counts of both" "2 5 1 0 0" "$(figures)"
is "replies of the root it left" "0 0" "$(replies time comment:c1)"
is "replies of the one it went to" "1 1" "$(replies sad comment:d1)"
is "under the article it left" 3 "$("$weft" count -i "$i" --type comment --json article:a1 | jq .total.hits)"
is "under the one it went to" 2 "$("$weft" count -i "$i" --type comment --json article:a2 | jq .total.hits)"
is "under it is nothing" 0 "$(under c4)"
add '{"type":"comment","id":"c4","article":"a1","parent":"c1","body":"ferry","date":4000}'
is "and back again" "a1 c1 c4<c1 c2<c4 c3<c2 a2 d1" "$(tree)"
is "counts" "2 5 0 0 0" "$(figures)"
# The whole thread moves at once, and the article it leaves is never named.
add '{"type":"comment","id":"d1","article":"a1","parent":"c3","body":"sad","date":1500}'
is "the last comment leaves an article" "a1 c1 c4<c1 c2<c4 c3<c2 d1<c3 a2" "$(tree)"

# Revisions: a lower never replaces a higher, an equal does, none does (doc/record.md).
rm -r "$i"
rev() { printf '{"type":"comment","id":"c1","article":"a1","body":"%s"%s}' "$1" "${2:+,\"rev\":$2}"; }
body() { "$indexer" export -i "$i" | jq -r 'select(.id == "c1") .body'; }
add "$a1" "$(rev five 5)"
add "$(rev four 4)"
is "a lower rev" "0 added, 0 changed, 0 same, 0 deleted, 0 refused, 1 older than what is stored (revision 2)" "$(cat "$dir/out")"
is "a lower rev is not taken" five "$(body)"
add "$(rev again 5)"
is "an equal one is" again "$(body)"
add "$(rev six 6)" "$(rev two 2)"
is "the highest of one input" six "$(body)"
add "$(rev none)"
is "none over one" none "$(body)"
add "$(rev one 1)"
is "one over none" one "$(body)"
add '{"type":"comment","id":"c1","article":"a1","body":"slander","status":"hidden","rev":3}'
add "$(rev none)"
is "none does not bring back what was hidden with one" "" "$(body)"
add "$(rev two 2)"
is "nor does a lower one" "" "$(body)"
add "$(rev three 3)"
is "an equal one does" three "$(body)"

# Hidden, pending and deleted: places where there are replies.
for how in hidden pending deleted; do
    rm -r "$i"
    add "$a1" "$c1" "$c2" "$c3"
    add "{\"type\":\"comment\",\"id\":\"c2\",\"article\":\"a1\",\"parent\":\"c1\",\"author\":\"Bob\",\"body\":\"too dear\",\"date\":2000,\"status\":\"$how\"}"
    is "$how: a place with its reply" "a1 c1 [c2]<c1 c3<c2" "$(tree)"
    is "$how: counts" "1 2 0 0 1" "$(figures)"
    is "$how: shown as removed" "comment:c1 comment:c2!" \
        "$("$weft" search -i "$i" --json walk | jq -r '[.hits[0].ancestors[] | .ref + (if .removed then "!" else "" end)] | join(" ")')"
    is "$how: replies count the public" "0 1" "$(replies time comment:c1)"
    run "$weft" search -i "$i" dear
    exits "$how: its words are gone" 1
    run "$weft" get -i "$i" comment:c2
    exits "$how: it cannot be got" 1
    add '{"type":"delete","ref":"comment:c3"}'
    is "$how: without a reply it vanishes" "a1 c1" "$(tree)"
    is "$how: counts then" "1 1 0 0 0" "$(figures)"
    add "$c2" "$c3"
    is "$how: public again" "a1 c1 c2<c1 c3<c2" "$(tree)"
done

# A hidden article hides its thread; a higher rev brings both back.
rm -r "$i"
add "$a1" "$c1" "$c2"
add '{"type":"article","id":"a1","title":"Bridge opens","body":"x","status":"hidden","rev":2}'
is "a hidden article" "0 0 0 0 0" "$(figures)"
is "nothing of it is exported" "" "$(tree)"
run "$weft" search -i "$i" time
exits "nor found" 1
add "$c3"
is "a comment that comes meanwhile" "0 0 0 0 0" "$(figures)"
add '{"type":"article","id":"a1","title":"Bridge opens","body":"x","rev":1}'
is "an older copy does not bring it back" "0 0 0 0 0" "$(figures)"
add '{"type":"article","id":"a1","title":"Bridge opens again","rev":3}'
is "a newer one does, with its thread" "a1 c1 c2<c1 c3<c2" "$(tree)"

# One commit holds 10,000 records or 64 MiB of text; one more begins another.
perl -e 'print qq({"type":"comment","id":"c$_","article":"a1","body":"x"}\n) for 1 .. 10_001' >"$dir/lines"
commits() {
    rm -rf "$i"
    "$indexer" add -q -i "$i" "$dir/in" 2>"$dir/log"
    echo $(($(revision) - 1))
}
head -n 10000 "$dir/lines" >"$dir/in"
is "10,000 records are one commit" 1 "$(commits)"
cp "$dir/lines" "$dir/in"
is "10,001 are two" 2 "$(commits)"
is "and all there" "0 10001 0 1 0" "$(figures)"
perl -e 'print qq({"type":"comment","id":"c$_","article":"a1","body":"), "." x 1_048_576, qq("}\n) for 1 .. 64' >"$dir/in"
is "64 MiB of text are one commit" 1 "$(commits)"
echo "$c1" >>"$dir/in"
is "a byte more is in the next" 2 "$(commits)"
done_testing
