#!/bin/sh
# A build by several processes: the same index as by one, a process that dies, going on without writing a part again.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer

is() {
    [ "$3" = "$2" ]
    report "$1 (got: $3)" $?
}
# 20,000 records, three parts; one conversation has a tenth of them.
{
    seq 1 2000 | jq -c '{type: "article", id: "a\(.)", title: "Ferry \(.) to \(. % 17)", body: "It sails at \(. % 24) and costs \(. * 7 % 100).", author: "Ann \(. % 40)", date: "2013-05-0\(. % 9 + 1)"}'
    seq 1 18000 | jq -c '{type: "comment", id: "c\(.)", article: (if . % 9 == 0 then "a7" else "a\(. * 31 % 2000 + 1)" end), author: "Bob \(. * 13 % 300)", body: "Late again at \(. % 24), word\(. * 97 % 5000) and \(. % 100)."}'
} >"$dir/in"
"$indexer" build -q -j 1 -i "$dir/one" "$dir/in"
report "by one process" $?
"$indexer" build -q -j 3 -i "$dir/three" "$dir/in"
report "by three" $?
"$indexer" export -i "$dir/one" >"$dir/a"
"$indexer" export -i "$dir/three" >"$dir/b"
cmp -s "$dir/a" "$dir/b"
report "the same records" $?
is "all of them" 20000 "$(wc -l <"$dir/b")"
for file in docdata.glass termlist.glass postlist.glass; do
    cmp -s "$dir/one/gen-1/$file" "$dir/three/gen-1/$file"
    report "the same bytes of $file" $?
done
run "$indexer" verify -i "$dir/three"
exits "it is as its records make it" 0
run "$indexer" build -j 65 -i "$dir/three" "$dir/in"
exits "too many" 2

# The build is killed once its first part is whole: its processes go with it, and the part stays.
"$indexer" build -q -j 1 -i "$dir/four" "$dir/in" &
builder=$!
until [ -e "$dir/four/build/part-0" ] || ! kill -0 "$builder"; do :; done
kill -9 "$builder"
wait "$builder" 2>"$dir/log"
[ -e "$dir/four/build/part-0" ]
report "killed" $?
strace -f -o "$dir/trace" -e trace=mkdir "$indexer" build -q -j 2 -i "$dir/four" "$dir/in" || "$indexer" build -q -j 2 -i "$dir/four" "$dir/in"
report "the same goes on" $?
if grep -q part-2.new "$dir/trace"; then
    ! grep -q part-0.new "$dir/trace"
    report "what was whole is not written again" $?
else
    echo "ok $((tests += 1)) # skip strace cannot trace here"
fi
"$indexer" export -i "$dir/four" | cmp -s - "$dir/a"
report "and ends as if nothing had been" $?
done_testing
