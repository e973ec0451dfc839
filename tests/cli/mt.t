#!/bin/sh
# Movable Type exports: entries and comments of key and value lines, US dates, mixed encodings.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # what client.sh sets and reads; jq programs
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
shared=${WEFT_SHARED:-../shared}/data/movabletype-txt

# fields NAME FILTER: what jq makes of each record in $dir/in.txt, to be compared with the standard input.
fields() {
    run "$indexer" convert --tz "$zone" "$dir/in.txt"
    jq -r "$2" "$dir/out" >"$dir/rows" 2>>"$dir/err"
    cp "$dir/rows" "$dir/out"
    prints "$1"
}
zone=UTC

# ~ and @ stand for bytes of windows-1252
tr '~@' '\222\253' >"$dir/in.txt" <<'X'

AUTHOR: Ann
TITLE: A &amp; B: it~s <i>late</i>
BASENAME: a_and_b
STATUS: Publish
ALLOW COMMENTS: 1
CONVERT BREAKS: markdown_with_smartypants
PRIMARY CATEGORY: Sea
CATEGORY: Harbour
CATEGORY: Sea
UNIQUE URL: http://b.example/a.html

DATE: 11/13/2008 12:16:10 AM
TAGS: first,"two words",first tag
-----
BODY:
One.
-----

not a block, it~s “text”
--------
-----
EXTENDED BODY:
Two.
-----
EXCERPT:
short
-----
KEYWORDS:
keyword
-----

COMMENT: 
AUTHOR: Jo &lt;J&gt;
EMAIL: x@example.org
IP: 192.0.2.1
URL: 
DATE: 11/13/2008 03:04:07 PM
URL: this is text
@second~ line
-----

COMMENT:
AUTHOR: Jo &lt;J&gt;
DATE: 11/13/2008 03:04:07 PM
the same second
-----

PING:
TITLE: Ping
URL: http://p.example/
IP: 192.0.2.2
BLOG NAME: P
DATE: 11/14/2008 15:04
pinged
-----


--------
TITLE: Nothing but a title
-----
BODY:
x
-----
--------
TITLE: Nothing but a title
-----
BODY:
y
-----
COMMENT:
AUTHOR:
DATE: sometime
no date
-----
--------
TITLE: Kept back
STATUS: Draft
DATE: 01/02/2009 03:04:05
-----
BODY:
secret
-----
COMMENT:
AUTHOR: Jo
DATE: 01/02/2009 03:04:05
on a draft
-----
--------
STATUS: Publish
-----
BODY:
neither title nor date
-----
--------
X
run "$indexer" convert "$dir/in.txt"
exits "an export" 1
sed 's/\(-c[0-9]*-\)[0-9a-f]\{8\}/\1HASH/' "$dir/out" >"$dir/rows"
cp "$dir/rows" "$dir/out"
prints "entries and comments, nothing private" <<'E'
{"type":"article","id":"20081113001610-a_and_b","title":"A & B: it’s late","body":"One.\n-----\n\nnot a block, it’s “text”\n--------\n\nTwo.","author":"Ann","date":"2008-11-13T00:16:10Z","url":"http://b.example/a.html","section":"Sea","tags":["first","two words","first tag"],"format":"markdown"}
{"type":"comment","id":"20081113001610-a_and_b-c20081113150407-HASH","article":"20081113001610-a_and_b","author":"Jo <J>","date":"2008-11-13T15:04:07Z","body":"URL: this is text\n«second’ line","format":"html"}
{"type":"comment","id":"20081113001610-a_and_b-c20081113150407-HASH-2","article":"20081113001610-a_and_b","author":"Jo <J>","date":"2008-11-13T15:04:07Z","body":"the same second","format":"html"}
{"type":"article","id":"nothing_but_a_title","title":"Nothing but a title","body":"x","format":"html"}
{"type":"article","id":"nothing_but_a_title-2","title":"Nothing but a title","body":"y","format":"html"}
{"type":"comment","id":"nothing_but_a_title-2-c-HASH","article":"nothing_but_a_title-2","body":"no date","format":"html"}
E
says "what has nothing to make an id from is refused" "in.txt:90: an entry without title and date"
says "mended bytes are counted" "2 records had bytes that are not UTF-8"
says "a date that is none is counted" "1 dates were not understood"

