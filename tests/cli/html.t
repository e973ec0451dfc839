#!/bin/sh
# html.t - saved web pages against trees made by hand from their HTML: every comment, who wrote it, when, what it answers.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
. tests/cli/pages.sh

# tree FILE TABLE: the comments of FILE are those of TABLE.
tree() {
    has "$data/html-page/$1" || return 1
    run "$indexer" convert --quiet "$data/html-page/$1"
    exits "$1" 0
    outline <"$dir/out" >"$dir/tree"
    cp "$dir/out" "$dir/records"
    cp "$dir/tree" "$dir/out"
    sed 1d "tests/cli/pages/$2.tsv" >"$dir/expected"
    prints "$1: authors, dates and answers" <"$dir/expected"
}

# article TEXT: id, title, author, date, site, language of the last page.
article() {
    jq -r 'select(.type == "article") | [.id, .title, .author, .date, .site, .lang] | join("|")' "$dir/records" >"$dir/out"
    printf '%s\n' "$1" >"$dir/expected"
    prints "its article" <"$dir/expected"
}

# clean NAME WORDS...: no body of the last page holds any of them.
clean() {
    jq -r 'select(.type == "comment") | .body' "$dir/records" >"$dir/out"
    status=0
    for word in 'class="reply' comment-reply-link 'class="says' 'avatar' '<form' '<textarea' "$@"; do
        grep -qF -e "$word" "$dir/out" && status=1
    done
    report "nothing of the page around a comment is its text" "$status"
}

tree netzpolitik-abmahnungen.html netzpolitik && {
    article '123782|Die Cider Connection: Abmahnungen gegen Nutzer von Creative-Commons-Bildern|Markus Reuter|2016-06-23T14:14:51Z|netzpolitik.org|de'
    clean 'sagt:' '>Antworten<'
    jq -r 'select(.id == "2058234") | .parent, .url, .body' "$dir/records" >"$dir/out"
    prints "one comment whole" <<'EOF'
2058226
https://netzpolitik.org/2016/die-cider-connection-abmahnungen-gegen-nutzer-von-creative-commons-bildern/#comment-2058234
<p>Aber Herr S., sie müssen doch jetzt nicht hier trollen, nur weil ihr komisches Geschäftsmodell ins Tageslicht gezerrt wurde.</p>
EOF
}
tree gormulus-durfen.html gormulus && {
    article '339|„Das wird man ja wohl noch sagen dürfen!“|Mathias|2012-12-11T10:00:53Z|Gormulus|de'
    clean '>Antwort<'
}
tree lobsters-story.html lobsters && {
    article 'claygr|What are you doing this weekend?|caius|2020-06-19T16:41:44Z|Lobsters|en'
    clean upvoter byline
}

# The counts of the other pages: comments, replies, without author, date, body.
while read -r file counted; do
    has "$data/$file" || continue
    run "$indexer" convert --quiet "$data/$file"
    counts "$file" "$counted"
done <<'EOF'
html-page/rete-mirabile-15jahre.html 4 2 0 0 0
html-page/spontis-jahrzehnt.html 15 0 0 15 0
html-forum/oem-11062.html 111 0 0 0 0
html-forum/oem-673.html 68 0 0 0 0
html-forum/oem-11843.html 40 0 0 0 0
EOF

# What was recognised; what is left out; dates that count from when the page was saved.
if has "$data/html-page/gormulus-durfen.html"; then
    run "$indexer" convert --explain "$data/html-page/gormulus-durfen.html"
    cat "$dir/err" >>"$dir/out"
    cp "$dir/out" "$dir/err"
    says "the shape of its comments is told" "comments by number, as WordPress writes them: 45, 25 of them replies, 5 pingbacks"
    run "$indexer" convert --quiet --include pingback "$data/html-page/gormulus-durfen.html"
    [ "$(grep -c '"kind":"pingback"' "$dir/out")" = 5 ]
    report "pingbacks are read when asked for" $?
fi
if has "$data/html-page/spontis-jahrzehnt.html"; then
    run "$indexer" convert --quiet --as-of 2020-02-01T00:00:00Z "$data/html-page/spontis-jahrzehnt.html"
    exits "a page with dates that count from now" 0
fi

# The same page again under another name: the same ids.
cat >"$dir/a.html" <<'EOF'
<html><body class="postid-9"><h1 class="entry-title">Tide</h1><div class="entry-content"><p>Water rises.</p></div>
<ol><li id="comment-4" class="comment"><b class="fn">Ann</b><div class="comment-content"><p>Halyard</p></div></li></ol></body></html>
EOF
cp "$dir/a.html" "$dir/b.html"
run "$indexer" build -i "$dir/index" "$dir/a.html"
exits "a page is built" 0
run "$indexer" add -i "$dir/index" "$dir/b.html"
grep -q '^0 added, 0 changed, 2 same' "$dir/out"
report "saved again, all is the same" $?
run "$weft" search -i "$dir/index" halyard
grep -q Ann "$dir/out"
report "and found" $?
run "$indexer" convert --quiet --id-prefix h- "$dir/a.html"
jq -r '[.id, .article // "", .parent // ""] | join(" ")' "$dir/out" >"$dir/ids"
cp "$dir/ids" "$dir/out"
printf 'h-9  \nh-4 h-9 \n' >"$dir/expected"
prints "a prefix stands before each id" <"$dir/expected"
done_testing
