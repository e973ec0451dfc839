#!/bin/sh
# No index, or no longer one: a plain line says so and how to fill it.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
searchd=${B:-build}/weft-searchd
indexer=${B:-build}/weft-indexer
i=$dir/news
said="no index at '$i': fill it with 'weft-indexer build -i $i FILE...'"

# whole NAME TEXT: $dir/err is TEXT and nothing else.
whole() {
    echo "$2" | diff - "$dir/err" >"$dir/diff"
    report "$1" $?
}

run "$searchd" --stdio -i "$i"
exits "weft-searchd --stdio" 3
whole "weft-searchd --stdio: one line" "weft-searchd: $said"
run "$searchd" --listen "unix:$dir/s" -i "$i"
exits "weft-searchd --listen" 3
whole "weft-searchd --listen: one line" "weft-searchd: $said"
[ ! -e "$dir/s" ]
report "it has not made its socket" $?
for command in "search bridge" "count bridge" "get comment:c1" "thread comment:c1" status; do
    # shellcheck disable=SC2086 # a command and its argument
    run "$weft" -i "$i" $command
    exits "weft $command" 3
    says "weft $command" "$said"
done
for command in stats export "delete comment:c1"; do
    # shellcheck disable=SC2086
    run "$indexer" $command -i "$i"
    exits "weft-indexer $command" 2
    whole "weft-indexer $command: one line" "weft-indexer: $said"
    [ ! -e "$i" ]
    report "weft-indexer $command makes nothing" $?
done
: >"$dir/file"
run "$searchd" --stdio -i "$dir/file"
exits "a file for an index" 3
says "a file for an index" "no index at '$dir/file'"

# A link that points to no generation, or to one that is not there.
mkdir "$i"
ln -s elsewhere "$i/current"
run "$searchd" --stdio -i "$i"
exits "a link to elsewhere" 3
says "a link to elsewhere" "$i/current: does not point to a generation"
rm "$i/current"
echo '{"type":"article","id":"a1","title":"Bridge"}' | "$indexer" build -q -i "$i" -
rm -r "$i/gen-1"
run "$weft" search -i "$i" bridge
exits "a link to a generation that is gone" 3
says "it is named" "$i/gen-1: the live generation is not there: remove '$i' and build it anew"
run "$indexer" stats -i "$i"
exits "stats of it" 4
says "it is named by stats" "$i/gen-1: the live generation is not there"
for command in build add; do
    echo '{"type":"article","id":"a2","title":"Ferry"}' >"$dir/in"
    run "$indexer" $command -i "$i" "$dir/in"
    exits "$command does not begin at revision 1 over it" 4
done

# An index of a newer weft.
rm -r "$i"
echo '{"type":"article","id":"a1","title":"Bridge"}' | "$indexer" build -q -i "$i" -
sed 's/"glass"/"glass", "time-travel"/' "$i/weft.json" >"$dir/weft.json"
cp "$dir/weft.json" "$i/weft.json"
for command in "$weft search bridge" "$indexer stats" "$indexer export" "$indexer add /dev/null" "$indexer delete article:a1"; do
    # shellcheck disable=SC2086
    run $command -i "$i"
    says "$command: an unknown feature is refused by name" \
        "$i/weft.json: needs feature 'time-travel', which this weft does not know: use a newer one"
done
run "$weft" search -i "$i" bridge
exits "search: an unknown feature" 3
run "$indexer" stats -i "$i"
exits "stats: an unknown feature" 4
done_testing
