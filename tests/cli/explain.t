#!/bin/sh
# weft-indexer convert --explain: what an input is taken for, and why; no records.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
case ${B:-build} in /*) indexer=$B/weft-indexer ;; *) indexer=$PWD/${B:-build}/weft-indexer ;; esac
cd "$dir" || exit 1

printf '%s\n' '{"type":"article","id":"a1","title":"T"}' '{"type":"comment","id":"c1","article":"a1","body":"x","date":1}' >in
run "$indexer" convert --explain in
exits "NDJSON" 0
grep -v 'format:' out >got && mv out all && mv got out
prints "packing, charset and figures, but no records" <<'EOT'
in: packed: no
in: charset: UTF-8, as nothing else is declared
in: ndjson: read 2: loaded 2, skipped 0, refused 0
in: 1 article, 1 comment, 1 level, 1 without a date
EOT
grep -q '^in: format: ndjson, with 100 of 100 (weft NDJSON, one record a line)$' all
report "the format, how sure, and what it is" $?
[ ! -s err ]
report "nothing on standard error" $?
gzip -k in && zip -q in.zip in.gz
run "$indexer" convert --explain in.zip
grep -qx 'in.zip:in.gz: packed: zip, gzip' out
report "packings from the outside in" $?
run "$indexer" convert --explain --format ndjson --charset windows-1251 in
grep -q '^in: format: ndjson, as asked' out && grep -qx 'in: charset: windows-1251, as asked' out
report "what was asked for" $?
printf '\377\376' >wide && iconv -t UTF-16LE in >>wide
run "$indexer" convert --explain wide
grep -qx 'wide: charset: UTF-16LE, as its first bytes are' out && grep -q 'read 2: loaded 2' out
report "a byte order mark" $?
printf '\0nothing\0' >odd
run "$indexer" convert --explain odd
exits "no format" 2
says "... and those there are" "odd: is in no format known; name its format with --format, one of ndjson, page"
run "$indexer" convert --format none odd
says "a format that is none" "--format: no format 'none' (ndjson, page"
done_testing
