#!/bin/sh
# A search as a person reads it: the headline, the ancestors, the hit with a '>' before it, its replies, the totals.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh

cat >"$replies" <<'EOF'
{"ok":true,"revision":12,"total":{"hits":41,"threads":9,"exact":true,"relaxed":0},"warnings":[],"partial":false,"hits":[{"ref":"comment:c7","type":"comment","author":"elmi","date":"2013-05-03T11:57:00Z","depth":2,"snippet":{"text":"The bout ended in a landing that the pride of two nations made worse than the weather ever could, and everybody knew it.","marks":[[4,8],[20,27],[37,42]]},"article":{"ref":"article:a1","title":"Landing at night: how the whole fleet came home through the fog after a long and cold voyage","date":"2013-05-03T08:00:00Z","site":"Military Review","marks":[[0,7]]},"ancestors":[{"ref":"comment:c1","author":"T-100","date":"2013-05-03T09:00:00Z","depth":0,"snippet":{"text":"I believe that the first comment under an article should be read with care","marks":[]}},{"ref":"comment:c2","removed":true,"depth":1}],"omitted":0,"replies":{"direct":3,"all":5,"first":[{"ref":"comment:c9","author":"patline","date":"2013-05-03T12:00:00Z","snippet":{"text":"Agreed.","marks":[]}},{"ref":"comment:c10","author":"Reasonable, 2,3","snippet":{"text":"Not at all.","marks":[]}}]},"quotes":[{"of":"comment:c3","author":"patline","text":"they will not help us"},{"of":"article:a1","text":"the fog"}],"thread":{"comments":31,"matched":4}},{"ref":"comment:c8","type":"comment","depth":0,"snippet":{"text":"Second in the same thread","marks":[]},"article":{"ref":"article:a1","title":"Landing at night","marks":[]},"ancestors":[],"replies":{"direct":1,"all":1,"first":[]},"quotes":[],"thread":{"comments":31,"matched":4}},{"ref":"article:a2","type":"article","title":"Pride of the landing","title_marks":[[0,5]],"author":"A. Writer","site":"The Gazette","snippet":{"text":"Body of it.","marks":[]},"replies":{"direct":0,"all":0},"thread":{"comments":1}}]}
EOF
ask "$weft" search bout landing pride
exits "hits" 0
prints "a hit stands in its thread, at most 80 columns wide" <<'EOF'
Landing at night: how the whole fleet came home through the fog after a long and
cold voyage
Military Review · 2013-05-03 08:00 · 31 comments, 4 matched
  T-100 · 2013-05-03 09:00 · I believe that the first comment under an article…
    [removed]
>     elmi · 2013-05-03 11:57 · 3 replies (5 in all) · comment:c7
>     The bout ended in a landing that the pride of two nations made worse than
>     the weather ever could, and everybody knew it.
>     quoting patline: "they will not help us"
>     quoting the article: "the fog"
        patline · 2013-05-03 12:00 · Agreed.
        Reasonable, 2,3 · Not at all.
        (1 more)

> (no name) · 1 reply · comment:c8
> Second in the same thread

> Pride of the landing
> The Gazette · A. Writer · 1 comment · article:a2
> Body of it.

41 hits in 9 threads; shown are 1 to 3
EOF
asked "the words are one query" '{"cmd":"search","q":"bout landing pride"}'

ask "$weft" search --color always bout
esc=$(printf '\033')
grep -qF "The ${esc}[1;31mbout${esc}[0m ended" "$dir/out"
report "--color always marks the matched words" $?
[ ! -s "$dir/err" ]
report "nothing on stderr" $?
sed "s/${esc}\[[0-9;]*m//g" "$dir/out" >"$dir/uncoloured"
ask "$weft" search bout
cmp -s "$dir/uncoloured" "$dir/out"
report "colours change nothing else, and in a pipe there are none" $?

