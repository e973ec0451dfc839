#!/bin/sh
# weft-indexer convert: records as weft NDJSON, no index touched; and the real page that started the project, row by row.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
pages=${WEFT_SHARED:-../shared}/data/pages
page=$pages/military-review-2013-05-03.txt

printf '%s\n' 'The Post' 'Ferry' 'Ferry' '' 'It is late.' '' '  1. Ann' '    Ann May 3 2013 09:16' '' '    Again.' \
    '      1. Bob' '        Bob May 3 2013 09:20' '' '        Always.' >"$dir/ferry.txt"
run "$indexer" convert "$dir/ferry.txt"
exits "a page" 0
jq -r '[.type, .title // "", .author // "", .date // "", .body] | join("|")' "$dir/out" >"$dir/rows"
jq -r 'select(.type == "comment") | "\(.article) \(.parent // "-")"' "$dir/out" >"$dir/parents"
ann=$(jq -r 'select(.author == "Ann") .id' "$dir/out")
cp "$dir/rows" "$dir/out"
prints "the article, then its comments in page order" <<'EOF'
article|Ferry|||It is late.
comment||Ann|2013-05-03T09:16:00Z|Again.
comment||Bob|2013-05-03T09:20:00Z|Always.
EOF
cp "$dir/parents" "$dir/out"
prints "each under its parent" <<EOF
ferry -
ferry $ann
EOF
printf '%s\n' '{"type":"comment","article":"a","id":7,"status":"hidden","body":"x","who":"?"}' '{"type":"comment","id":"c"}' \
    '{"type":"delete","id":"c8","article":"a","rev":3}' >"$dir/in"
run "$indexer" convert "$dir/in"
exits "NDJSON with a refused line" 1
prints "its records, keys in order" <<'EOF'
{"type":"comment","id":"7","article":"a","body":"x","status":"hidden"}
{"type":"delete","ref":"comment:c8","rev":3}
EOF
says "the refused line is named" "weft-indexer: $dir/in:2: c: comment without article"
run "$indexer" convert "$dir/none"
exits "nothing to read" 2
mkdir "$dir/empty"
case $indexer in /*) absolute=$indexer ;; *) absolute=$PWD/$indexer ;; esac
(cd "$dir/empty" && "$absolute" convert "$dir/ferry.txt" >"$dir/out")
[ -z "$(ls "$dir/empty")" ]
report "no index is touched" $?

if [ ! -r "$page" ]; then
    echo "ok $((tests += 1)) # skip the real page is not there: set WEFT_SHARED"
    done_testing
    exit
fi
run "$indexer" convert "$page"
exits "the real page" 0
cp "$dir/out" "$dir/real"
# number, depth, number of the parent, author, date to the minute, non-empty lines, who is quoted by name
jq -rs '[.[] | select(.type == "comment")] as $c
    | ($c | to_entries | map({key: .value.id, value: .key}) | from_entries) as $at
    | def depth: if .parent then $c[$at[.parent]] | depth + 1 else 0 end;
    $c | to_entries[] | .key as $n | .value
    | [$n + 1, depth, (if .parent then $at[.parent] + 1 else "-" end), .author, .date[:16],
       (.body // "" | split("\n") | map(select(test("[^ \t]"))) | length), ([.body // "" | split("\n")[] | select(startswith("Quote: "))[7:]] | join(";"))]
    | map(tostring) | join("\t")' "$dir/real" >"$dir/out"
sed 1d "$pages/military-review-2013-05-03.expected.tsv" >"$dir/expected"
[ "$(wc -l <"$dir/expected")" -eq 31 ]
report "the table has 31 rows" $?
prints "31 rows: order, depth, parent, author, date, lines, quoted" <"$dir/expected"
head -n 1 "$dir/real" | jq -r '.type, .id, .site, (.body | split("\n\n") | length), (.title != null)' >"$dir/out"
prints "its article: type, id, site, paragraphs, a title" <<'EOF'
article
military-review-2013-05-03
Military Review
6
true
EOF
[ "$(jq -r .id "$dir/real" | sort -u | wc -l)" -eq 32 ]
report "every id is another" $?
done_testing
