#!/bin/sh
# weft suggest and weft similar as a person reads them, and what they end with.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh

cat >"$replies" <<'EOF'
{"ok":true,"revision":1,"suggestions":[{"kind":"word","text":"old harbour","count":2},{"kind":"word","text":"old hart","count":1,"typo":true},{"kind":"author","text":"Hara \u001b[31m","count":1},{"kind":"title","text":"Old harbour","count":0,"ref":"article:a"},{"kind":"new","text":"x"}],"partial":false}
EOF
ask "$weft" suggest --limit 7 old harb
exits "completions" 0
prints "one a line, with what the count counts" <<'EOF'
word: old harbour · 2 conversations
word: old hart · 1 conversation (with a slip)
author: Hara �[31m · 1 document
title: Old harbour · 0 comments · article:a
new: x
EOF
asked "the text and the limit" '{"cmd":"suggest","prefix":"old harb","limit":7}'

echo '{"ok":true,"revision":1,"suggestions":[],"partial":false}' >"$replies"
ask "$weft" suggest zz
exits "no completion" 1
prints "said" <<'EOF'
nothing goes on so
EOF
ask "$weft" suggest --json -- -x
exits "as JSON" 1
prints "the reply as it came" <"$replies"
asked "a word with a dash" '{"cmd":"suggest","prefix":"-x"}'

cat >"$replies" <<'EOF'
{"ok":true,"revision":1,"partial":false,"hits":[{"ref":"article:a9","title":"Old harbour","author":"Ann","date":"2020-01-02T03:04:05Z","site":"Post","score":2,"shared":["harbour","silt",7],"thread":{"comments":1}},{"ref":"article:b","stub":true,"score":1,"shared":[],"thread":{"comments":2}}]}
EOF
ask "$weft" similar --limit 2 comment:c1
exits "related conversations" 0
prints "with the words they share" <<'EOF'
Old harbour
  Post · Ann · 2020-01-02 03:04 · 1 comment · article:a9
  shares: harbour, silt

(no headline)
  2 comments · article:b
EOF
asked "the reference" '{"cmd":"similar","ref":"comment:c1","limit":2}'

echo '{"ok":true,"revision":1,"partial":false,"hits":[]}' >"$replies"
ask "$weft" similar article:a
exits "no conversation" 1
prints "said of it" <<'EOF'
no conversation is like it
EOF
echo '{"ok":false,"error":{"code":"not_found","message":"no document '"'article:a'"'"}}' >"$replies"
ask "$weft" similar article:a
exits "a document that is not there" 1
says "and says so" "weft: no document 'article:a'"

for wrong in "suggest" "similar" "similar a b" "suggest --limit 21 x" "similar --limit 0 a" "suggest --sort score x"; do
    # shellcheck disable=SC2086 # words of their own
    run "$weft" $wrong
    exits "'$wrong'" 2
done
done_testing