ask "$weft" search --json bout
cmp -s "$replies" "$dir/out"
report "--json is the reply as it came" $?

# Hits that match some of the words, a deep one, a partial answer.
cat >"$replies" <<'EOF'
{"ok":true,"total":{"hits":1000,"threads":120,"exact":false,"relaxed":2},"partial":true,"hits":[{"ref":"comment:a","type":"comment","author":"x","snippet":{"text":"one"},"article":{"ref":"article:1","title":"T"}},{"ref":"comment:b","type":"comment","relaxed":true,"author":"y","snippet":{"text":"two"},"article":{"ref":"article:1","title":"T"},"ancestors":[{"author":"root","snippet":{"text":"r"}},{"author":"near","snippet":{"text":"n"}}],"omitted":20},{"ref":"comment:c","type":"comment","relaxed":true,"author":"z","snippet":{"text":"three"}}]}
EOF
ask "$weft" search --limit 3 --offset 10 --sort newest --type comment --context line --snippet 100 --totals exact --tz Europe/Berlin one -- -two
prints "relaxed hits stand apart, under their headline again" <<'EOF'
T
> x · comment:a
> one

-- matching only some of the words --

T
  root · r
    (20 more between)
    near · n
>     y · comment:b
>     two

> z · comment:c
> three

at least 1000 hits in 120 threads, 2 more with only some of the words (time ran
out: there may be more); shown are 11 to 13
EOF
asked "the options are the keys of the request, -- lets a word start with -" \
    '{"cmd":"search","q":"one -two","tz":"Europe/Berlin","type":"comment","sort":"newest","context":"line","totals":"exact","limit":3,"offset":10,"snippet":100}'

# What strangers wrote must not command the terminal.
printf '%s\n' '{"ok":true,"total":{"hits":1,"threads":1},"hits":[{"ref":"comment:a\u001b[2J","type":"comment","author":"e\u001b]0;x\u0007vil\u202e","date":"\u001b[31m","snippet":{"text":"a\u009bb\u0000c\u007fd\ne\r"},"article":{"ref":"article:1","title":"\u001b[5mT","site":"\u0008s"},"ancestors":[{"author":"\u001bc","snippet":{"text":"\u001b[1A"}}],"quotes":[{"author":"\u001b","text":"\u001b"}]}]}' >"$replies"
ask "$weft" search x
LC_ALL=C grep -q "[$(printf '\001-\010\013-\037\177')]" "$dir/out"
[ $? -eq 1 ]
report "no control character of a text is printed" $?
grep -qF "> " "$dir/out" && ! grep -qF "$(printf '\302\233')" "$dir/out" && ! grep -qF "$(printf '\342\200\256')" "$dir/out"
report "nor a C1 control, nor a right-to-left override" $?

# Warnings.
printf '%s\n' '{"ok":true,"total":{"hits":1,"threads":1},"hits":[{"ref":"comment:a"}],"warnings":[{"message":"no field '"'foo'"'","at":9},{"message":"old"}]}' >"$replies"
ask "$weft" search гор foo:x
says "a warning is on stderr" "weft: warning: no field 'foo'"
says "one without a position too" "weft: warning: old"
# "гор " is 7 bytes and 4 columns; byte 9 is the second letter after foo's f
sed -n 3p "$dir/err" | grep -qx "          ^"
report "the caret stands under the character, counted in columns" $?

