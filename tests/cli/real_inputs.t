#!/bin/sh
# Every real file of a known format: the counts of the README beside it, from what convert prints. Rows were written from that README
# and FORMATS.md; where they differ from its raw counts, the reason stands in the row's note.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
data=${WEFT_SHARED:-../shared}/data
if [ ! -d "$data" ]; then
    echo "1..1"
    echo "ok 1 # skip the real data are not there: set WEFT_SHARED"
    exit
fi

# counts FILE: articles, comments, levels, orphans, records whose id came before, deleted, kinds that are no comment; from the records
# themselves. A parent that is 0 or the article's own id is the top level. Copies are one comment.
counts() {
    jq -r 'select(.type != "delete") | [.type, .id, (if .parent == .article or .parent == "0" then "" else .parent // "" end), (.deleted // false), .kind // ""] | map(tostring) | join("\t")' "$1" |
        awk -F'\t' '
            seen[$1, $2]++ { copies++ }
            $1 == "article" && seen[$1, $2] == 1 { articles++ }
            $1 == "comment" { up[$2] = $3; gone[$2] = $4; kind[$2] = $5 }
            END {
                for (id in up) {
                    comments++
                    deleted += gone[id] == "true"
                    pingbacks += kind[id] == "pingback"
                    orphans += up[id] != "" && !(up[id] in up)
                    depth = 0
                    for (at = id; at in up; at = up[at]) depth++
                    if (depth > deepest) deepest = depth
                }
                printf "%d %d %d %d %d %d %d\n", articles, comments, deepest, orphans, copies, deleted, pingbacks
            }'
}

# row FILE OPTIONS ARTICLES COMMENTS LEVELS ORPHANS COPIES DELETED PINGBACKS NOTE
row() {
    status=0
    options=$2
    [ "$options" != - ] || options=
    # shellcheck disable=SC2086 # options are words
    "$indexer" convert $options "$data/$1" >"$dir/out.json" 2>"$dir/err" || status=$?
    name=$1
    shift 2
    if grep -q 'in no format known' "$dir/err"; then
        echo "ok $((tests += 1)) # skip no reader of $name"
        return
    fi
    counts "$dir/out.json" >"$dir/out"
    [ "$(cat "$dir/out")" = "$1 $2 $3 $4 $5 $6 $7" ] && [ "$status" -eq 0 ]
    report "$name: $1 articles, $2 comments, $3 levels, $4 orphans, $5 copies, $6 deleted, $7 pingbacks${8:+ ($8)}" $?
}

while IFS='|' read -r file options articles comments levels orphans copies deleted pingbacks note; do
    case $file in '' | \#*) continue ;; esac
    row "$file" "$options" "$articles" "$comments" "$levels" "$orphans" "$copies" "$deleted" "$pingbacks" "$note"
done <<'EOT'
# WordPress. All that is in the file, public or not, is counted by the README: hence --include all for the first rows.
wxr/cc-labs.xml|--include pingback|220|181|2|0|0|0|62|219 posts, and a page with pingbacks
wxr/cc-labs.xml|-|219|119|2|0|0|0|0|without 62 pingbacks
wxr/bitcoinfrance.xml|--include pingback|83|235|15|0|0|0|42|102 posts without 24 drafts, 5 pages with comments
wxr/bitcoinfrance.xml|--include pingback,draft|107|235|15|0|0|0|42|102 posts, 5 pages with comments
wxr/bitcoinfrance.xml|-|83|193|15|0|0|0|0|
wxr/importer-small-export.xml|--include all|11|1|1|0|0|0|0|6 posts, 5 pages
wxr/blog-converters-sample1.wxr|-|3|2|1|0|0|0|0|
wxr/isso-wordpress.xml|-|3|7|3|0|1|0|0|8 comments, one id twice
# Disqus.
disqus-xml/remark42-disqus.xml|--include spam|2|6|1|0|0|0|0|
disqus-xml/remark42-disqus.xml|-|2|4|1|0|0|0|0|without spam
disqus-xml/remark42-disqus-deleted-post.xml|--include spam|2|6|1|0|0|1|0|
disqus-xml/isso-disqus.xml|-|2|6|2|0|0|1|0|a thread without title and address
disqus-xml/derived-radio-t.xml|-|1|58|4|0|0|0|0|
# Blogger and threads in Atom.
blogger-atom/blogger-sample.xml|-|3|2|1|0|0|0|0|
blogger-atom/blogger-sample2.xml|-|4|3|1|0|0|0|0|
# Movable Type.
movabletype-txt/movabletype-sample2.txt|-|1|3|1|0|0|0|0|
# Remark42, Commento, Isso.
remark42-json/tree.json|-|1|12|3|0|0|0|0|
remark42-json/tree_bench.json|-|1|58|4|0|0|0|0|
remark42-json/tree_del.json|-|1|9|4|0|0|1|0|
remark42-json/native-backup-v1.ndjson|-|2|2|1|1|0|0|0|
commento-json/commento.json|-|2|3|2|0|0|0|0|
isso-json/generic.json|-|2|2|1|0|0|0|0|
# Reddit. The README counts as deleted those whose author is, too; a place is one whose text is gone as well.
reddit-json/graw-thread.json|-|1|199|10|0|0|5|0|
reddit-json/praw-skip_at_limit.json|-|1|476|10|0|0|6|0|
reddit-json/praw-all_with_comment_sort.json|-|1|470|10|0|0|7|0|
reddit-ndjson/RS_graw.ndjson|-|1|0|0|0|0|0|0|
reddit-ndjson/RC_graw.ndjson|-|0|199|10|0|0|5|0|
# Hacker News.
hn-json/hn-post-flat.json|-|0|254|11|0|0|0|0|
hn-json/hn-api-examples.ndjson|-|4|2|1|0|0|0|0|
# Pages.
html-page/netzpolitik-abmahnungen.html|-|1|74|5|0|0|0|0|
html-page/gormulus-durfen.html|--include pingback|1|45|3|0|0|0|5|
html-page/rete-mirabile-15jahre.html|-|1|4|2|0|0|0|0|
html-page/spontis-jahrzehnt.html|-|1|15|1|0|0|0|0|
html-page/lobsters-story.html|-|1|26|5|0|0|0|0|
html-forum/oem-11062.html|-|1|111|1|0|0|0|0|
html-forum/oem-673.html|-|1|68|1|0|0|0|0|
html-forum/oem-11843.html|-|1|40|1|0|0|0|0|
page-text/netzpolitik-abmahnungen.txt|-|1|74|5|0|0|0|0|
page-text/lobsters-story.txt|-|1|26|5|0|0|0|0|
page-text/gormulus-durfen.txt|--include pingback|1|45|3|0|0|0|5|
pages/military-review-2013-05-03.txt|-|1|31|4|0|0|0|0|
# Tables and mail. Of mail: 210 messages, 176 different ones; two of the 35 orphans answer the stub of their own thread.
csv-news/C3-globe-and-mail.csv.gz|-|0|12000|1|0|0|0|0|
mbox/lkml-notmuch.mbox.gz|-|19|171|24|33|34|0|0|25 deep with the article
EOT
done_testing
