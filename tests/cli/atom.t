#!/bin/sh
# Atom feeds: Blogger's exports, old and new, and threads by RFC 4685 in any order.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # what client.sh sets and reads; jq programs
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
shared=${WEFT_SHARED:-../shared}/data
tree='[.type, .id, .article // "-", .parent // "-", if .deleted then "deleted" else .title // .body // "-" end] | join(" ")'

# fields NAME FILTER: what jq makes of each record in $dir/in.xml, to be compared with the standard input.
fields() {
    run "$indexer" convert "$dir/in.xml"
    jq -r "$2" "$dir/out" >"$dir/rows" 2>>"$dir/err"
    cp "$dir/rows" "$dir/out"
    prints "$1"
}

# entry KIND NUMBER TEXT MORE: of a Blogger export.
entry() {
    printf '<entry><id>tag:blogger.com,1999:blog-9.post-%s</id><published>2008-05-16T20:24:37.500+02:00</published><updated>2020-01-01T00:00:00Z</updated>' "$2"
    printf '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#%s"/>' "$1"
    printf '<title type="text">%s</title><content type="html">&lt;p&gt;%s</content>' "$3" "$3"
    printf '<author><name>Ann</name><uri>http://www.blogger.com/profile/%s</uri><email>x@example.org</email></author>%s</entry>\n' "$2" "$4"
}

reply='<thr:in-reply-to ref="tag:blogger.com,1999:blog-9.post-1" href="http://b.example/1.html"/>'
related='<link rel="related" href="http://www.blogger.com/feeds/9/1/comments/default/2" type="application/atom+xml"/>'
{
    printf '%s' '<?xml version="1.0"?><?xml-stylesheet href="x.css"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de-DE"><title type="html">Tea &amp;amp; me</title>'
    entry settings 90 s ''
    entry template 91 t ''
    entry post 1 One '<link rel="self" href="http://s.example"/><link rel="alternate" href="http://b.example/1.html"/><category scheme="http://www.blogger.com/atom/ns#" term="tea"/>'
    entry post 4 Draft '<app:control xmlns:app="http://purl.org/atom/app#"><app:draft>yes</app:draft></app:control>'
    entry page 5 About ''
    entry comment 3 reply "$reply$related"
    entry comment 2 first "$reply"
    entry comment 6 'on a draft' '<thr:in-reply-to ref="tag:blogger.com,1999:blog-9.post-4"/>'
    entry comment 7 removed "$reply"'<gd:extendedProperty name="blogger.contentRemoved" value="true"/>'
    entry comment 8 'of another feed' '<thr:in-reply-to ref="tag:blogger.com,1999:blog-9.post-77"/>'
    echo '</feed>'
} >"$dir/in.xml"
fields "a Blogger export" "$tree" <<'E'
article tag:blogger.com,1999:blog-9.post-1 - - One
comment tag:blogger.com,1999:blog-9.post-3 tag:blogger.com,1999:blog-9.post-1 tag:blogger.com,1999:blog-9.post-2 <p>reply
comment tag:blogger.com,1999:blog-9.post-2 tag:blogger.com,1999:blog-9.post-1 - <p>first
comment tag:blogger.com,1999:blog-9.post-7 tag:blogger.com,1999:blog-9.post-1 - deleted
comment tag:blogger.com,1999:blog-9.post-8 tag:blogger.com,1999:blog-9.post-77 - <p>of another feed
E
"$indexer" convert "$dir/in.xml" 2>/dev/null | head -n 2 >"$dir/out"
prints "its fields, nothing private" <<'E'
{"type":"article","id":"tag:blogger.com,1999:blog-9.post-1","title":"One","body":"<p>One","author":"Ann","author_id":"http://www.blogger.com/profile/1","date":"2008-05-16T18:24:37Z","url":"http://b.example/1.html","tags":["tea"],"lang":"de","site":"Tea & me","format":"html"}
{"type":"comment","id":"tag:blogger.com,1999:blog-9.post-3","article":"tag:blogger.com,1999:blog-9.post-1","parent":"tag:blogger.com,1999:blog-9.post-2","author":"Ann","author_id":"http://www.blogger.com/profile/3","date":"2008-05-16T18:24:37Z","body":"<p>reply","format":"html"}
E

