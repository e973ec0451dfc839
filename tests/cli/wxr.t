#!/bin/sh
# WordPress exports: what is public becomes records, the rest is left out; broken ones are read all the same.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154,SC3045 # what client.sh sets and reads; jq programs; ulimit -v
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
shared=${WEFT_SHARED:-../shared}/data/wxr

# blog FILE: an export with the items of the standard input; ^ and ~ stand for a control character and a byte of windows-1252.
blog() {
    {
        printf '%s' '`<?xml version="1.0" encoding="UTF-8"?><!-- generator="WordPress/4.4" --><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Harbour &amp;amp; Sea</title><language>fr-FR</language><image><title>not the title</title></image>
<wp:author><wp:author_id>4</wp:author_id><wp:author_login>jd</wp:author_login><wp:author_email>jd@example.org</wp:author_email>
<wp:author_display_name><![CDATA[Jo D.]]></wp:author_display_name></wp:author>'
        tr '^~' '\007\222'
        echo '</channel></rss>'
    } >"$1"
}

# item ID TITLE MORE: a public post.
item() {
    printf '<item><title>%s</title><link>https://h.example/%s/</link><dc:creator>jd</dc:creator><wp:post_id>%s</wp:post_id>' "$2" "$1" "$1"
    printf '<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>%s</item>\n' "$3"
}

# comment ID PARENT TEXT MORE
comment() {
    printf '<wp:comment><wp:comment_id>%s</wp:comment_id><wp:comment_author_email>x@example.org</wp:comment_author_email>' "$1"
    printf '<wp:comment_author_IP>192.0.2.1</wp:comment_author_IP><wp:comment_parent>%s</wp:comment_parent>' "$2"
    printf '<wp:comment_content><![CDATA[%s]]></wp:comment_content>%s</wp:comment>' "$3" "$4"
}

# fields NAME FILTER: what jq makes of each record in $dir/in.xml, to be compared with the standard input.
fields() {
    run "$indexer" convert --tz "$zone" "$dir/in.xml"
    jq -r "$2" "$dir/out" >"$dir/rows" 2>>"$dir/err"
    cp "$dir/rows" "$dir/out"
    prints "$1"
}
zone=UTC