printf '%s\n' '{"ok":true,"total":{"hits":0,"threads":0,"exact":true},"hits":[]}' >"$replies"
ask "$weft" search nothing
exits "no hits" 1
prints "no hits" <<'EOF'
0 hits in 0 threads
EOF
# Groups: by author a line says whose; by thread the headline does.
cat >"$replies" <<'EOF'
{"ok":true,"total":{"hits":9,"threads":3,"exact":true,"groups":5},"hits":[{"ref":"comment:a","type":"comment","author":"Ann","snippet":{"text":"one"},"article":{"ref":"article:1","title":"T"},"group":{"key":"ann","matched":4}},{"ref":"comment:b","type":"comment","author":"ANN","snippet":{"text":"two"},"article":{"ref":"article:1","title":"T"},"group":{"key":"ann","matched":4}},{"ref":"comment:c","type":"comment","snippet":{"text":"three"},"article":{"ref":"article:1","title":"T"},"group":{"key":null,"matched":1}},{"ref":"comment:d","type":"comment","snippet":{"text":"four"},"article":{"ref":"article:1","title":"T"},"group":{"key":null,"matched":1}}]}
{"ok":true,"total":{"hits":2,"threads":1,"exact":true,"groups":1},"hits":[{"ref":"comment:a","type":"comment","author":"Ann","snippet":{"text":"one"},"article":{"ref":"article:1","title":"T"},"thread":{"comments":7,"matched":2},"group":{"key":"article:1","matched":2}},{"ref":"comment:b","type":"comment","snippet":{"text":"two"},"article":{"ref":"article:1","title":"T"},"group":{"key":"article:1","matched":2}}]}
EOF
ask "$weft" search --group author --group-hits 2 --offset 2 soup
prints "groups by author" <<'EOF'
-- Ann: 4 hits --
T
> Ann · comment:a
> one

> ANN · comment:b
> two

> (no name) · comment:c
> three

> (no name) · comment:d
> four

9 hits in 3 threads; shown are groups 3 to 5
EOF
asked "--group and --group-hits are keys of the request" '{"cmd":"search","q":"soup","group":"author","group_hits":2,"offset":2}'
sed -i 1d "$replies"
ask "$weft" search --group thread soup
prints "groups by thread" <<'EOF'
T
7 comments, 2 matched
> Ann · comment:a
> one

> (no name) · comment:b
> two

2 hits in 1 thread
EOF

# On from a cursor nobody knows how many hits are before; what date and votes give stands in the explanation.
printf '%s\n' '{"ok":true,"total":{"hits":9,"threads":1,"exact":true},"moved":true,"hits":[{"ref":"comment:a","type":"comment","score":3,"author":"Ann","snippet":{"text":"one"},"explain":{"bag":2.0,"recency":0.25,"votes":0.75}}]}' >"$replies"
ask "$weft" search --cursor Zm9v --recency 20 --recency-days 7 --votes 30 --explain soup
prints "on from a cursor" <<'EOF'
> Ann · comment:a
> one
  score 3.000 = bag 2.000 + recency 0.250 + votes 0.750

9 hits in 1 thread (the index changed since the page before)
EOF
asked "--cursor, --recency and --votes are keys of the request" '{"cmd":"search","q":"soup","cursor":"Zm9v","recency":20,"recency_days":7,"votes":30,"explain":1}'

# Facets, a line each, also with a name that would command the terminal.
printf '%s\n' '{"ok":true,"total":{"hits":0,"threads":0,"exact":true},"hits":[],"facets":{"author":[["Ann\u001b[2J",3],["bob",1]],"tag":[],"month":[["2013-05",4],["x"],7]},"facets_exact":false}' >"$replies"
ask "$weft" search --facets author,tag,month soup
prints "facets" <<'EOF'
0 hits in 0 threads
author: Ann�[2J 3, bob 1
month: 2013-05 4, x 0, 0
(not every hit was counted for these)
EOF
asked "--facets is the key of the request" '{"cmd":"search","q":"soup","facets":"author,tag,month"}'

printf '%s\n' '{"ok":true,"total":{"hits":1,"threads":1,"exact":true}}' '{"ok":true,"total":{"hits":0,"threads":0,"exact":true}}' >"$replies"
ask "$weft" count x
exits "count of hits" 0
prints "count" <<'EOF'
1 hit in 1 thread
EOF
sed -i 1d "$replies"
ask "$weft" count x
exits "count of none" 1
done_testing