# the form that is exported since 2024
cat >"$dir/in.xml" <<'X'
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<entry><id>p1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status><title>Live</title></entry>
<entry><id>p2</id><blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status><title>Draft</title></entry>
<entry><id>p3</id><blogger:type>PAGE</blogger:type><blogger:status>LIVE</blogger:status><title>Page</title></entry>
<entry><id>c2</id><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status><blogger:parent>p1</blogger:parent><blogger:inReplyTo>c1</blogger:inReplyTo><content type='html'>two</content></entry>
<entry><id>c1</id><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status><blogger:parent>p1</blogger:parent><content type='html'>one</content></entry>
<entry><id>c3</id><blogger:type>COMMENT</blogger:type><blogger:status>SPAM</blogger:status><blogger:parent>p1</blogger:parent></entry>
<entry><id>c4</id><blogger:type>COMMENT</blogger:type><blogger:status>WHATEVER</blogger:status><blogger:parent>p1</blogger:parent></entry>
<entry><id>c5</id><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status><blogger:parent>p2</blogger:parent></entry>
</feed>
X
fields "a newer one" "$tree" <<'E'
article p1 - - Live
comment c2 p1 c1 two
comment c1 p1 - one
E

# newest first: replies before what they answer; XHTML; a circle; an undeclared prefix
cat >"$dir/in.xml" <<'X'
<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>F</a:title><a:author><a:name>Editor</a:name></a:author>
<a:entry><a:id>r3</a:id><thr:in-reply-to ref="r2"/><a:content type="xhtml"><div>x &lt; <b>y</b><br/></div></a:content></a:entry>
<a:entry><a:id>r2</a:id><thr:in-reply-to ref="r1"/><a:content>a &lt;b&gt;</a:content></a:entry>
<a:entry><a:id>r1</a:id><thr:in-reply-to ref="e1"/><a:summary>short</a:summary><a:content>long</a:content></a:entry>
<a:entry><a:id>o</a:id><thr:in-reply-to href="http://else.example/1"/></a:entry>
<a:entry><a:id>o2</a:id><thr:in-reply-to ref="o"/></a:entry>
<a:entry><a:id>c1</a:id><thr:in-reply-to ref="c2"/></a:entry>
<a:entry><a:id>c2</a:id><thr:in-reply-to ref="c1"/></a:entry>
<a:entry><a:id>e1</a:id><a:title type="html">E &amp;amp; &amp;lt;b&amp;gt; &lt;i&gt;one&lt;/i&gt;</a:title><a:summary type="html">s</a:summary></a:entry>
<a:entry><a:id>r4</a:id><thr:in-reply-to ref="r3"/></a:entry>
<a:entry><a:title>no id</a:title></a:entry>
</a:feed>
X
fields "replies by RFC 4685 find their article, whatever the order" "$tree" <<'E'
article e1 - - E & <b> one
comment r3 e1 r2 <div>x &lt; <b>y</b><br/></div>
comment r2 e1 r1 a <b>
comment r1 e1 - long
comment o http://else.example/1 - -
comment o2 http://else.example/1 o -
comment c1 c1 c2 -
comment c2 c1 c1 -
comment r4 e1 r3 -
E
says "an entry without an id is refused" "in.xml:11: an entry without an id"
"$indexer" convert "$dir/in.xml" 2>/dev/null | jq -r 'select(.author) | "\(.id) \(.author)"' >"$dir/out"
prints "the feed's author wrote the articles, not the comments" <<'E'
e1 Editor
E

