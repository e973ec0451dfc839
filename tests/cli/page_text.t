#!/bin/sh
# page_text.t - pages saved as text against trees made by hand from the HTML they came from: every comment, who wrote it and what
# it answers, and nothing of the page around them.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
. tests/cli/pages.sh

# tree FILE TABLE FIELDS: the comments of FILE are those of TABLE in these fields.
tree() {
    has "$data/page-text/$1" || return 1
    run "$indexer" convert --quiet --tz Europe/Berlin "$data/page-text/$1"
    exits "$1" 0
    cp "$dir/out" "$dir/records"
    outline <"$dir/records" | cut -f "$3" >"$dir/out"
    sed 1d "tests/cli/pages/$2.tsv" | cut -f "$3" >"$dir/expected"
    prints "$1: comments" <"$dir/expected"
}

# article TEXT: title, author, date, site of the last page.
article() {
    jq -r 'select(.type == "article") | [.title, .author, .date, .site] | join("|")' "$dir/records" >"$dir/out"
    printf '%s\n' "$1" >"$dir/expected"
    prints "its article" <"$dir/expected"
}

# ends FIRST LAST: the beginnings of the first and last line of the last page's article.
ends() {
    jq -r 'select(.type == "article") | .body | split("\n") | .[0][:60], .[-1][:19]' "$dir/records" >"$dir/out"
    printf '%s\n' "$1" "$2" >"$dir/expected"
    prints "its article's first and last words" <"$dir/expected"
}

# clean WORDS...: no comment of the last page has a line that is one of them.
clean() {
    jq -r 'select(.type == "comment") | .body' "$dir/records" >"$dir/out"
    status=0
    for word in "$@"; do
        grep -qxF -e "$word" "$dir/out" && status=1
    done
    report "no button is a comment's text" "$status"
}

# That site writes +02:00 in its HTML all the year, so that three dates in winter differ there by an hour.
tree netzpolitik-abmahnungen.txt netzpolitik 1-4 && {
    article 'Die Cider Connection: Abmahnungen gegen Nutzer von Creative-Commons-Bildern|Markus Reuter|2016-06-23T14:14:00Z|netzpolitik.org'
    ends 'Seit Dezember 2015 verschickt eine Cider Connection zahlreic' 'und Zusammenhänge f'
    clean Antworten
    jq -r 'select(.author == "Rafael") | .date, .body' "$dir/records" >"$dir/all"
    head -n 2 "$dir/all" >"$dir/out"
    prints "a comment with its date" <<'EOF'
2016-06-23T16:47:00Z
Aber Herr S., sie müssen doch jetzt nicht hier trollen, nur weil ihr komisches Geschäftsmodell ins Tageslicht gezerrt wurde.
EOF
    outline <"$dir/records" | cut -f 5 >"$dir/out"
    sed 1d tests/cli/pages/netzpolitik.tsv | cut -f 5 |
        sed 's/2017-01-10T06:46/2017-01-10T07:46/; s/2018-01-01T01:42/2018-01-01T02:42/; s/2018-11-02T12:02/2018-11-02T13:02/' >"$dir/expected"
    prints "all its dates" <"$dir/expected"
    jq -rs '.[-1].body | split("\n")[-1]' "$dir/records" >"$dir/last"
    grep -q '^creative-commons-abzocke-' "$dir/last"
    report "the form below the last comment is not in it" $?
}
tree gormulus-durfen.txt gormulus 1-5 && {
    article '„Das wird man ja wohl noch sagen dürfen!“|Mathias|2012-12-10T23:00:00Z|Gormulus'
    ends 'Dieser Artikel folgt auf einen betont sachlich gehaltenen Be' 'beschriebenen Perso'
    clean 'Antwort ↓' Antwort
    jq -r 'select(.body | startswith("1. Du himmelst")) | .body | split("\n")[] | select(test("^[0-9]"))[:16]' "$dir/records" >"$dir/out"
    prints "a comment's own list stays in it" <<'EOF'
1. Du himmelst d
2. „Statdessen m
3. „Ich weiss, d
EOF
    run "$indexer" convert --quiet "$data/page-text/gormulus-durfen.txt"
    grep -c Heckenschützen "$dir/out" >"$dir/pings"
    [ "$(cat "$dir/pings")" = 0 ]
    report "pingbacks are left out" $?
}
tree lobsters-story.txt lobsters 1-4 && {
    article 'What are you doing this weekend?|caius||'
    ends 'Feel free to tell what you plan on doing this weekend and ev' 'Please keep in mind'
    clean link '[ ]' 7
    jq -r 'select(.author == "erthink") | .body' "$dir/records" >"$dir/out"
    printf '%s\n' 'Implementing C++ binding for libmdbx' >"$dir/expected"
    prints "a comment" <"$dir/expected"
    jq -rs 'map(select(.date)) | length' "$dir/records" >"$dir/out"
    echo 0 >"$dir/expected"
    prints "dates that count from an unknown day are unknown" <"$dir/expected"
}
done_testing
