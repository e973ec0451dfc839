#!/bin/sh
# Languages from end to end: what is written in one form is found in another, by the stemmer of its own language.
#
# The texts are our own. What each question finds was worked out by hand from the rules in the comments, not taken from
# the programs.
# shellcheck disable=SC1091,SC1112,SC2034,SC2154 # what client.sh sets and reads; typographic quotes are meant
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/index

# build OPTION... FILE: a new index of it.
build() {
    run "$indexer" build -q -i "$i" "$@"
    exits "build $*" 0
}

# finds QUERY REF...: the first tier is exactly these, in the order of their names.
finds() {
    query=$1
    shift
    run "$weft" search -i "$i" --json --context none --limit 100 -- "$query"
    jq -r '.hits[] | select(.relaxed | not) | .ref' "$dir/out" | LC_ALL=C sort | tr '\n' ' ' >"$dir/got"
    [ "$status" -le 1 ] && [ "$(cat "$dir/got")" = "${*:+$* }" ]
    report "$query finds ${*:-nothing} (got: $(cat "$dir/got"))" $?
}

cat >"$dir/mixed.ndjson" <<'EOF'
{"type":"article","id":"r","lang":"ru","title":"Новости посёлка","body":"Коротко о прошедшей неделе."}
{"type":"comment","id":"r1","article":"r","body":"Ёлка стоит возле почты, соседи довольны."}
{"type":"comment","id":"r2","article":"r","body":"Снегоход нашли в лесах за рекой."}
{"type":"comment","id":"r3","article":"r","body":"Собаку покормили дети, все живы."}
{"type":"article","id":"g","lang":"de","title":"Nachrichten aus Kranstedt","body":"Kurz notiert."}
{"type":"comment","id":"g1","article":"g","body":"Die Straße durch die Wälder bleibt gesperrt."}
{"type":"comment","id":"g2","article":"g","body":"Drei Häuser am Fluß wurden verkauft."}
{"type":"comment","id":"g3","article":"g","body":"Der Bürgermeister schweigt."}
{"type":"article","id":"j","lang":"ja","title":"町の便り","body":"今週のまとめ。"}
{"type":"comment","id":"j1","article":"j","body":"新しい図書館が来月開館します。"}
{"type":"comment","id":"j2","article":"j","body":"データを公開してほしい。"}
{"type":"article","id":"f","lang":"fr","title":"Lettre du village","body":"En bref."}
{"type":"comment","id":"f1","article":"f","body":"L'école n'a plus d'élèves depuis qu'Hélène est partie."}
{"type":"comment","id":"f2","article":"f","body":"Le garçon a mangé les pâtés aujourd’hui."}
{"type":"article","id":"e","lang":"en","title":"Village letter","body":"In short."}
{"type":"comment","id":"e1","article":"e","body":"The lights were burning, the ferries running late."}
{"type":"comment","id":"e2","article":"e","lang":"de","body":"Bei uns brennen die Lichter auch."}
{"type":"comment","id":"e3","article":"e","body":"My neighbour says Ёжик and naïve in one breath."}
EOF
build "$dir/mixed.ndjson"

# Russian: ё is е; a noun in any case and number; capitals.
for q in ёлка елка Ёлка ЁЛКА ЕЛКА ёлки ёлку елкой ёлками; do finds "$q" comment:r1; done
for q in лес леса лесами ЛЕСУ снегоходы снегоходом река реки; do finds "$q" comment:r2; done
for q in собака собаки СОБАКАМ; do finds "$q" comment:r3; done
finds 'ежик' comment:e3
finds 'кошка'

# German: ß is ss, an umlaut its vowel; singular, plural, genitive.
for q in Straße Strasse STRASSE straßen Strassen; do finds "$q" comment:g1; done
for q in Wald Wälder wälder Waldes WÄLDERN; do finds "$q" comment:g1; done
for q in Haus Häuser hauses Fluss Fluß Flüsse; do finds "$q" comment:g2; done
finds 'bürgermeister' comment:g3
finds 'burgermeister' comment:g3
finds 'BÜRGERMEISTERS' comment:g3
finds 'Meister'

# Japanese: one character, two, a whole run; the order counts.
finds '図書館' comment:j1
finds '図書' comment:j1
finds '書館' comment:j1
finds '館' comment:j1
finds '開' comment:j1 comment:j2
finds '公開' comment:j2
finds '開館' comment:j1
finds 'データ' comment:j2
finds 'デー' comment:j2
finds 'ﾃﾞｰﾀ' comment:j2
finds '書図'
finds '"図書館が"' comment:j1
finds '"館図"'

