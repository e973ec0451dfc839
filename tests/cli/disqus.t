#!/bin/sh
# Disqus exports: threads stand as articles, deleted posts as places, spam is left out.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # what client.sh sets and reads; jq programs
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
shared=${WEFT_SHARED:-../shared}/data/disqus-xml

# export: a Disqus export with what stands on the standard input.
export_of() {
    # shellcheck disable=SC2006 # a stray backtick
    printf '%s' '`<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"><category dsq:id="1"><forum>f</forum><title>General</title></category>'
    cat
    echo '</disqus>'
}

# thread ID LINK TITLE MORE
thread() {
    printf '<thread dsq:id="%s"><id/><forum>f</forum><category dsq:id="1"/><link>%s</link><title>%s</title><message/>' "$1" "$2" "$3"
    printf '<createdAt>2013-05-03T08:00:00Z</createdAt><author><name>Site</name></author><isDeleted>false</isDeleted>%s</thread>\n' "$4"
}

# post ID THREAD PARENT TEXT
post() {
    printf '<post dsq:id="%s"><id/><message><![CDATA[%s]]></message><createdAt>2013-05-03T09:16:00Z</createdAt>' "$1" "$4"
    printf '<isDeleted>false</isDeleted><isSpam>false</isSpam><author><email>x@example.org</email><name>Ann</name>'
    printf '<isAnonymous>true</isAnonymous></author><ipAddress>192.0.2.1</ipAddress><thread dsq:id="%s"/>' "$2"
    [ -z "$3" ] || printf '<parent dsq:id="%s"/>' "$3"
    printf '</post>\n'
}

# fields NAME FILTER: what jq makes of each record in $dir/in.xml, to be compared with the standard input.
fields() {
    run "$indexer" convert "$dir/in.xml"
    jq -r "$2" "$dir/out" >"$dir/rows" 2>>"$dir/err"
    cp "$dir/rows" "$dir/out"
    prints "$1"
}
tree='[.type, .id, .article // "-", .parent // "-", if .deleted then "deleted" else .title // .body // "-" end] | join(" ")'

{
    thread 10 'https://h.example/a/' 'Talks &amp;amp; more' ''
    post 1 10 '' '<p>first</p>' | sed 's|<name>Ann</name>|&<username>ann_1</username>|'
    post 2 10 3 'before its parent'
    post 3 10 1 'second'
} | export_of >"$dir/in.xml"
run "$indexer" convert "$dir/in.xml"
exits "an export" 0
prints "a thread as the article, posts as comments, nothing private" <<'E'
{"type":"article","id":"10","title":"Talks & more","date":"2013-05-03T08:00:00Z","url":"https://h.example/a/","site":"f","format":"html"}
{"type":"comment","id":"1","article":"10","author":"Ann","author_id":"ann_1","date":"2013-05-03T09:16:00Z","body":"<p>first</p>","format":"html"}
{"type":"comment","id":"2","article":"10","parent":"3","author":"Ann","date":"2013-05-03T09:16:00Z","body":"before its parent","format":"html"}
{"type":"comment","id":"3","article":"10","parent":"1","author":"Ann","date":"2013-05-03T09:16:00Z","body":"second","format":"html"}
E

{
    thread 10 'https://h.example/a' One ''
    thread 11 'https://h.example/b' Two '' | sed 's|isDeleted>false|isDeleted>true|'
    thread 12 '' '' ''
    thread 10 'https://h.example/c' Again ''
    post 1 10 '' gone | sed 's|isDeleted>false|isDeleted>true|'
    post 2 10 1 'under it'
    post 3 10 '' pills | sed 's|isSpam>false|isSpam>true|'
    post 4 10 '' odd | sed 's|isSpam>false|isSpam>123|'
    post 5 11 '' 'of what is deleted'
    post 6 12 '' 'without an article'
    post 7 99 '' 'whose thread is missing'
    post 8 10 '' ''
    post 9 10 '' 'unquoted' | sed 's|<thread dsq:id="10"/>|<thread dsq:id=10/>|'
    post x 10 '' 'an older id' | sed 's|<post dsq:id="x"><id/>|<post><id>3565</id>|'
    post x 10 '' 'no id at all' | sed 's|<post dsq:id="x">|<post>|'
} | export_of >"$dir/in.xml"
fields "deleted posts are places; spam and deleted threads are left out" "$tree" <<'E'
article 10 - - One
comment 1 10 - deleted
comment 2 10 1 under it
comment 6 12 - without an article
comment 7 99 - whose thread is missing
comment 8 10 - -
comment 9 10 - unquoted
comment 3565 10 - an older id
E
says "one without an id is refused" "in.xml:16: a post without an id"

{
    thread 20 'http://www.h.example/2013/talks/?utm_source=x#c' Talks ''
    thread 21 'https://H.example:443/2013/talks' 'Talks, again' ''
    thread 22 'http://old.example/2013/talks/index.html' Talks ''
    thread 23 'http://other.example/2013/talks' 'Other talks' ''
    thread 24 'https://h.example/2013/talks?p=2' Talks ''
    post 1 20 '' a
    post 2 21 1 b
    post 3 22 1 c
    post 4 23 '' d
    post 5 24 '' e
} | export_of >"$dir/in.xml"
fields "threads of one page are one article" "$tree" <<'E'
article 20 - - Talks
article 23 - - Other talks
article 24 - - Talks
comment 1 20 - a
comment 2 20 1 b
comment 3 20 1 c
comment 4 23 - d
comment 5 24 - e
E

