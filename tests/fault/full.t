#!/bin/sh
# full.t - a disk without room: `add` and `build` say so, and the index stands as it was. A limit on the size of files does for
# the disk: each write past it fails with EFBIG where a full disk gives ENOSPC.
indexer=${B:-build}/weft-indexer
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
unset WEFT_INDEX
# Xapian 1.4.22 leaks the piece of a list it was writing when a commit fails.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
tests=0

report() {
    tests=$((tests + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $tests - $1"
    else
        echo "not ok $tests - $1"
        sed 's/^/# /' "$dir/err"
    fi
}

# records FIRST LAST: that many conversations of a few hundred different words each.
records() {
    awk -v first="$1" -v last="$2" 'BEGIN {
        for (a = first; a <= last; a++) {
            printf "{\"type\":\"article\",\"id\":\"a%d\",\"title\":\"Harbour %d opens\",\"body\":\"Ships.\"}\n", a, a
            for (c = 1; c <= 20; c++) {
                printf "{\"type\":\"comment\",\"id\":\"c%d-%d\",\"article\":\"a%d\",\"body\":\"", a, c, a
                for (w = 1; w <= 30; w++)
                    printf "word%d ", (a * c * w * 7919) % 5000
                print "\"}"
            }
        }
    }'
}

# limited BLOCKS COMMAND...: with files of at most that many blocks of 512 bytes.
limited() {
    blocks=$1
    shift
    status=0
    (ulimit -f "$blocks" && exec timeout 60 "$@") >"$dir/out" 2>"$dir/err" || status=$?
}

export_to() { "$indexer" export -i "$dir/ix" >"$1" 2>>"$dir/err"; }

# says_why: exit 4, and one line of ours with the system's reason.
says_why() {
    [ "$status" -eq 4 ] && grep -Eq '^weft-indexer: .*(File too large|no space left)' "$dir/err" && [ ! -s "$dir/out" ]
}

records 1 30 >"$dir/first.ndjson"
records 31 60 >"$dir/more.ndjson"
"$indexer" build -q -i "$dir/ix" "$dir/first.ndjson" >"$dir/out" 2>"$dir/err"
report "an index to begin with" $?
export_to "$dir/before"
cp -a "$dir/ix" "$dir/kept"

# From hardly any room up to where it is enough; the commit is at another place each time.
blocks=10 # enough for the messages
failed=0
while [ "$blocks" -le 4000 ]; do
    limited "$blocks" "$indexer" add -i "$dir/ix" "$dir/more.ndjson"
    [ "$status" -eq 0 ] && break
    says_why
    report "add with files of $blocks blocks: a message and exit 4 ($status)" $?
    export_to "$dir/after" && cmp -s "$dir/before" "$dir/after"
    report "and the index is as it was" $?
    failed=$((failed + 1))
    blocks=$((blocks + 130))
done
[ "$failed" -ge 5 ]
report "commits of several sizes failed ($failed)" $?
[ "$status" -eq 0 ] && export_to "$dir/after" && [ "$(wc -l <"$dir/after")" -eq $((60 * 21)) ]
report "the same index takes the records when there is room" $?

rm -rf "$dir/ix"
cp -a "$dir/kept" "$dir/ix"
for blocks in 10 200 450; do
    limited "$blocks" "$indexer" build -i "$dir/ix" "$dir/more.ndjson"
    says_why
    report "build with files of $blocks blocks: a message and exit 4 ($status)" $?
    export_to "$dir/after" && cmp -s "$dir/before" "$dir/after"
    report "and the old generation is live" $?
done
limited 8000 "$indexer" build -q -i "$dir/ix" "$dir/more.ndjson"
[ "$status" -eq 0 ] && [ ! -e "$dir/ix/build" ] && export_to "$dir/after" && [ "$(wc -l <"$dir/after")" -eq $((30 * 21)) ]
report "with room the build goes through, and what the others left is gone" $?
echo "1..$tests"