blog "$dir/in.xml" <<X
<item><title><![CDATA[Talks &#8211; <em>again</em> &amp; again]]></title><link>https://h.example/a</link><dc:creator>jd</dc:creator>
<excerpt:encoded><![CDATA[short]]></excerpt:encoded><content:encoded><![CDATA[<p>Ministers]]>]]&gt;<![CDATA[ met.</p>]]></content:encoded>
<category domain="category" nicename="x"><![CDATA[Caf&eacute;]]></category><category domain="post_tag"><![CDATA[one]]></category>
<category domain="post_tag" nicename="two">two</category>
<wp:post_id> 7 </wp:post_id><wp:post_date>2013-05-03 10:00:00</wp:post_date><wp:post_date_gmt>2013-05-03 08:00:00</wp:post_date_gmt>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_password></wp:post_password>
<wp:postmeta><wp:meta_key>title</wp:meta_key><wp:meta_value>no</wp:meta_value></wp:postmeta>
$(comment 22 21 'a reply' '<wp:comment_author><![CDATA[Ann &amp; Bob]]></wp:comment_author><wp:comment_user_id>4</wp:comment_user_id>
<wp:comment_date_gmt>2013-05-03 09:16:00</wp:comment_date_gmt><wp:comment_approved>1</wp:comment_approved>')
$(comment 21 0 'bell ^ it~s' '<wp:comment_author></wp:comment_author><wp:comment_user_id>0</wp:comment_user_id>')
</item>
X
run "$indexer" convert "$dir/in.xml"
exits "an export" 0
prints "an article and its comments, in the file's order, nothing private" <<'E'
{"type":"article","id":"7","title":"Talks – again & again","body":"<p>Ministers]]> met.</p>","author":"Jo D.","author_id":"4","date":"2013-05-03T08:00:00Z","url":"https://h.example/a","section":"Café","tags":["one","two"],"lang":"fr","site":"Harbour & Sea","format":"html"}
{"type":"comment","id":"22","article":"7","parent":"21","author":"Ann & Bob","author_id":"4","date":"2013-05-03T09:16:00Z","body":"a reply","format":"html"}
{"type":"comment","id":"21","article":"7","parent":"0","body":"bell   it’s","format":"html"}
E
says "mended bytes are counted" "1 records had bytes that are not UTF-8"

{
    item 1 'kept' "$(comment 1 0 ok '') $(comment 2 0 wait '<wp:comment_approved>0</wp:comment_approved>')
        $(comment 3 0 spam '<wp:comment_approved>spam</wp:comment_approved>') $(comment 4 0 gone '<wp:comment_approved>trash</wp:comment_approved>')
        $(comment 5 0 gone '<wp:comment_approved>post-trashed</wp:comment_approved>')
        $(comment 6 0 ping '<wp:comment_approved>1</wp:comment_approved><wp:comment_type>pingback</wp:comment_type>')
        $(comment 7 0 track '<wp:comment_type>trackback</wp:comment_type>') $(comment 8 0 note '<wp:comment_type>order_note</wp:comment_type>')
        $(comment 9 3 'to spam' '')"
    item 2 draft "$(comment 20 0 on-draft '')" | sed 's/>publish</>draft</'
    item 3 private '' | sed 's/>publish</>private</'
    item 4 trash '' | sed 's/>publish</>trash</'
    item 5 future '' | sed 's/>publish</>future</'
    item 6 secret '<wp:post_password>x</wp:post_password>'
    item 7 about '' | sed 's/>post</>page</'
    item 8 guestbook "$(comment 21 0 hello '')" | sed 's/>post</>page</'
    item 9 pinged "$(comment 22 0 ping '<wp:comment_type>pingback</wp:comment_type>')" | sed 's/>post</>page</'
    for type in attachment nav_menu_item revision custom; do
        item 10 $type '' | sed "s/>post</>$type</;s/>publish</>inherit</"
    done
} | blog "$dir/in.xml"
fields "only what is public, and a page only when it is talked about" '"\(.type) \(.id) \(.title // .body)"' <<'E'
article 1 kept
comment 1 ok
comment 9 to spam
article 8 guestbook
comment 21 hello
E

says "the rest is counted" "wxr: read 25: loaded 5, skipped 20, refused 0"
run "$indexer" convert --include pingback,pending,private,page "$dir/in.xml"
jq -r '"\(.type) \(.id) \(.title // .body) \(.kind // "-")"' "$dir/out" >"$dir/rows"
cp "$dir/rows" "$dir/out"
prints "and may be taken" <<'E'
article 1 kept -
comment 1 ok -
comment 2 wait -
comment 6 ping pingback
comment 7 track pingback
comment 9 to spam -
article 3 private -
article 6 secret -
article 7 about -
article 8 guestbook -
comment 21 hello -
article 9 pinged -
comment 22 ping pingback
E

{
    item 2 feed '<pubDate>Tue, 14 Jan 2014 18:31:03 +0100</pubDate>'
    item 3 no-feed '<pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>'
    item 1 dates "<wp:post_date>1969-12-31 16:00:00</wp:post_date><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>
    $(comment 1 0 a '<wp:comment_date_gmt>-0001-11-30 00:00:00</wp:comment_date_gmt><wp:comment_date>0000-00-00 00:00:00</wp:comment_date>')
    $(comment 2 0 b '<wp:comment_date>2014-07-01 12:00:00</wp:comment_date>')
    $(comment 3 0 c '<wp:comment_date>yesterday</wp:comment_date>')"
} | blog "$dir/in.xml"
zone=Europe/Paris
fields "dates: local ones in --tz, the feed's, before 1970, none" '"\(.id) \(.date // "-")"' <<'E'
2 2014-01-14T17:31:03Z
3 -
1 1969-12-31T15:00:00Z
1 -
2 2014-07-01T10:00:00Z
3 -
E
says "only a date that is none is counted" "1 dates were not understood"
zone=UTC

# tags that end wrong, a raw < and &, a quote without its end, a second declaration, markup that is not in CDATA
{
    printf '<item><title>A & B < C</title><link>https://h.example/b?x=1&y=2</link><wp:post_id>1</wp:post_id>
<guid isPermaLink=false>x</guid></guid><content:encoded>It is <b>bold<br> &nbsp;&hellip; &bogus; end</content:encoded>
<wp:postmeta><wp:meta_key>k</wp:postmeta>'
    comment 1 0 'one' '<wp:comment_author>Ann</wp:comment_autor></wp:comment_author>'
    printf '<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_content>&#7;two&#146;</wp:comment_content></item>'
    printf '<?xml version="1.0"?><item><title>After</title><wp:post_id>2</wp:post_id></item>'
} | blog "$dir/in.xml"
fields "what is broken spoils nothing else" '"\(.id) \(.title // .author // "-") \(.body // "-" | gsub("\u00a0"; "_"))"' <<'E'
1 A & B < C It is <b>bold<br> _… &bogus; end
1 Ann one
2 - two’
2 After -
E

# another prefix for the same namespace; Disqus' form; a post without a number
cat >"$dir/in.xml" <<'X'
<rss xmlns:w="http://wordpress.org/export/1.0/" xmlns:d="http://www.disqus.com/"><channel>
<item><title>Foo</title><link>http://foo.example/x</link><d:thread_identifier>ident-1</d:thread_identifier><w:post_id>8</w:post_id>
<w:comment><d:remote><d:id>user 9</d:id></d:remote><w:comment_id>65</w:comment_id><w:comment_content>hi</w:comment_content></w:comment></item>
<item><title>Bar</title><link>http://WWW.Foo.example/?p=4&amp;utm_source=feed</link><w:comment><w:comment_id>66</w:comment_id></w:comment></item>
</channel></rss>
X
fields "ids of Disqus' form, and of posts without one" '"\(.type) \(.id) \(.article // "-") \(.author_id // "-")"' <<'E'
article ident-1 - -
comment 65 ident-1 user 9
article foo.example?p=4 - -
comment 66 foo.example?p=4 -
E

# cut off (at every byte in tests/unit/test_exports.c): never a crash, never a record that is not one of the whole file, always an error
printf '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>%s%s</channel></rss>' "$(item 1 'One &amp; two' "$(comment 1 0 a '') $(comment 2 1 b '')")" \
    "$(item 2 'Two' '')" >"$dir/in.xml"
"$indexer" convert "$dir/in.xml" >"$dir/whole" 2>/dev/null
size=$(wc -c <"$dir/in.xml")
failed=0
cut=120
while [ "$cut" -lt "$size" ]; do
    head -c "$cut" "$dir/in.xml" >"$dir/cut.xml"
    run "$indexer" convert --format wxr "$dir/cut.xml"
    { [ "$status" -eq 1 ] || [ "$status" -eq 2 ]; } && grep -q 'cut.xml:[12]: cut off' "$dir/err" &&
        ! grep -qvxFf "$dir/whole" "$dir/out" || failed=$cut
    [ "$failed" -eq 0 ] || break
    cut=$((cut + 31))
done
report "cut off anywhere (at $failed): an error, and only whole records" "$failed"
head -c $((size - 40)) "$dir/in.xml" >"$dir/cut.xml"
"$indexer" convert "$dir/cut.xml" 2>/dev/null >"$dir/out"
head -n 3 "$dir/whole" | diff - "$dir/out" >"$dir/diff"
report "what was whole before the cut is given" $?

# 40 MB in less memory than that, libraries included
if ldd "$indexer" 2>/dev/null | grep -q libasan; then
    echo "ok $((tests += 1)) # skip built with a sanitizer"
else
    perl -e 'print q(<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>);
        for my $p (1 .. 4) {
            print "<item><title>T$p</title><wp:post_id>$p</wp:post_id>";
            print "<wp:comment><wp:comment_id>$p-$_</wp:comment_id><wp:comment_content>", "word$_ " x 140, "</wp:comment_content></wp:comment>" for 1 .. 10000;
            print "</item>";
        }
        print "</channel></rss>";' | (ulimit -v 80000 && "$indexer" convert - 2>"$dir/err" | wc -l >"$dir/out")
    [ "$(cat "$dir/out")" -eq 40004 ]
    report "memory does not grow with the file, nor with the comments of a post" $?
fi

if [ ! -r "$shared/bitcoinfrance.xml" ]; then
    echo "ok $((tests += 1)) # skip the real exports are not there: set WEFT_SHARED"
    done_testing
    exit
fi

# articles, comments, replies without their parent in the file, greatest depth: counted from the files with another parser
while read -r name articles comments orphans depth; do
    "$indexer" convert "$shared/$name" 2>/dev/null >"$dir/out"
    got=$(jq -rs '[.[] | select(.type == "comment")] as $c | ($c | map({key: .id, value: .}) | from_entries) as $at
        | def depth: . as $x | if .parent == null or .parent == "0" or ($at[.parent] | not) then 0 else ($at[.parent] | depth) + 1 end;
        [(map(select(.type == "article")) | length), ($c | length), ([$c[] | select(.parent != null and .parent != "0" and ($at[.parent] | not))] | length),
         ([$c[] | depth] | max)] | map(tostring) | join(" ")' "$dir/out")
    [ "$got" = "$articles $comments $orphans $depth" ]
    report "$name: $articles articles, $comments comments, $orphans orphans, depth $depth ($got)" $?
done <<'E'
bitcoinfrance.xml 83 193 0 14
cc-labs.xml 219 119 0 1
themeunittestdata.wordpress.xml 49 24 0 9
importer-small-export.xml 5 1 0 0
pelican-wordpressexport.xml 7 3 1 1
blog-converters-sample1.wxr 3 2 0 0
blog-converters-sample2.wxr 4 3 0 0
isso-wordpress.xml 3 8 0 2
E
"$indexer" convert "$shared/bitcoinfrance.xml" 2>/dev/null | jq -r '.author, .author_id, .url | strings' >"$dir/out"
! grep -qE '@|192\.0\.2\.' "$dir/out"
report "no address of a commenter is taken" $?

run "$indexer" convert "$shared/isso-wordpress.xml"
jq -r 'select(.type == "comment") | "\(.article) \(.id) \(.parent) \(.author) \(.date)"' "$dir/out" >"$dir/rows"
cp "$dir/rows" "$dir/out"
prints "isso's sample: its comments, each under its parent, also the id that is there twice" <<'E'
18 2 0 Ohai 2014-01-14T17:32:12Z
18 6 0 Tester 2014-04-29T15:21:27Z
18 7 6 Tester 2014-04-29T15:21:35Z
18 8 7 Tester 2014-04-29T15:21:45Z
18 9 7 Tester 2014-04-29T15:21:52Z
18 10 0 Multiline Author 2022-06-06T02:13:14Z
18 11 0 Letzter :/ 2022-06-07T15:21:56Z
example.tld?p=4 11 0 Anonymous 2014-04-29T15:21:57Z
E
run "$indexer" build -q -i "$dir/index" "$shared/bitcoinfrance.xml"
exits "an index of a real blog" 0
run "$indexer" add -i "$dir/index" "$shared/bitcoinfrance.xml"
grep -q '276 same' "$dir/out"
report "the same export again is all the same" $?
run "$weft" search -i "$dir/index" --json 'monnaie virtuelle'
jq -r '.total.hits, (.hits[0].url // .hits[0].article.url)' "$dir/out" >"$dir/rows" 2>&1
cp "$dir/rows" "$dir/out"
prints "and it answers, by French stems" <<'E'
7
http://www.e-ducat.fr/la-bce-ne-veut-pas-de-concurrence-avec-bitcoin/
E
done_testing