printf 'TITLE: Summer\r\nDATE: 07/01/2008 02:00:00 PM\r\n-----\r\nBODY:\r\nx\r\n-----\r\n--------\r\n' >"$dir/in.txt"
zone=America/New_York
fields "dates are in --tz, ids are not; lines may end with CR LF" '"\(.id) \(.date) \(.body)"' <<'E'
20080701140000-summer 2008-07-01T18:00:00Z x
E
zone=UTC

# cut off (at every byte in tests/unit/test_exports.c): never a crash, never a record that is not one of the whole file, always an error
printf '%s\n' 'TITLE: One' 'DATE: 07/01/2008 02:00:00 PM' ----- BODY: text ----- COMMENT: 'AUTHOR: A' 'DATE: 07/01/2008 02:00:01 PM' a ----- \
    COMMENT: 'AUTHOR: B' 'DATE: 07/01/2008 02:00:02 PM' b ----- -------- 'TITLE: Two' ----- BODY: two ----- -------- >"$dir/in.txt"
"$indexer" convert "$dir/in.txt" >"$dir/whole" 2>/dev/null
size=$(($(wc -c <"$dir/in.txt") - 1))
first=$(grep -b -m 1 -e '^--------' "$dir/in.txt")
first=$((${first%%:*} + 8))
failed=0
cut=1
while [ "$cut" -lt "$size" ]; do
    head -c "$cut" "$dir/in.txt" >"$dir/cut.txt"
    run "$indexer" convert --format mt "$dir/cut.txt"
    # between two entries nothing is missing
    [ "$cut" -eq "$first" ] || [ "$cut" -eq $((first + 1)) ] ||
        { [ "$status" -ge 1 ] && [ "$status" -le 2 ] && grep -q 'cut.txt:[0-9]*: cut off' "$dir/err"; } || failed=$cut
    ! grep -qvxFf "$dir/whole" "$dir/out" || failed=$cut
    [ "$failed" -eq 0 ] || break
    cut=$((cut + 31))
done
report "cut off anywhere (at $failed): an error, and only whole records" "$failed"
head -c $((size - 3)) "$dir/in.txt" >"$dir/cut.txt"
run "$indexer" convert --format mt "$dir/cut.txt"
[ "$(wc -l <"$dir/out")" -eq 3 ]
report "what was whole before the cut is given" $?

if [ ! -r "$shared/movabletype-sample.txt" ]; then
    echo "ok $((tests += 1)) # skip the real exports are not there: set WEFT_SHARED"
    done_testing
    exit
fi
run "$indexer" convert "$shared/movabletype-sample.txt"
exits "a real export" 0
[ "$(grep -c '"type":"article"' "$dir/out")" -eq 294 ] && [ "$(wc -l <"$dir/out")" -eq 294 ]
report "its 294 published entries of 451, no comments" $?
[ "$(jq -r .id "$dir/out" | sort -u | wc -l)" -eq 294 ]
report "each with its own id" $?
cp "$shared/movabletype-sample2.txt" "$dir/in.txt"
fields "another, whole" '[.type, .author, .date, .body[:26]] | join("|")' <<'E'
article|admin|2008-11-13T14:16:10Z|This is the body of the po
comment|JumpBox Admin User|2008-11-13T15:04:07Z|This is the first comment.
comment|JumpBox Admin User|2008-11-13T15:04:37Z|And this is the second com
comment|JJ|2008-11-13T15:06:35Z|Wait, JJ wants to comment 
E
run "$indexer" build -q -i "$dir/index" "$dir/in.txt"
exits "an index of it" 0
run "$indexer" add -i "$dir/index" "$dir/in.txt"
grep -q '4 same' "$dir/out"
report "the same export again is all the same" $?
done_testing
