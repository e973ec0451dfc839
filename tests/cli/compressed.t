#!/bin/sh
# Packed inputs: each packing, archives of many files, packings in each other, damage, bombs.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
case ${B:-build} in /*) indexer=$B/weft-indexer ;; *) indexer=$PWD/${B:-build}/weft-indexer ;; esac
cd "$dir" || exit 1

# record N: an article and its comment.
record() { printf '{"type":"article","id":"a%s","title":"T"}\n{"type":"comment","id":"c%s","article":"a%s","body":"x"}\n' "$1" "$1" "$1"; }

# gives NAME IDS COMMAND...: the ids that are printed, and nothing went wrong.
gives() {
    name=$1 ids=$2
    shift 2
    run "$@"
    [ "$status" -eq 0 ] && [ "$(jq -r .id out | tr '\n' ' ')" = "$ids " ]
    report "$name" $?
}

record 1 >1.json
record 2 >2.json
mkdir in && cp 1.json 2.json in/ && echo '{}' >in/.hidden
gzip -k 1.json 2.json
cat 1.json.gz 2.json.gz >parts.gz
{ cat parts.gz; head -c 512 /dev/zero; } >padded.gz
bzip2 -k 1.json 2.json
xz -k 1.json 2.json
zstd -q 1.json 2.json
tar --sort=name -cf in.tar in
tar --sort=name -czf in.tar.gz in
tar --sort=name -cJf in.tar.xz in
(cd in && zip -q ../in.zip 1.json 2.json .hidden)
gzip -c in.zip >in.zip.gz
zip -q of-packed.zip 1.json.gz in.tar.gz

gives "gzip" "a1 c1" "$indexer" convert 1.json.gz
gives "bzip2" "a1 c1" "$indexer" convert 1.json.bz2
gives "xz" "a1 c1" "$indexer" convert 1.json.xz
gives "zstd" "a1 c1" "$indexer" convert 1.json.zst
gives "gzip of many parts" "a1 c1 a2 c2" "$indexer" convert parts.gz
gives "zeros that fill it up" "a1 c1 a2 c2" "$indexer" convert padded.gz
cat 1.json.bz2 2.json.bz2 >parts.bz2
gives "bzip2 of many parts" "a1 c1 a2 c2" "$indexer" convert parts.bz2
cat 1.json.xz 2.json.xz >parts.xz
gives "xz of many parts" "a1 c1 a2 c2" "$indexer" convert parts.xz
cat 1.json.zst 2.json.zst >parts.zst
gives "zstd of many parts" "a1 c1 a2 c2" "$indexer" convert parts.zst
gives "tar, without what is hidden" "a1 c1 a2 c2" "$indexer" convert in.tar
gives "tar and gzip" "a1 c1 a2 c2" "$indexer" convert in.tar.gz
gives "tar and xz" "a1 c1 a2 c2" "$indexer" convert in.tar.xz
gives "zip, without what is hidden" "a1 c1 a2 c2" "$indexer" convert in.zip
gives "zip in gzip" "a1 c1 a2 c2" "$indexer" convert in.zip.gz
gives "gzip, and tar in gzip, in zip" "a1 c1 a1 c1 a2 c2" "$indexer" convert of-packed.zip
gives "several files" "a1 c1 a1 c1 a2 c2" "$indexer" convert 1.json.gz in.zip
for f in 1.json.gz 1.json.xz in.tar.gz in.zip of-packed.zip; do
    "$indexer" convert -q "$f" >want
    "$indexer" convert - <"$f" >out 2>err
    cmp want out >>err 2>&1
    report "$f on standard input" $?
    # shellcheck disable=SC2002 # a pipe is what is tried
    cat "$f" | "$indexer" convert - >out 2>err
    cmp want out >>err 2>&1
    report "$f through a pipe" $?
done

# Lines are counted from the start of each file in an archive; messages name file and member.
printf '%s\n' '{"type":"comment","id":"c9"}' >in/9.json
echo "nothing that is known" | tr '\n' '\0' >in/a.bin
tar --sort=name -czf bad.tar.gz in
run "$indexer" convert bad.tar.gz
exits "one member refused, one in no known format" 1
says "the line of the member" "weft-indexer: bad.tar.gz:in/9.json:1: c9: comment without article"
says "the member in no known format" "weft-indexer: bad.tar.gz:in/a.bin: is in no format known"
[ "$(wc -l <out)" -eq 4 ]
report "the other members are read" $?
mkdir none && tar -cf none.tar none
run "$indexer" convert none.tar
exits "an archive without files" 2
says "... is told" "weft-indexer: none.tar: holds no files"

# Damage: cut at every byte, a report and no crash; a byte changed in the middle is noticed.
cut_at_each() {
    bad=0 size=$(wc -c <"$1") at=0
    while [ "$at" -lt "$size" ]; do
        head -c "$at" "$1" >cut.in
        run "$indexer" convert cut.in
        if { [ "$status" -ne 2 ] && [ "$status" -ne 1 ]; } || ! grep -q '^weft-indexer: cut.in' err; then
            bad=$((bad + 1))
            echo "# $1 at $at: $status"
        fi
        at=$((at + $2))
    done
    [ "$bad" -eq 0 ]
    report "$1 cut short: an error each time" $?
}
cut_at_each 1.json.gz 1
cut_at_each 1.json.xz 5
cut_at_each 1.json.bz2 5
cut_at_each 1.json.zst 5
cut_at_each in.zip 13
cut_at_each in.tar.gz 13
cut_at_each in.tar.xz 13
head -c 30 1.json.gz >short.gz
run "$indexer" convert short.gz
exits "a file cut short" 2
says "the byte is named" "weft-indexer: short.gz: cannot be unpacked at byte 30: gzip: truncated"
awk 'BEGIN { srand(3); for (i = 0; i < 20000; i++) printf "{\"type\":\"comment\",\"id\":\"c%d\",\"article\":\"a\",\"body\":\"%d %d\"}\n", i, rand() * 1e9, rand() * 1e9 }' >many.json
gzip -k many.json
size=$(wc -c <many.json.gz)
{ head -c $((size - 1000)) many.json.gz; } >cut.gz
run "$indexer" convert cut.gz
exits "what stands before the cut is read" 1
[ "$(wc -l <out)" -gt 19000 ] && ! jq -e . out 2>&1 | grep -q 'parse error'
report "... whole lines only" $?
says "... and the cut is told" "weft-indexer: cut.gz: cannot be unpacked at byte $((size - 1000)): gzip: truncated"
{ head -c $((size - 6)) many.json.gz && printf '\001\002' && tail -c 4 many.json.gz; } >sum.gz
run "$indexer" convert sum.gz
exits "a wrong checksum" 1
says "... is told" "gzip: corrupt: incorrect data check"
(cd in && zip -q0 ../plain.zip 1.json 2.json)
sed 's/"body":"x"/"body":"y"/' plain.zip >wrong.zip
run "$indexer" convert wrong.zip
[ "$status" -ne 0 ] && grep -q "wrong.zip:.*CRC" err
report "a wrong checksum in a zip" $?
{ cat 1.json.gz && echo rubbish; } >rubbish.gz
run "$indexer" convert rubbish.gz
exits "rubbish behind it" 0
[ "$(wc -l <out)" -eq 2 ]
report "... what stands before is read" $?
says "... and the rest is told" "weft-indexer: rubbish.gz: what stands from byte $(wc -c <1.json.gz) on is no gzip: passed over"

# Limits.
cp 1.json nest && for _ in 1 2 3 4; do gzip -c nest >n && mv n nest; done
gives "packed four times" "a1 c1" "$indexer" convert nest
gzip -c nest >nest5
run "$indexer" convert nest5
exits "packed five times" 2
says "... is told" "weft-indexer: nest5: is packed in over 4 packings"
head -c 80000000 /dev/zero | tr '\0' '\n' | gzip >bomb.gz
run "$indexer" convert --format ndjson 1.json bomb.gz
exits "a bomb, beside another file" 1
says "... is told" "weft-indexer: bomb.gz: unpacks to over "
tarred() {
    perl -e 'my ($n, $name, $text) = @ARGV;
        sub header { my $h = pack("a100a8a8a8a12a12a8a1a100a6a2", $_[0], "0000644", "0000000", "0000000", sprintf("%011o", length $_[1]), "0" x 11, " " x 8, "0", "", "ustar", "00") . "\0" x 247;
            substr($h, 148, 8) = sprintf("%06o\0 ", unpack("%32C*", $h)); return $h }
        my $many = header(".x", "") x 1000; print $many for 1 .. $n / 1000; print header(".x", "") for 1 .. $n % 1000;
        print header($name, $text), $text, "\0" x (512 - length($text) % 512), "\0" x 1024' "$1" "$2" "$(cat "$3")"
}
tarred 499999 in.json 1.json | "$indexer" convert - >out 2>err
[ "$(wc -l <out)" -eq 2 ]
report "500,000 files in one" $?
tarred 500000 in.json 1.json | "$indexer" convert - >out 2>err
says "one more" "weft-indexer: standard input: over 500000 files in it"

# The other commands.
run "$indexer" build -q -i index in.tar.gz 1.json.xz
exits "build from packed files" 0
run "$indexer" add -i index in.zip
grep -q '^0 added, 0 changed, 4 same' out
report "add: nothing new in the other packing" $?
run "$indexer" verify -i index in.zip
exits "verify against a packed file" 0
run "$indexer" add -i index --follow in.zip
exits "--follow of a packed file" 2
says "... is told why not" "in.zip: is packed with zip, and --follow reads only what grows as text: use 'add' alone"
done_testing
