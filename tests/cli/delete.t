#!/bin/sh
# weft-indexer delete, and delete records: by reference, by id and article, with what hangs on it.
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

refs() { "$indexer" export -i "$i" | jq -r 'if .deleted then "[" + .id + "]" else .id end' | paste -sd' '; }
revision() { "$indexer" stats --json -i "$i" 2>"$dir/log" | jq .revision; }
fill() {
    rm -rf "$i"
    "$indexer" build -q -i "$i" - <<'EOF'
{"type":"article","id":"a1","title":"Bridge"}
{"type":"comment","id":"c1","article":"a1","body":"one","date":1000}
{"type":"comment","id":"c2","article":"a1","parent":"c1","body":"two","date":2000}
{"type":"comment","id":"c3","article":"a1","body":"three","date":3000}
{"type":"article","id":"c1","title":"An article of a comment's id"}
EOF
}
# feed LINE...: as records of add.
feed() { printf '%s\n' "$@" | "$indexer" add -i "$i" - >"$dir/out" 2>"$dir/err"; }

fill
run "$indexer" delete -i "$i" comment:c3
exits "a comment" 0
prints "a comment" <<'EOF'
0 added, 0 changed, 0 same, 1 deleted, 0 refused (revision 2)
EOF
is "it is gone" "a1 c1 c2 c1" "$(refs)"
run "$weft" get -i "$i" comment:c3
exits "nobody finds it" 1
run "$indexer" delete -q -i "$i" comment:c1
prints "--quiet" </dev/null
is "one with a reply leaves its place" "a1 [c1] c2 c1" "$(refs)"
run "$indexer" delete -i "$i" comment:c2 article:c1
is "several; the place goes with its last reply" "a1" "$(refs)"
fill
run "$indexer" delete -i "$i" article:a1
is "an article goes with its thread" "c1" "$(refs)"
for ref in comment:c1 comment:c2 comment:c3; do
    run "$weft" get -i "$i" "$ref"
    exits "$ref is gone with it" 1
done
run "$indexer" delete -i "$i" c1
exits "no reference" 2
is "it changes nothing" 2 "$(revision)"
run "$indexer" delete -i "$i"
exits "no REF" 2
says "no REF" "name at least one REF"

# As records.
fill
feed '{"type":"delete","ref":"comment:c3"}'
is "by reference" "a1 c1 c2 c1" "$(refs)"
fill
feed '{"type":"delete","id":"c3","article":"a1"}'
is "by id and article" "a1 c1 c2 c1" "$(refs)"
fill
feed '{"type":"delete","id":"c3"}'
says "a bare id is refused" "standard input:1: c3: delete without ref, or id and article"
is "a bare id deletes nothing" "a1 c1 c2 c3 c1" "$(refs)"
is "a bare id moves nothing" 1 "$(revision)"

# Order within a run: without a rev the last one stands.
c3='{"type":"comment","id":"c3","article":"a1","body":"three","date":3000}'
feed '{"type":"delete","ref":"comment:c3"}' "$c3"
is "deleted, then there again" "a1 c1 c2 c3 c1" "$(refs)"
feed "$c3" '{"type":"delete","ref":"comment:c3"}'
is "there, then deleted" "a1 c1 c2 c1" "$(refs)"
feed "$c3"
is "without a rev nothing is remembered" "a1 c1 c2 c3 c1" "$(refs)"

# With one it is, before and after its comment comes, and through a build.
echo "$c3" >"$dir/c3"
feed '{"type":"delete","ref":"comment:c3","rev":7}'
feed "$(echo "$c3" | sed 's/}$/,"rev":6}/')"
is "an older copy stays out" "a1 c1 c2 c1" "$(refs)"
"$indexer" build -q -i "$i" "$dir/c3" "$dir/c3"
is "also in a build without revs" "" "$(refs)"
"$indexer" build -q -i "$i" "$dir/c3"
is "and in the next" "" "$(refs)"
feed "$(echo "$c3" | sed 's/}$/,"rev":8}/')"
is "a newer one comes in" "c3" "$(refs)"

# A comment that moves under an article that is deleted goes as the others of that article went.
fill
"$indexer" delete -q -i "$i" article:c1
feed '{"type":"comment","id":"c3","article":"c1","body":"three","date":3000}'
is "moved under a deleted article" "a1 c1 c2" "$(refs)"
run "$weft" get -i "$i" comment:c3
exits "nobody finds it there" 1
run "$weft" thread -i "$i" article:a1
exits "nor where it was" 0
! grep -q three "$dir/out"
report "not a word of it" $?
done_testing
