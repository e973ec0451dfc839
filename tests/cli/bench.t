#!/bin/sh
# The generator of make bench, and weft on what it makes: the same bytes on every run, and every count as brute force has it.
set -u
B=${B:-build}
n=0
echo 1..21

check() { # NAME STATUS [FILE shown on failure]
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        [ -z "${3:-}" ] || sed 's/^/# /' "$3"
    fi
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
gen=$B/tests/bench/gen
mkdir "$dir/a" "$dir/b" "$dir/run"
"$gen" 2000 "$dir/a" && "$gen" 2000 "$dir/b"
check "the generator runs" $?
diff -r "$dir/a" "$dir/b" >"$dir/out"
check "twice the same bytes" $? "$dir/out"

lines() { # NAME FILE LINES
    test "$(wc -l <"$dir/a/$2")" -eq "$3"
    check "$1" $?
}
lines "2,000 records" records.ndjson 2000
lines "and as many rows" records.tsv 2000
lines "1,000 comments that come later" added.ndjson 1000
lines "1,000 records of new conversations" fresh.ndjson 1000
lines "1,000 that go" deleted.txt 1000
lines "1,000 queries" queries.tsv 1000

cut -f1 "$dir/a/queries.tsv" | sort | uniq -c | awk '{print $2, $1}' >"$dir/kinds"
cat >"$dir/expected" <<'EOF'
and 200
article 50
author 75
common 100
date 100
parent 75
phrase 150
prefix 75
rare 100
thread 75
EOF
diff "$dir/expected" "$dir/kinds" >"$dir/out"
check "of all kinds" $? "$dir/out"

# Every query is made from a record that answers it, so none has no hits; with quoted words there are never fewer.
awk -F'\t' '!($8 > 0 && $9 > 0 && $8 >= $9 && $10 >= $9)' "$dir/a/queries.tsv" >"$dir/out"
test ! -s "$dir/out"
check "each query has hits" $? "$dir/out"
cut -f1 "$dir/a/deleted.txt" | sort >"$dir/gone"
jq -r 'select(.type == "comment").id' "$dir/a/records.ndjson" | sort >"$dir/comments"
test -z "$(comm -23 "$dir/gone" "$dir/comments")"
check "what goes is a comment" $?

"$gen" 1999 "$dir/a" >"$dir/out" 2>"$dir/err"
check "too few records are refused" $((1 - $?)) "$dir/err"
"$gen" 2000 "$dir/none" >"$dir/out" 2>"$dir/err"
check "a directory that is not there is named" "$((1 - $(grep -c "gen: $dir/none/" "$dir/err")))" "$dir/err"

B=$B perl tests/bench/run.pl --records 2000 --engines weft --limit 0.5 --load 0 --keep "$dir/run" >"$dir/out" 2>"$dir/err"
check "weft runs" $? "$dir/err"
grep -q '^every count is the one made by brute force$' "$dir/out"
check "every count is the one made by brute force" $? "$dir/out"

# One count of the list made wrong, by a generator in front of the generator: the run names the query and fails.
mkdir -p "$dir/b2/tests/bench"
for program in weft-indexer weft-searchd; do
    ln -s "$(cd "$B" && pwd)/$program" "$dir/b2/$program"
done
cat >"$dir/b2/tests/bench/gen" <<EOF
#!/bin/sh
"$(cd "$B" && pwd)/tests/bench/gen" "\$@" && cd "\$2" &&
    awk -F'\t' -v OFS='\t' 'NR == 7 { \$8++ } { print }' queries.tsv >wrong && mv wrong queries.tsv
EOF
chmod +x "$dir/b2/tests/bench/gen"
B=$dir/b2 perl tests/bench/run.pl --records 2000 --engines weft --counts >"$dir/out" 2>"$dir/err"
test $? -eq 1
check "a wrong count fails the run" $? "$dir/err"
query=$(sed -n 7p "$dir/a/queries.tsv" | cut -f6)
grep '^wrong: weft finds ' "$dir/out" | grep -qF -- "query $query (count), "
check "and is named" $? "$dir/out"
grep -qx '1 wrong count' "$dir/out"
check "alone" $? "$dir/out"

# Many clients at a time; over HTTP too where wrk is.
B=$B perl tests/bench/load.pl --index "$dir/run/weft/index" --queries "$dir/run/data/queries.tsv" --connections 3 --seconds 0.2 >"$dir/out" 2>"$dir/err"
check "load runs" $? "$dir/err"
grep -qx 'every request was answered' "$dir/out"
check "every request is answered" $? "$dir/out"
grep -c '^| [134]  *| [0-9.]* *| [0-9.]* *| ' "$dir/out" >"$dir/rows"
echo 4 | diff - "$dir/rows"
check "with figures" $? "$dir/out"