# cut off (at every byte in tests/unit/test_exports.c): never a crash, never a record that is not one of the whole file, always an error
printf '%s' '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>e1</id><title>One &amp; two</title></entry>
<entry><id>r1</id><thr:in-reply-to ref="e1"/><content type="html">a</content></entry><entry><id>e2</id><title>Two</title></entry></feed>' >"$dir/in.xml"
"$indexer" convert "$dir/in.xml" >"$dir/whole" 2>/dev/null
size=$(wc -c <"$dir/in.xml")
failed=0
cut=45
while [ "$cut" -lt "$size" ]; do
    head -c "$cut" "$dir/in.xml" >"$dir/cut.xml"
    run "$indexer" convert --format atom "$dir/cut.xml"
    sed 's/,"site":"F"//' "$dir/whole" >"$dir/either"
    cat "$dir/whole" >>"$dir/either"
    { [ "$status" -eq 1 ] || [ "$status" -eq 2 ]; } && grep -q 'cut.xml:[12]: cut off' "$dir/err" &&
        ! grep -qvxFf "$dir/either" "$dir/out" || failed=$cut
    [ "$failed" -eq 0 ] || break
    cut=$((cut + 31))
done
report "cut off anywhere (at $failed): an error, and only whole records" "$failed"
head -c $((size - 3)) "$dir/in.xml" >"$dir/cut.xml"
run "$indexer" convert --format atom "$dir/cut.xml"
[ "$(wc -l <"$dir/out")" -eq 3 ]
report "what was whole before the cut is given" $?

if [ ! -r "$shared/blogger-atom/blogger-sample2.xml" ]; then
    echo "ok $((tests += 1)) # skip the real exports are not there: set WEFT_SHARED"
    done_testing
    exit
fi

# articles, comments, orphans: counted from the files' categories, less drafts and pages
while read -r name articles comments orphans; do
    "$indexer" convert "$shared/$name" 2>/dev/null >"$dir/out"
    got=$(jq -rs '([.[].id] | map({key: ., value: 1}) | from_entries) as $at | [(map(select(.type == "article")) | length),
        (map(select(.type == "comment")) | length), (map(select(.parent and ($at[.parent] | not))) | length)] | map(tostring) | join(" ")' "$dir/out")
    [ "$got" = "$articles $comments $orphans" ]
    report "$name: $articles articles, $comments comments, $orphans orphans ($got)" $?
done <<'E'
blogger-atom/blogger-sample.xml 3 2 0
blogger-atom/blogger-sample2.xml 4 3 0
blogger-atom/pelican-bloggerexport.xml 1 1 0
atom-threading/atomthreadingwithentry.xml 0 1 0
E
cp "$shared/blogger-atom/blogger-sample.xml" "$dir/in.xml"
fields "a real one, with the prefix ns0" '[.type, .id, .article // "-", .author, .date, .title // "-", .url // "-"] | join("|")' <<'E'
article|post-17|-|jlueck|2008-05-16T19:40:23Z|A test of newlines and labels/categories|http://jlueck.wordpress.com/2008/05/16/a-test-of-newlines-and-labelscategories/
comment|post-17.comment-8|post-17|jlueck|2008-05-16T20:24:37Z|-|-
article|post-18|-|jlueck|2008-05-16T21:21:04Z|An image test|http://jlueck.wordpress.com/2008/05/16/an-image-test/
article|post-20|-|jlueck|2008-05-16T22:46:22Z|A video test|http://jlueck.wordpress.com/2008/05/16/a-video-test/
comment|post-20.comment-9|post-20|jlueck|2008-05-16T22:49:10Z|-|-
E
run "$indexer" build -q -i "$dir/index" "$dir/in.xml"
exits "an index of it" 0
run "$indexer" add -i "$dir/index" "$dir/in.xml"
grep -q '5 same' "$dir/out"
report "the same export again is all the same" $?
done_testing
