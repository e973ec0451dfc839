#!/bin/sh
# weft-indexer snapshot: a copy of a live index that is whole, of one commit, and an index like any other.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

cat >"$dir/in" <<'EOF'
{"type":"article","id":"a1","title":"Bridge"}
{"type":"comment","id":"c1","article":"a1","body":"first words"}
EOF
echo '{"type":"comment","id":"c2","article":"a1","body":"later words"}' >"$dir/more"
"$indexer" build -q -i "$i" "$dir/in"
"$indexer" export -i "$i" >"$dir/before"

run "$indexer" snapshot -i "$i" "$dir/copy"
exits "a snapshot" 0
grep -q "copied revision 1 to '$dir/copy'" "$dir/out"
report "it says what it copied" $?
"$indexer" add -q -i "$i" "$dir/more" >/dev/null
"$indexer" export -i "$dir/copy" | cmp -s - "$dir/before"
report "what is added later is not in it" $?
run "$weft" search -i "$dir/copy" first
exits "it answers" 0
run "$indexer" add -q -i "$dir/copy" "$dir/more"
exits "it can be added to" 0
"$indexer" export -i "$i" >"$dir/out"
"$indexer" export -i "$dir/copy" | cmp -s - "$dir/out"
report "and holds the same then" $?

run "$indexer" snapshot -i "$i" "$dir/copy"
exits "a name that is taken" 2
grep -q "'$dir/copy' is there already" "$dir/err"
report "it is named" $?
run "$indexer" snapshot -i "$i" "$dir/none/copy"
exits "a place that is not there" 4
run "$indexer" snapshot -i "$dir/none" "$dir/copy2"
exits "no index" 2
run "$indexer" snapshot -i "$i"
exits "no destination" 2
run "$indexer" snapshot -i "$i" "$dir/x" "$dir/y"
exits "two destinations" 2

# A disk that fills: nothing is left, neither under the name nor beside it.
(ulimit -f 8 && "$indexer" snapshot -i "$i" "$dir/full") >"$dir/out" 2>"$dir/err"
status=$?
exits "a file that may not grow" 4
[ -z "$(find "$dir" -maxdepth 1 -name 'full*')" ]
report "and nothing is left of it" $?

# Every snapshot taken while records are added is one of the states between commits.
(for n in 1 2 3 4 5 6 7 8; do
    echo "{\"type\":\"comment\",\"id\":\"n$n\",\"article\":\"a1\",\"body\":\"number $n\"}" >"$dir/n"
    "$indexer" add -q --wait -i "$i" "$dir/n" >/dev/null
done) &
bad=0
for n in 1 2 3 4; do
    "$indexer" snapshot -q --wait -i "$i" "$dir/live$n" || bad=1
    "$indexer" export -i "$dir/live$n" | grep -o '"n[0-9]"' | tr -d '"n' >"$dir/got"
    seq 1 "$(wc -l <"$dir/got")" | cmp -s - "$dir/got" || bad=1
done
wait
report "snapshots of a live index are whole" $bad
done_testing
