#!/bin/sh
# The mistakes of a first hour: each message says what was wrong, names the thing and says what to do.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/index

printf '%s\n' '{"type":"article","id":"a","title":"Ferry"}' '{"type":"comment","id":"c","article":"a","body":"Late."}' >"$dir/good.ndjson"
printf '%s\n' 'The Post' 'Ferry' 'Ferry' '' 'It is late.' '' '  1. Ann' '    Ann May 3 2013 09:16' '' '    Again.' >"$dir/page.txt"
printf '[{"type":"article","id":"a"}]\n' >"$dir/array.json"
: >"$dir/empty"
printf 'Rar!\032\007' >"$dir/odd.rar"

# refuses NAME STATUS TEXT COMMAND...: the exit status, and TEXT on the standard error.
refuses() {
    name=$1
    want=$2
    text=$3
    shift 3
    run "$@"
    exits "$name" "$want"
    says "$name: says so" "$text"
}

refuses "no command" 2 "a command is missing: see 'weft-indexer --help'" "$indexer"
refuses "an unknown command" 2 "no command 'biuld': see 'weft-indexer --help'" "$indexer" biuld
refuses "an option before the command" 2 "unknown option '-i'; --help lists them; options go after the command" \
    "$indexer" -i "$i" build "$dir/good.ndjson"
refuses "a file that is not there" 2 "$dir/none: No such file or directory" "$indexer" build -i "$i" "$dir/none"
refuses "a directory" 2 "$dir: is a directory: name the files in it" "$indexer" build -i "$i" "$dir"
refuses "an empty file" 2 "$dir/empty: is empty" "$indexer" build -i "$i" "$dir/empty"
refuses "a JSON array" 2 "$dir/array.json: is JSON in no layout known: describe it with --mapping FILE (doc/mappings.md)" \
    "$indexer" build -i "$i" "$dir/array.json"
refuses "a file packed as none reads it" 2 "$dir/odd.rar: is packed with rar, which is not read: unpack it first" \
    "$indexer" build -i "$i" "$dir/odd.rar"
refuses "NDJSON called a page" 2 "$dir/good.ndjson: looks like ndjson, not page: leave out --format" \
    "$indexer" build -i "$i" --format page "$dir/good.ndjson"
refuses "a page called NDJSON" 2 "$dir/page.txt: looks like page, not ndjson: leave out --format" \
    "$indexer" build -i "$i" --format ndjson "$dir/page.txt"
refuses "an unknown format" 2 "--format: no format 'xml' (ndjson, page" "$indexer" build -i "$i" --format xml "$dir/page.txt"
refuses "a zone that is only a city" 2 "unknown time zone 'Berlin': write it as Europe/Berlin" \
    "$indexer" build -i "$i" --tz Berlin "$dir/good.ndjson"
refuses "an unknown charset" 2 "no charset 'klingon': write it as windows-1251 or iso-8859-1" \
    "$indexer" build -i "$i" --charset klingon "$dir/good.ndjson"
refuses "a language by its name" 2 "--lang: 'german' is no ISO 639-1 code such as en or de, nor auto" \
    "$indexer" build -i "$i" --lang german "$dir/good.ndjson"
refuses "a question before the first build" 3 "no index at '$i': fill it with 'weft-indexer build -i $i FILE...'" \
    "$weft" search -i "$i" ferry

run "$indexer" build -i "$i" "$dir/good.ndjson"
exits "the same file without --format" 0
refuses "an id without its type" 2 "'c' is no reference: write article:ID or comment:ID" "$weft" get -i "$i" c
refuses "a misspelt type" 2 "'commet:c' is no reference: write article:ID or comment:ID" "$indexer" delete -i "$i" commet:c
refuses "a delete of nothing" 1 "no document 'comment:d': nothing to delete" "$indexer" delete -i "$i" comment:d
grep -qF '0 deleted, 1 refused (revision 1)' "$dir/out"
report "a delete of nothing changes nothing" $?
refuses "a delete of something and of nothing" 1 "no document 'article:b': nothing to delete" \
    "$indexer" delete -i "$i" article:b comment:c
grep -qF '1 deleted, 1 refused (revision 2)' "$dir/out"
report "the something goes" $?
refuses "words without a command" 2 "no command 'ferry'; weft --help lists them; to look for it: weft search ferry" "$weft" -i "$i" ferry
refuses "no daemon" 3 "; start weft-searchd there, or search an index with -i DIR" "$weft" search -s "unix:$dir/none" ferry
refuses "a field that is none" 1 "warning: no field 'auhtor': read as words" "$weft" search -i "$i" auhtor:ann
refuses "no words" 1 "warning: no searchable words" "$weft" search -i "$i" '!!'
[ "$(grep -c 'no searchable words' "$dir/err")" -eq 1 ]
report "which is said once" $?
refuses "a star before a word" 1 "a * before a word is not supported and is ignored" "$weft" search -i "$i" '*annn'
done_testing