if "$indexer" convert --help | grep -q -e --articles; then
    {
        echo '{"type":"article","id":"n1","url":"https://h.example/2013/talks","title":"The talks","body":"Ministers met."}'
        echo '{"type":"article","id":"n2","url":"/elsewhere/","title":"Elsewhere"}'
        echo '{"type":"article","id":"n3","url":"https://a.example/same","title":"x"}'
        echo '{"type":"article","id":"n4","url":"https://b.example/same","title":"y"}'
        echo '{"type":"comment","id":"c","article":"n1","url":"https://h.example/none","body":"no article"}'
    } >"$dir/articles.ndjson"
    {
        thread 30 'http://h.example/2013/talks/?fbclid=1' Talks ''
        thread 31 'https://moved.example/elsewhere' Elsewhere ''
        thread 32 'https://c.example/same' 'which is not said' ''
        thread 33 'https://h.example/none' none ''
        for t in 30 31 32 33; do post "$t" "$t" '' text; done
    } | export_of >"$dir/in.xml"
    run "$indexer" convert --articles "$dir/articles.ndjson" "$dir/in.xml"
    jq -r "$tree" "$dir/out" >"$dir/rows"
    cp "$dir/rows" "$dir/out"
    prints "--articles joins threads by address, else by a path that only one article has" <<'E'
article 32 - - which is not said
article 33 - - none
comment 30 n1 - text
comment 31 n2 - text
comment 32 32 - text
comment 33 33 - text
E
    echo '{"type":"article"}' >"$dir/articles.ndjson"
    run "$indexer" convert --articles "$dir/articles.ndjson" "$dir/in.xml"
    exits "a file of articles that is none" 2
    says "is named with the line" "--articles: $dir/articles.ndjson:1: no id"
fi

# cut off (at every byte in tests/unit/test_exports.c): never a crash, never a record that is not one of the whole file, always an error
{
    thread 10 'https://h.example/a' One ''
    post 1 10 '' a
    post 2 10 1 b
} | export_of | sed 's/^`//' >"$dir/in.xml"
"$indexer" convert "$dir/in.xml" >"$dir/whole" 2>/dev/null
size=$(($(wc -c <"$dir/in.xml") - 2))
failed=0
cut=60
while [ "$cut" -lt "$size" ]; do
    head -c "$cut" "$dir/in.xml" >"$dir/cut.xml"
    run "$indexer" convert --format disqus "$dir/cut.xml"
    { [ "$status" -eq 1 ] || [ "$status" -eq 2 ]; } && grep -q 'cut.xml:[1-9]: cut off' "$dir/err" &&
        ! grep -qvxFf "$dir/whole" "$dir/out" || failed=$cut
    [ "$failed" -eq 0 ] || break
    cut=$((cut + 31))
done
report "cut off anywhere (at $failed): an error, and only whole records" "$failed"
head -c $((size - 3)) "$dir/in.xml" >"$dir/cut.xml"
run "$indexer" convert --format disqus "$dir/cut.xml"
[ "$(wc -l <"$dir/out")" -eq 3 ]
report "what was whole before the cut is given" $?

if [ ! -r "$shared/isso-disqus.xml" ]; then
    echo "ok $((tests += 1)) # skip the real exports are not there: set WEFT_SHARED"
    done_testing
    exit
fi

# articles, comments, those deleted, orphans, greatest depth: by hand from the files' own counts, less spam and deleted threads
while read -r name articles comments deleted orphans depth; do
    "$indexer" convert "$shared/$name" 2>/dev/null >"$dir/out"
    got=$(jq -rs '[.[] | select(.type == "comment")] as $c | ($c | map({key: .id, value: .}) | from_entries) as $at
        | def depth: if .parent == null or ($at[.parent] | not) then 0 else ($at[.parent] | depth) + 1 end;
        [(map(select(.type == "article")) | length), ($c | length), (map(select(.deleted)) | length),
         ([$c[] | select(.parent != null and ($at[.parent] | not))] | length), ([$c[] | depth] | max)] | map(tostring) | join(" ")' "$dir/out")
    [ "$got" = "$articles $comments $deleted $orphans $depth" ]
    report "$name: $articles articles, $comments comments, $deleted deleted, $orphans orphans, depth $depth ($got)" $?
done <<'E'
remark42-disqus.xml 2 4 0 0 0
remark42-disqus-deleted-post.xml 2 4 1 0 0
remark42-disqus-deleted-thread.xml 1 2 0 0 0
isso-disqus.xml 2 6 1 0 1
derived-radio-t.xml 1 58 0 0 3
E
cp "$shared/isso-disqus.xml" "$dir/in.xml"
fields "isso's sample: an orphan of a missing thread, one without title, a reply to what is deleted" "$tree" <<'E'
article 2 - - Hello, World!
comment 4 2 - ...
comment 5 2 4 <p>Hello, World.</p>
comment 6 1337 - ...
article 7 - - -
comment 8 7 - <p>Message from thread with empty title and id</p>
comment 9 2 - deleted
comment 11 2 9 <p>Hello, World.</p>
E
run "$indexer" build -q -i "$dir/index" "$dir/in.xml"
exits "an index of it" 0
run "$indexer" add -i "$dir/index" "$dir/in.xml"
grep -q '8 same' "$dir/out"
report "the same export again is all the same" $?
done_testing