# French: an elided article is none of the word; accents and capitals are left aside; both apostrophes.
for q in école ecole "l'école" "L’ÉCOLE" écoles; do finds "$q" comment:f1; done
for q in élève eleves ÉLÈVES "d'élève" Hélène helene "qu'hélène"; do finds "$q" comment:f1; done
for q in garçon GARCONS pâté pates "aujourd'hui" "aujourd’hui"; do finds "$q" comment:f2; done

# English, beside the others.
for q in light LIGHTS burn burned ferry run; do finds "$q" comment:e1; done
for q in naive Naïve; do finds "$q" comment:e3; done

# A comment in another language than its article has its own stemmer, and its own lang:.
for q in Licht Lichter lichts; do finds "$q" comment:e2; done
finds 'lang:de' article:g comment:e2 comment:g1 comment:g2 comment:g3
finds 'lang:DE licht' comment:e2
finds 'lang:en licht'
finds 'lang:ja' article:j comment:j1 comment:j2
finds 'lang:ru -лес' article:r comment:r1 comment:r3
finds 'лес OR Wald OR 館 OR école OR light' comment:e1 comment:f1 comment:g1 comment:j1 comment:r2
# A phrase is the words as they are written: no other case, but ё is е and ß is ss.
finds '"елка стоит"' comment:r1
finds '"ёлки стоят"'
finds '"STRASSE DURCH DIE WALDER"' comment:g1
finds '"l’école n’a plus"' comment:f1

# The language of the run, for texts that name none.
printf '%s\n' '{"type":"article","id":"g","title":"Kurz notiert","body":"Wälder und Häuser."}' >"$dir/de.ndjson"
printf '%s\n' '{"type":"article","id":"r","title":"Коротко","body":"Собаку видели в лесах."}' >"$dir/ru.ndjson"
build --lang de "$dir/de.ndjson"
finds Waldes article:g
finds 'lang:de' article:g
build --lang en "$dir/de.ndjson"
finds Waldes
finds walder article:g
finds 'lang:en' article:g
build --lang ru "$dir/ru.ndjson"
finds собаками article:r
build --lang en "$dir/ru.ndjson"
finds собаками
finds собаку article:r

# --lang auto finds it from the words; a short comment follows its article.
cat >"$dir/auto.ndjson" <<'EOF'
{"type":"article","id":"r","title":"Мост через реку закрыли на ремонт","body":"Со вторника по старому мосту нельзя проехать на машине. Рабочие обещают закончить до первых морозов, а жители соседней деревни пока ходят в магазин пешком вдоль берега."}
{"type":"comment","id":"r1","article":"r","body":"Моя корова тоже ждёт."}
{"type":"article","id":"g","title":"Die alte Brücke bleibt bis zum Winter gesperrt","body":"Seit Dienstag dürfen keine Autos mehr über die Brücke fahren. Die Arbeiter wollen vor dem ersten Frost fertig werden, und die Leute aus dem Nachbardorf gehen so lange zu Fuß am Ufer entlang einkaufen."}
{"type":"comment","id":"g1","article":"g","body":"Unsere Kühe warten auch."}
{"type":"article","id":"f","title":"Le vieux pont reste fermé jusqu'à l'hiver","body":"Depuis mardi, aucune voiture ne peut plus traverser la rivière. Les ouvriers promettent de finir avant les premières gelées, et les habitants du village voisin vont faire leurs courses à pied le long de la berge."}
{"type":"article","id":"e","title":"The old bridge stays shut until winter","body":"No car has been allowed across the river since Tuesday. The workers promise to be done before the first frost, and the people of the next village walk to the shop along the bank in the meantime."}
{"type":"comment","id":"e1","article":"e","body":"Wir wohnen seit vierzig Jahren auf der anderen Seite des Flusses und haben noch nie so lange auf eine Reparatur gewartet wie dieses Mal."}
EOF
build --lang auto "$dir/auto.ndjson"
finds 'lang:ru' article:r comment:r1
finds 'lang:de' article:g comment:e1 comment:g1
finds 'lang:fr' article:f
finds 'lang:en' article:e
finds коровы comment:r1
finds Kuh comment:g1
finds ouvrier article:f
finds villages article:e article:f
finds reparaturen comment:e1
done_testing
