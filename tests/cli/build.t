#!/bin/sh
# weft-indexer build: what it says, its exit statuses, and that the old index stays until the new one is whole.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i

cat >"$dir/good" <<'EOF'
{"type":"article","id":"a1","title":"Bridge opens","body":"The toll is three marks.","date":"2020-01-01T10:00:00Z"}
{"type":"comment","id":"c1","article":"a1","author":"Ann","body":"About time.","date":"2020-01-01T11:00:00Z"}
{"type":"comment","id":"c2","article":"a1","parent":"c1","author":"Bob","body":"Too dear.","date":"2020-01-01T12:00:00Z"}
EOF
cat >"$dir/bad" <<'EOF'
{"type":"comment","id":"c9","body":"Nowhere."}
{"type":"comment","id":"c10","article":"a1","body":"Cut o
{"type":"article","title":"Without an id"}
{"type":"post","id":"p1"}
{"type":"comment","id":"c11","article":"a1","body":"Kept."}
EOF
: >"$dir/empty"

# refs DIR: the ids of its export, in order, on one line.
refs() { "$indexer" export -i "$1" | jq -r .id | paste -sd' '; }

# figure DIR NAME: of its stats.
figure() { "$indexer" stats --json -i "$1" 2>"$dir/log" | jq ".$2"; }

# is NAME WANT GOT
is() {
    [ "$2" = "$3" ] || echo "# want '$2', got '$3'"
    [ "$2" = "$3" ]
    report "$1" $?
}

run "$indexer" build -i "$i" "$dir/good"
exits "a first build" 0
prints "a first build: what went in, and what to type next" <<EOF
$dir/good: ndjson: read 3: loaded 3, skipped 0, refused 0
$dir/good: 1 article, 2 comments, 2 levels
read 3 records, 0 refused, 0 superseded by a later one of their id
indexed 3 articles and comments in '$i' (revision 1); now try: weft search -i $i WORDS
EOF
[ ! -s "$dir/err" ]
report "it complains of nothing" $?
# The command it names works as it stands.
command=$(sed -n 's/.*now try: weft \(.*\) WORDS$/\1/p' "$dir/out")
# shellcheck disable=SC2086 # several words
run "$weft" $command toll
exits "the command it names" 0
run "$indexer" build -q -i "$i" "$dir/good"
prints "--quiet" <"$dir/empty"
is "revision of a second build" 2 "$(figure "$i" revision)"

# Some refused.
run "$indexer" build -i "$i" "$dir/bad" "$dir/good"
exits "refused lines" 1
cat >"$dir/want" <<EOF
weft-indexer: $dir/bad:1: c9: comment without article
weft-indexer: $dir/bad:3: no id
EOF
grep -e ':1: ' -e ':3: ' "$dir/err" | diff "$dir/want" - >"$dir/diff"
report "refused lines are named: file:line: id: reason" $?
says "a broken line" "weft-indexer: $dir/bad:2: "
says "an unknown type" "weft-indexer: $dir/bad:4: p1: "
is "refused lines: that many" 4 "$(wc -l <"$dir/err")"
is "refused lines: the others go in" "a1 c1 c2 c11" "$(refs "$i")"
grep -qF 'read 4 records, 4 refused, 0 superseded' "$dir/out"
report "refused lines are counted" $?
run "$indexer" build -i "$i" "$dir/none" "$dir/good"
exits "a missing file among good ones" 1
says "it is named" "weft-indexer: $dir/none: No such file or directory"
is "the good ones go in" "a1 c1 c2" "$(refs "$i")"
run "$indexer" build -i "$i" "$dir" "$dir/good"
exits "a directory as a file" 1
says "it is named as such" "weft-indexer: $dir: is a directory"

# No record at all: the old index stays, untouched.
old=$(figure "$i" revision)
(cd "$i" && find . -type f ! -name '*lock' -exec cksum {} +; readlink current) >"$dir/before"
same() {
    (cd "$i" && find . -type f ! -name '*lock' -exec cksum {} +; readlink current) >"$dir/after"
    cmp -s "$dir/before" "$dir/after"
    report "$1: the index is untouched" $?
}
run "$indexer" build -i "$i" "$dir/empty" "$dir/none"
exits "no record" 2
says "no record: why" "weft-indexer: no record could be read (0 refused, 2 files failed): '$i' is unchanged"
same "no record"
head -n 4 "$dir/bad" >"$dir/allbad"
run "$indexer" build -i "$i" "$dir/allbad"
exits "all refused" 2
says "all refused: why" "no record could be read (4 refused, 0 files failed): '$i' is unchanged"
same "all refused"
for wrong in "--format xml" "--tz Nowhere/Land" "--lang english" "--epoch days" "--charset klingon" "--frob" "--id"; do
    # shellcheck disable=SC2086
    run "$indexer" build -i "$i" "$dir/good" $wrong
    exits "$wrong" 2
    says "$wrong is named" "${wrong##* }"
    same "$wrong"
done
run "$indexer" build -i "$i"
exits "no file" 2
run "$indexer" build "$dir/good"
exits "no index" 2
says "no index: what to do" "give -i DIR, or set WEFT_INDEX"
run env WEFT_INDEX="$dir/env" "$indexer" build "$dir/good"
exits "WEFT_INDEX" 0
run "$indexer" build -i "$dir/no/such" "$dir/good"
exits "a directory that cannot be made" 4
says "it is named" "$dir/no/such: No such file or directory"
run "$indexer" build -i "$dir/good" "$dir/good"
exits "a file for a directory" 4
says "it is named" "$dir/good: "
if [ "$(id -u)" -eq 0 ]; then
    echo "ok $((tests += 1)) # skip root may write everywhere"
else
    mkdir "$dir/locked" && chmod 555 "$dir/locked"
    run "$indexer" build -i "$dir/locked" "$dir/good"
    exits "a directory that cannot be written" 4
    says "it is named" "$dir/locked/lock: Permission denied"
fi

# Options of reading.
"$indexer" build -i "$dir/in" - <"$dir/good" >"$dir/log"
is "standard input" "a1 c1 c2" "$(refs "$dir/in")"
printf '%s\n' '{"type":"comment","id":"c8"}' "$(head -n 1 "$dir/good")" >"$dir/piped"
"$indexer" build -i "$dir/in" - <"$dir/piped" >"$dir/out" 2>"$dir/err"
says "a refused line of it" "weft-indexer: standard input:1: c8: comment without article"
"$indexer" build -q -i "$dir/p" --id-prefix n: "$dir/good"
"$indexer" add -q -i "$dir/p" --id-prefix m: "$dir/good"
is "two sites with equal ids" "m:a1 m:c1 m:c2 n:a1 n:c1 n:c2" "$(refs "$dir/p")"
is "their parents are prefixed" "m:c1 n:c1" "$("$indexer" export -i "$dir/p" | jq -r '.parent // empty' | paste -sd' ')"
run "$weft" get -i "$dir/p" comment:m:c2
exits "found by the prefixed id" 0
echo '{"type":"article","id":"z","title":"Zone","date":"2020-07-01 12:00:00"}' >"$dir/naive"
"$indexer" build -q -i "$dir/z" --tz Europe/Berlin "$dir/naive"
is "--tz" 2020-07-01T10:00:00Z "$("$indexer" export -i "$dir/z" | jq -r .date)"
"$indexer" add -q -i "$dir/z" "$dir/naive"
is "--tz is kept for add" 1 "$(figure "$dir/z" revision)"
printf '%s\n' '{"type":"article","id":"g","title":"Häuser","body":"Die alten Häuser stehen leer."}' >"$dir/german"
"$indexer" build -q -i "$dir/g" --lang de "$dir/german"
run "$weft" search -i "$dir/g" haus
exits "--lang de: haus finds Häuser" 0
"$indexer" build -q -i "$dir/g" --lang en "$dir/german"
run "$weft" search -i "$dir/g" haus
exits "--lang en does not" 1
printf '%s\n' 'The Post' 'Ferry' 'Ferry' '' 'It is late.' '' '  1. Ann' '    Ann May 3 2013 09:16' '' '    Again.' >"$dir/page.txt"
"$indexer" build -q -i "$dir/page" --id ferry "$dir/page.txt"
is "--id: the article of a page" ferry "$("$indexer" export -i "$dir/page" | jq -r 'select(.type == "article") .id')"
"$indexer" build -q -i "$dir/page" "$dir/page.txt"
is "without it, the file's name" page "$("$indexer" export -i "$dir/page" | jq -r 'select(.type == "article") .id')"

# Generations.
for n in 1 2 3 4; do
    "$indexer" build -q -i "$dir/many" "$dir/good"
done
is "one old generation is kept" "build.lock current gen-3 gen-4 lock weft.json" "$(cd "$dir/many" && echo *)"
is "the last is live" gen-4 "$(readlink "$dir/many/current")"
# What a killed build may leave: its unfinished directory, a generation that was not swapped in, names for renaming.
cp -r "$dir/many/gen-4" "$dir/many/build"
cp -r "$dir/many/gen-3" "$dir/many/gen-5"
ln -s gen-9 "$dir/many/current.new"
echo '{' >"$dir/many/weft.json.new"
"$indexer" build -q -i "$dir/many" "$dir/good"
is "leftovers of a killed build are cleaned" "build.lock current gen-4 gen-6 lock weft.json" "$(cd "$dir/many" && echo *)"
is "and the new one is whole" "a1 c1 c2" "$(refs "$dir/many")"
is "its revision goes on" 5 "$(figure "$dir/many" revision)"
done_testing
