#!/bin/sh
# What was taken away with a revision stays away: in a later add and in a later build, whoever brings back an older copy.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/index

article='{"type":"article","id":"a","title":"Quarry"}'
comment='{"type":"comment","id":"c","article":"a","body":"Slander.","rev":3}'
reply='{"type":"comment","id":"d","article":"a","parent":"c","body":"Indeed."}'
printf '%s\n' "$article" "$comment" >"$dir/old"
printf '%s\n' "$article" "$comment" "$reply" >"$dir/replied"

# add LINE, build FILE: silent.
add() { echo "$1" | "$indexer" add -q -i "$i" - >"$dir/log" 2>&1; }
build() { "$indexer" build -q -i "$i" "$1" >"$dir/log" 2>&1; }

# holds NAME LINE...: the export is these lines.
holds() {
    name=$1
    shift
    run "$indexer" export -i "$i"
    [ $# -eq 0 ] && : >"$dir/lines"
    [ $# -gt 0 ] && printf '%s\n' "$@" >"$dir/lines"
    prints "$name" <"$dir/lines"
}

build "$dir/old"
holds "a comment" "$article" "$comment"
add '{"type":"delete","ref":"comment:c","rev":5}'
holds "deleted" "$article"
"$indexer" add -q -i "$i" "$dir/old"
holds "an older copy is added" "$article"
build "$dir/old"
holds "an older copy is built" "$article"
build "$dir/old"
holds "and built again" "$article"
add "$(echo "$comment" | sed 's/"rev":3/"rev":5/')"
holds "a copy of the same revision comes back" "$article" "$(echo "$comment" | sed 's/"rev":3/"rev":5/')"

rm -r "$i"
build "$dir/old"
add '{"type":"comment","id":"c","article":"a","body":"Slander.","status":"hidden","rev":4}'
holds "hidden" "$article"
build "$dir/old"
holds "hidden, an older copy is built" "$article"

rm -r "$i"
build "$dir/replied"
add '{"type":"delete","ref":"comment:c","rev":5}'
place='{"type":"comment","id":"c","article":"a","deleted":true}'
holds "deleted with a reply under it" "$article" "$place" "$reply"
build "$dir/replied"
holds "a place, an older copy is built" "$article" "$place" "$reply"

rm -r "$i"
build "$dir/old"
add '{"type":"delete","ref":"article:a","rev":1}'
holds "an article deleted with its thread"
printf '%s\n' '{"type":"article","id":"a","title":"Quarry","rev":0}' "$comment" '{"type":"article","id":"b","title":"Ferry"}' >"$dir/other"
build "$dir/other"
holds "an older article is built" '{"type":"article","id":"b","title":"Ferry"}'

rm -r "$i"
echo '{"type":"article","id":"b","title":"Ferry"}' >"$dir/ferry"
build "$dir/ferry"
add '{"type":"delete","ref":"comment:c","rev":5}'
build "$dir/old"
holds "deleted before it ever came" "$article"
done_testing
