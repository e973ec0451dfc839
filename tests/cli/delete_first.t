#!/bin/sh
# A delete that comes before what it deletes: the place is where the older copy says, in whatever order and however they come.
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

# add LINE..., build LINE...: the report in $dir/out.
add() { printf '%s\n' "$@" | "$indexer" add -i "$i" - 2>"$dir/err" >"$dir/out" && without_figures "$dir/out"; }
build() { printf '%s\n' "$@" | "$indexer" build -i "$i" - >"$dir/out" 2>"$dir/err"; }

# tree: ids and parents in the order of the export; a place is in brackets. figures: articles comments threads orphans stubs places.
tree() {
    "$indexer" export -i "$i" |
        jq -r '"\(if .deleted then "[" + .id + "]" else .id end)\(if .parent then "<" + .parent else "" end)"' | paste -sd' '
}
figures() { "$indexer" stats --json -i "$i" 2>/dev/null | jq -r '"\(.articles) \(.comments) \(.threads) \(.orphans) \(.stubs) \(.places)"'; }

a='{"type":"article","id":"a","title":"Bridge"}'
c1='{"type":"comment","id":"c1","article":"a","body":"toll","date":1000,"rev":1}'
c2='{"type":"comment","id":"c2","article":"a","parent":"c1","body":"ferry","date":2000,"rev":1}'
c3='{"type":"comment","id":"c3","article":"a","parent":"c2","body":"harbour","date":3000,"rev":1}'

delete='{"type":"delete","ref":"comment:c2","rev":5}'
want="a c1 [c2]<c1 c3<c2"
rm -rf "$i"
add "$delete"
is "a delete of what never came makes no thread" "0 0 0 0 0 0" "$(figures)"
add "$a" "$c1" "$c3"
is "a reply to it is an orphan" "a c1 c3<c2" "$(tree)"
add "$c2"
is "the older copy is not taken" "0 added, 0 changed, 0 same, 0 deleted, 0 refused, 1 older than what is stored" "$(sed 's/ (rev.*//' "$dir/out")"
is "but tells where it stood" "$want" "$(tree)"
is "and so the reply is no orphan" "1 2 1 0 0 1" "$(figures)"
before=$("$indexer" stats --json -i "$i" | jq .revision)
add "$c2"
is "once" "$before" "$("$indexer" stats --json -i "$i" | jq .revision)"
build "$a" "$c1" "$c2" "$c3"
is "a later build remembers the delete and the place" "$want" "$(tree)"
rm -rf "$i"
add "$delete"
build "$a" "$c1" "$c2" "$c3"
is "a build after a delete of what never came" "$want" "$(tree)"
rm -rf "$i"
add "$delete" "$c3" "$c1" "$a" "$c2"
is "all in one add" "$want" "$(tree)"
rm -rf "$i"
add '{"type":"delete","id":"c2","article":"a","rev":5}'
add "$a" "$c1" "$c3"
add "$c2"
is "by id and article, one after the other" "$want" "$(tree)"
rm -rf "$i"
build "$a" "$c1" "$c3" "$delete"
is "in one build without the older copy: no place to stand in" "a c1 c3<c2" "$(tree)"
build "$a" "$c1" "$c2" "$c3"
is "in the next build with it" "$want" "$(tree)"

# A delete in one add with an older copy that stood under another article: it deletes where the comment stands.
rm -rf "$i"
build "$a" "$c1" '{"type":"comment","id":"c2","article":"a","parent":"c1","body":"ferry","rev":4}' "$c3"
add '{"type":"comment","id":"c2","article":"b","body":"ferry","rev":3}' '{"type":"delete","ref":"comment:c2","rev":5}'
is "an older copy elsewhere beside the delete" "$want" "$(tree)"
rm -rf "$i"
build "$a" "$c1" "$c2" "$c3"
add '{"type":"comment","id":"c2","article":"b","body":"ferry","rev":3}' "$delete" '{"type":"comment","id":"c9","article":"b","parent":"c2","body":"silt"}'
is "a newer one elsewhere: deleted there" "a c1 c3<c2 [c2] c9<c2" "$(tree)"
done_testing
