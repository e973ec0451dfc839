#!/bin/sh
# A whole thread as an indented tree, page after page; records and status as "key: value" lines.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh

cat >"$replies" <<'EOF'
{"ok":true,"revision":1,"article":{"ref":"article:a1","title":"Landing at night","author":"An Editor","date":"2013-05-03T08:00:00Z","url":"http://example.org/a1","site":"The Gazette","body":"First paragraph of the article, long enough to be broken into two lines at eighty columns.\n\n\nSecond one."},"comments":[{"ref":"comment:c1","author":"T-100","date":"2013-05-03T09:00:00Z","depth":0,"parent":null,"body":"Root.","replies":1},{"ref":"comment:c2","removed":true,"depth":1}],"total":4,"offset":0,"truncated":true}
{"ok":true,"revision":1,"article":{"ref":"article:a1","title":"Landing at night"},"comments":[{"ref":"comment:c3","author":"elmi","depth":2,"parent":"comment:c2","body":"Line one\nline two","cut":true,"at":true},{"ref":"comment:c4","depth":200,"body":"Deep."}],"total":4,"offset":2,"truncated":false}
EOF
ask "$weft" thread comment:c3
exits "a thread" 0
prints "a thread is a tree, the comment asked for is pointed at" <<'EOF'
Landing at night
The Gazette · An Editor · 2013-05-03 08:00 · article:a1
http://example.org/a1

First paragraph of the article, long enough to be broken into two lines at
eighty columns.

Second one.

4 comments

  T-100 · 2013-05-03 09:00 · comment:c1
  Root.

    [removed]

>     elmi · comment:c3
>     Line one
>     line two
>     (cut: weft get comment:c3 shows all)

                                          (no name) · depth 200 · comment:c4
                                          Deep.
EOF
cat >"$dir/want" <<'EOF'
{"cmd":"thread","ref":"comment:c3","limit":100,"offset":0}
{"cmd":"thread","ref":"comment:c3","limit":100,"offset":2}
EOF
cmp -s "$dir/want" "$dir/requests"
report "it goes on where a page ended" $?

ask "$weft" thread --limit 2 comment:c3
asked "--limit asks for one page" '{"cmd":"thread","ref":"comment:c3","limit":2}'
[ "$(wc -l <"$dir/requests")" -eq 1 ]
report "and for one only" $?
ask "$weft" thread --json comment:c3
head -n 1 "$replies" | cmp -s - "$dir/out"
report "--json is the first reply as it came" $?

# A server that promises more than it has does not hold the client for ever.
printf '%s\n' '{"ok":true,"article":{"stub":true,"ref":"article:s"},"comments":[],"total":9,"offset":0,"truncated":true}' >"$replies"
ask "$weft" thread article:s
exits "a page without comments ends the thread" 0
grep -qxF "(the article did not come)" "$dir/out"
report "a stub says so" $?

printf '%s\n' '{"ok":false,"error":{"code":"not_found","message":"no comment '"'x'"'"}}' >"$replies"
ask "$weft" thread comment:x
exits "no such thread" 1
says "and says so" "weft: no comment 'x'"

cat >"$replies" <<'EOF'
{"ok":true,"doc":{"type":"comment","id":"c7","article":"a1","author":"Reasonable, 2,3","score":12,"tags":["a","b"],"body":"First\u001b[31m\n\nSecond"},"depth":3,"parent_ref":"comment:c2","replies":2}
EOF
ask "$weft" get comment:c7
exits "a record" 0
prints "a record is its keys and its body" <<'EOF'
type: comment
id: c7
article: a1
author: Reasonable, 2,3
score: 12
tags: a, b
depth: 3
parent_ref: comment:c2
replies: 2

First�[31m

Second
EOF
asked "get asks by reference" '{"cmd":"get","ref":"comment:c7"}'

cat >"$replies" <<'EOF'
{"ok":true,"revision":12,"articles":3,"comments":41,"languages":["en","ru"],"workers":2}
EOF
ask "$weft" status
exits "status" 0
prints "status is key: value lines" <<'EOF'
revision: 12
articles: 3
comments: 41
languages: en, ru
workers: 2
EOF
printf '%s\n' '{"ok":true,"server":"weft-searchd","protocol":1,"limits":{"hits":100,"window":10000}}' >"$replies"
ask "$weft" hello
prints "hello too, objects in it with a dot" <<'EOF'
server: weft-searchd
protocol: 1
limits.hits: 100
limits.window: 10000
EOF
done_testing
