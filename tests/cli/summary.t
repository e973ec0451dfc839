#!/bin/sh
# The summary of each input in figures: loaded + skipped + refused = read; in build, add, convert and their reports; --rejects.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
case ${B:-build} in /*) indexer=$B/weft-indexer ;; *) indexer=$PWD/${B:-build}/weft-indexer ;; esac
data=$(cd "${WEFT_SHARED:-../shared}/data" 2>/dev/null && pwd)
cd "$dir" || exit 1

cat >in <<'EOT'
{"type":"article","id":"a1","title":"T","date":1}
{"type":"comment","id":"c1","article":"a1","body":"x","date":1}
{"type":"comment","id":"c2","article":"a1","parent":"c1","body":"x"}
{"type":"comment","id":"c2","article":"a1","parent":"c1","body":"again","date":1}
{"type":"comment","id":"c3","article":"a1","parent":"c9","body":"x","date":1}
{"type":"comment","id":"c4","article":"a1","parent":"c2","deleted":true}
{"type":"comment","id":"c5","article":"a1","parent":"c4","body":"x","date":1}
{"type":"comment","id":"c6","article":"a1","parent":"a1","body":"x","date":"soon"}
{"type":"delete","ref":"comment:c7"}
{"type":"comment","id":"c8"}
{"type":"comment","id":"c9"
EOT
cat >want <<'EOT'
in: ndjson: read 11: loaded 9, skipped 0, refused 2
in: 1 article, 7 comments, 4 levels, 1 orphan, 1 duplicate, 1 deleted, 1 delete, 2 without a date
EOT
run "$indexer" convert in
exits "convert" 1
grep '^weft-indexer: in: [1-9n]' err | grep -v ': comment without' | sed 's/^weft-indexer: //' | grep -v '^in:[0-9]' >out
cp want figures
prints "its figures on standard error" <figures
says "the reasons" "weft-indexer: in: refused: 1 comment without article; 1 "
run "$indexer" convert -q in
! grep -q 'loaded' err
report "--quiet: no figures" $?
run "$indexer" build -i i in
sed -n 1,2p out >got && mv got out
prints "build prints them with its result" <figures
run "$indexer" build --json -i i in
jq -c '.inputs[0] | [.name, .format, .read, .loaded, .skipped, .refused, .articles, .comments, .levels, .orphans, .duplicates, .deleted, .deletes, .undated, (.refused_by_reason | length)]' out >got && mv got out
prints "... and in its report" <<'EOT'
["in","ndjson",11,9,0,2,1,7,4,1,1,1,1,2,2]
EOT
run "$indexer" add -i i in
sed -n 1,2p out >got && mv got out
prints "add prints them with its result" <figures
run "$indexer" add --json -i i in in
jq -c '[.records, .refused, .skipped, (.inputs | length), (.inputs | map(.loaded + .skipped + .refused == .read) | all)]' out >got && mv got out
prints "... and in its report" <<'EOT'
[18,4,0,2,true]
EOT
run "$indexer" convert in in
says "those of all inputs together" "weft-indexer: 2 inputs: read 22: loaded 18, skipped 0, refused 4"
run "$indexer" build -q -i i in
[ ! -s out ]
report "build --quiet" $?
n=0 && while [ $n -lt 101 ]; do echo "$in" && cat in >"f$n" && n=$((n + 1)); done >log
run "$indexer" convert f*
[ "$(grep -c ': ndjson: read 11:' err)" -eq 100 ] && grep -q '101 inputs: read 1111: loaded 909, skipped 0, refused 202' err
report "the first 100 inputs are told one by one, the rest together" $?

# loaded + skipped + refused = read, and as many records are printed: over every real file.
sums() {
    status=0
    "$indexer" convert "$1" >out 2>err || status=$?
    set -- "$(sed -n 's/^weft-indexer: .*: read \([0-9]*\): loaded \([0-9]*\), skipped \([0-9]*\), refused \([0-9]*\)$/\1 \2 \3 \4/p' err | tail -n 1)" "$1"
    # shellcheck disable=SC2086 # four figures
    set -- $1 "$2"
    [ $# -eq 5 ] && [ "$1" -eq $(($2 + $3 + $4)) ] && [ "$2" -eq "$(wc -l <out)" ]
}
if [ -z "$data" ]; then
    echo "ok $((tests += 1)) # skip the real data are not there: set WEFT_SHARED"
else
    wrong=0 tried=0 unread=0
    for f in "$data"/*/*; do
        if sums "$f"; then
            tried=$((tried + 1))
        elif grep -q 'in no format known\|holds no\|JSON array' err; then
            unread=$((unread + 1))
        else
            wrong=$((wrong + 1))
            echo "# $f: $(grep 'read ' err | head -n 1)"
        fi
    done
    echo "# $tried files read, $unread in no format known"
    [ "$wrong" -eq 0 ] && [ "$tried" -gt 3 ]
    report "loaded + skipped + refused = read, in every real file" $?
fi

# --rejects: beside the file, what and why; nothing else is written over.
run "$indexer" convert --rejects in
exits "--rejects" 1
jq -c '[.rejects_of // .input, .line, .raw]' in.rejects >out
prints "the lines with what stood there" <<'EOT'
["in",null,null]
["in",10,"{\"type\":\"comment\",\"id\":\"c8\"}"]
["in",11,"{\"type\":\"comment\",\"id\":\"c9\""]
EOT
jq -r 'select(.line == 10) .reason' in.rejects >out
prints "the reason" <<'EOT'
c8: comment without article
EOT
run "$indexer" convert --rejects in
[ "$(wc -l <in.rejects)" -eq 3 ]
report "again: an older list is replaced" $?
head -n 1 in >in2 && mv in2 in
run "$indexer" convert --rejects in
[ "$status" -eq 0 ] && [ ! -e in.rejects ]
report "nothing refused: the older list goes" $?
echo "my notes" >in.rejects
run "$indexer" convert --rejects in
exits "something else of that name" 2
says "... is told" "--rejects: 'in.rejects' is there and holds something else"
[ "$(cat in.rejects)" = "my notes" ]
report "... and stays" $?
run "$indexer" convert --rejects -
says "standard input has no name" "--rejects: standard input has no name to use"
run "$indexer" add --follow --rejects -i i in
says "not with --follow" "--follow: not with --comment-url or --rejects"

# Other options of reading.
for wrong in "--include drafts" "--include draft," "--as-of yesterday" "--articles none" "--mapping none" "--comment-url {uri}"; do
    # shellcheck disable=SC2086 # an option and its argument
    run "$indexer" convert $wrong in
    [ "$status" -eq 2 ] && grep -q -e "^weft-indexer: ${wrong%% *}: " err
    report "$wrong is refused" $?
done
run "$indexer" convert --include draft,pingback --include all --as-of 2013-05-03 in
exits "lists and dates" 0
printf '%s\n' '{"type":"article","id":"a1","title":"T","url":"http://x.example/a"}' '{"type":"comment","id":"c1","article":"a1","body":"x"}' >urls
run "$indexer" convert --comment-url '{url}#comment-{id}' urls
[ "$(jq -r 'select(.type == "comment") .url' out)" = "http://x.example/a#comment-c1" ]
report "--comment-url" $?
done_testing
