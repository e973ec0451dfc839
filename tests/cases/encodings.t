#!/usr/bin/perl
# encodings.t - texts in every script and in the wrong bytes: found by what a reader would type, and always valid UTF-8.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use Encode ();
use Test::More;
use Cases;

given('005', sub {
    my $x = Cases->new;
    local $ENV{XAPIAN_CJK_NGRAM} = '1';    # of the indexer only: it has to change nothing
    is($x->build("$Cases::SHARED/005/in.ndjson")->{status}, 0, 'built');
    delete local $ENV{XAPIAN_CJK_NGRAM};
    my %want = ('デー' => 'c1', 'データ' => 'c1', '手続き' => 'c2', '手' => 'c2');
    is($x->found($_), $want{$_}, $_) for sort keys %want;
});

given('037', sub {
    my ($dir) = generated(@_);
    my $x = Cases->new;
    my $run = $x->build("$dir/mixed.ndjson");
    is($run->{status}, 0, 'bytes that are not UTF-8 refuse nothing');
    like($run->{err}, qr/^weft-indexer: 1 records had bytes that are not UTF-8.*--charset/m, 'one record counted, with a hint');
    is($x->found('причал'), 'c1', 'the good line is found');
    is($x->found('lighter'), 'c2', 'and so is the other');
    is($x->get('comment:c2')->{body}, "caf\x{FFFD} lighter \x{FFFD}quoted\x{FFFD}", 'one U+FFFD a bad sequence');
    $x = Cases->new;
    is($x->build('--charset=windows-1251', "$dir/cp1251.ndjson")->{status}, 0, 'by its charset');
    is($x->found('причал'), 'c1', '... the word is found');
    is($x->found('author:Иван'), 'c1', '... and the author');
});

given('047', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/047/in.ndjson");
    is($x->found('plants'), 'c1', 'plants');
    for my $q ('👍🏽', '👍', '🏽', '❤️', '🌱') {
        my $reply = $x->search($q);
        is_ok($reply, "answered: $q");
        ok(@{$reply->{hits}} == 1 || warned($reply, qr/no searchable words/), '... by what has it, or by saying so') or diag explain $reply;
    }
});

given('061', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/061/in.ndjson");
    my %want = ("don't" => 'c1 c2 c3', 'don’t' => 'c1 c2 c3', 'donʼt' => 'c1 c2 c3', 'children' => 'c4', 'childrens' => 'c4', 'abc' => 'c5');
    is($x->found($_), $want{$_}, $_) for sort keys %want;
});

given('067', sub {
    my ($dir) = generated(@_);
    my $x = Cases->new;
    my $run = $x->build("$dir/in.ndjson");
    like($run->{err}, qr/^weft-indexer: 1 records look like UTF-8 encoded twice.*--fix-mojibake/m, 'named as suspicious');
    is($x->found('étagère'), '', 'not mended in silence');
    $x = Cases->new;
    is($x->build('--fix-mojibake', "$dir/in.ndjson")->{status}, 0, 'mended when asked');
    is($x->found('étagère'), 'c1', '... and found');
});

given('083', sub {
    my $x = Cases->new;
    my $run = $x->build("$Cases::SHARED/083/in.ndjson");
    is($run->{status}, 1, 'some refused');
    is($x->found('anchorword'), 'c1', 'a NUL in a body hides nothing');
    is($x->get('comment:c1')->{body}, 'before after anchorword', '... it is a space');
    like($run->{err}, qr/in\.ndjson:3: .*(NUL|control)/, 'an id with a NUL is refused by its line');
    like($run->{err}, qr/in\.ndjson:4: .*NUL in a key/, 'and a key');
    is($x->stats->{comments}, 1, 'nothing else came in');
});

# ---- our own, of the same kinds ----
subtest 'scripts without spaces are found by one character, two, and all' => sub {
    my $x = Cases->new;
    $x->build(
        article('a1', '港口新闻', lang => 'zh', body => '部长们在港务局会面。'),
        comment('z1', '中国经济发展很快,但是面包太贵'),
        comment('z2', '發電廠關閉了'),
        comment('j1', 'カタカナとひらがなを混ぜた文章です', lang => 'ja'),
        comment('j2', 'ﾃﾞｰﾀ処理', lang => 'ja'),
        comment('k1', '한국어 검색이 됩니다', lang => 'ko'),
        comment('m1', 'mixed 東京tower text'),
        comment('e1', 'plain words 𠮷野家', lang => 'en'),
    );
    my %want = (
        '经' => 'z1', '经济' => 'z1', '济发' => 'z1', '中国经济发展' => 'z1', '经济 面包' => 'z1', '"经济发展"' => 'z1', '展发' => '', '"发展经济"' => '',
        '關' => 'z2', '電廠' => 'z2', '港口' => 'article:a1', '港' => 'article:a1', 'カ' => 'j1', 'タカ' => 'j1', 'ひらがな' => 'j1', '混' => 'j1',
        'データ' => 'j2', 'デー' => 'j2', '処' => 'j2', '검색' => 'k1', '색이' => 'k1', '한' => 'k1', '東' => 'm1', '東京' => 'm1', 'tower' => 'm1',
        '東京tower' => 'm1', '𠮷' => 'e1', '𠮷野' => 'e1', '野家' => 'e1', '京東' => '',
    );
    is($x->found($_), $want{$_}, $_) for sort keys %want;
    is($x->end, 0, 'the server ends well');
};

# 20 lines are judged, 19 are not; half of them may be bad, more may not.
sub lines_in {
    my ($charset, $bad, $good) = @_;
    my @bad  = map { Encode::encode($charset, qq({"type":"comment","id":"b$_","article":"a1","body":"\x{43F}\x{440}\x{438}\x{447}\x{430}\x{43B} $_"}\n)) } 1 .. $bad;
    my @good = map { qq({"type":"comment","id":"g$_","article":"a1","body":"plain $_"}\n) } 1 .. $good;
    return join '', @bad, @good;
}

subtest 'a file in another charset is refused whole, with what to do' => sub {
    for ([20, 0, 1], [19, 0, 0], [10, 10, 0], [11, 9, 1], [11, 10, 1], [500, 499, 1], [1, 30, 0], [0, 30, 0]) {
        my ($bad, $good, $refused) = @$_;
        my $bytes = lines_in('cp1251', $bad, $good);
        my $x = Cases->new;
        my $run = $x->build(\$bytes, article('a1', 'T'));
        is($run->{status}, $refused, "$bad lines of windows-1251, $good of UTF-8");
        $refused ? like($run->{err}, qr/not UTF-8.*--charset/, '... the hint') : unlike($run->{err}, qr/not UTF-8:/, '... taken');
        is($x->stats->{comments}, $refused ? 0 : $bad + $good, '... and all or nothing of it is there');
    }
    my %name = ('windows-1251' => 'cp1251', 'koi8-r' => 'koi8-r', 'utf-16le' => 'UTF-16LE');
    for my $charset (sort keys %name) {
        my $bytes = lines_in($name{$charset}, 30, 0);
        my $x = Cases->new;
        is($x->build("--charset=$charset", \$bytes)->{status}, 0, "read as $charset");
        is($x->search('причал')->{total}{hits}, 30, '... all is found');
    }
    my $alone = lines_in('cp1251', 30, 0);
    is(Cases->new->build(\$alone)->{status}, 2, 'nothing else to read');
    my $x = Cases->new;
    is($x->build('--charset=utf-8', \$alone)->{status}, 0, 'read as it is when told to');
    is($x->stats->{comments}, 30, '... and kept');
    is(Cases->new->build('--charset=klingon', \$alone)->{status}, 2, 'a charset nobody knows is a usage error');
};

subtest 'one U+FFFD for each bad sequence, and the record stays' => sub {
    my %want = (
        "a\xFFb" => "a\x{FFFD}b", "a\xC3b" => "a\x{FFFD}b", "\x80" => "\x{FFFD}", "a\xE2\x82b" => "a\x{FFFD}b", "\xC0\xAF" => "\x{FFFD}\x{FFFD}",
        "\xED\xA0\x80" => "\x{FFFD}\x{FFFD}\x{FFFD}", "\xF0\x9F\x98x" => "\x{FFFD}x", "\xF4\x90\x80\x80" => "\x{FFFD}" x 4,
        "end\xE2" => "end\x{FFFD}", "\xC3\xA9t\xE9" => "\x{E9}t\x{FFFD}",
    );
    my ($bytes, $n, @want) = ('', 0);
    for my $body (sort keys %want) {
        $bytes .= qq({"type":"comment","id":"c$n","article":"a1","body":"w $body"}\n);
        push @want, "w $want{$body}";
        $n++;
    }
    my $x = Cases->new;
    my $run = $x->build(\$bytes);
    like($run->{err}, qr/: $n records had bytes/, 'each is counted');
    is($x->get("comment:c$_")->{body}, $want[$_], "body $_") for 0 .. $#want;
    my $export = $x->indexer('export');
    is(scalar(() = $export->{out} =~ /"type":"comment"/g), $n, 'all exported');
    my $bytes_out = Encode::encode('UTF-8', $export->{out});
    ok(eval { Encode::decode('UTF-8', $bytes_out, Encode::FB_CROAK); 1 }, 'as valid UTF-8');
};

subtest 'UTF-8 encoded twice, in some languages' => sub {
    my @texts = ('Garçon étagère', 'größer als möglich', 'señor mañana', 'причал закрыт', 'it’s “quoted” – so', 'naïve €5 café');
    my @found = qw(étagère möglich mañana закрыт quoted naïve);
    for my $i (0 .. $#texts) {
        my $twice = Encode::decode('latin1', Encode::encode('UTF-8', $texts[$i]));
        my $x = Cases->new;
        like($x->build(comment('c1', $twice))->{err}, qr/1 records look like UTF-8 encoded twice/, "suspected: $texts[$i]");
        is($x->get('comment:c1')->{body}, $twice, '... kept as it is') if $twice !~ /[\x80-\x9F]/;
        $x = Cases->new;
        $x->build('--fix-mojibake', comment('c1', $twice, author => $twice));
        is($x->get('comment:c1')->{body}, $texts[$i], '... and mended');
        is($x->found($found[$i]), 'c1', '... and found');
    }
    my $x = Cases->new;
    my @right = ('Ãngström? no: Ångström', 'SÃO PAULO', 'é è ê', 'naïve café', 'цена «хлеба»', 'Â', '© 2013 — ½');
    my $run = $x->build('--fix-mojibake', map { comment("c$_", $right[$_]) } 0 .. $#right);
    is($x->get("comment:c$_")->{body}, $right[$_], "left alone: $right[$_]") for 0 .. $#right;
};

subtest 'apostrophes of every shape, or none' => sub {
    my @marks = ("'", '’', 'ʼ', '‘', '＇', "\x{2BB}", "\x{2032}");
    my $x = Cases->new;
    $x->build(
        (map { comment("d$_", "we won$marks[$_]t go") } 0 .. 3),
        (map { comment("f$_", "voici l$marks[$_]histoire", lang => 'fr') } 0 .. 2),
        (map { comment("u$_", "на об$marks[$_]єкті", lang => 'uk') } 0 .. 2),
        comment('p1', 'the sailors’ boats'), comment('p2', "O'Brien wrote"), comment('p3', "BBC's report"), comment('p4', "rock 'n' roll 'quoted' words"),
        comment('p5', "NATO'49 treaty"),
    );
    for my $mark (@marks[0 .. 3]) {
        is($x->found("won${mark}t"), 'd0 d1 d2 d3', "won${mark}t");
        is($x->found("об${mark}єкті"), 'u0 u1 u2', "об${mark}єкті");
    }
    my %want = ('sailor' => 'p1', 'sailors' => 'p1', "o'brien" => 'p2', 'OʼBrien' => 'p2', 'bbc' => 'p3', "BBC's" => 'p3', 'BBC’s' => 'p3',
        'quoted' => 'p4', "'quoted'" => 'p4', 'nato' => 'p5', 'histoire' => 'f0 f1 f2', "l'histoire" => 'f0 f1 f2', 'l’histoire' => 'f0 f1 f2');
    is($x->found($_), $want{$_}, $_) for sort keys %want;
};

subtest 'words that emoji touch' => sub {
    my $x = Cases->new;
    $x->build(comment('c1', 'start🚢harbour🌊end'), comment('c2', '👨‍👩‍👧‍👦family'), comment('c3', '🇩🇪flags🇫🇷'), comment('c4', '1️⃣first'),
        comment('c5', '🔥пожар🔥'), comment('c6', '😀'), comment('c7', 'nothing here'));
    my %want = (start => 'c1', harbour => 'c1', end => 'c1', family => 'c2', flags => 'c3', first => 'c4', 'пожар' => 'c5', '🚢harbour' => 'c1');
    is($x->found($_), $want{$_}, $_) for sort keys %want;
    for my $q ('🚢', '👨‍👩‍👧‍👦', '🇩🇪', '1️⃣', '😀', '🦀', '😀😀', "\x{FE0F}", "\x{200D}", '🏽') {
        my $reply = $x->search($q);
        is_ok($reply, "answered: $q");
        ok(@{$reply->{hits}} < 7, '... and never by everything');
    }
};

subtest 'NULs inside strings' => sub {
    my $x = Cases->new;
    my $run = $x->build(article('a1', "head\0line"), comment('c1', "\0start\0\0middle\0"), comment('c2', 'fine', author => "An\0n"),
        comment("c2\0", 'overwritten'), comment("\0", 'no'), comment('c3', 'no', article => "a1\0"), comment('c4', 'no', parent => "c1\0"),
        {%{comment('c5', 'no')}, "au\0thor" => 'x'}, {%{comment('c6', 'no')}, "\0" => 1});
    is($run->{status}, 1, 'some refused');
    like($run->{err}, qr/:$_: /, "line $_ is") for 4 .. 9;
    is($x->stats->{comments}, 2, 'two stay');
    is($x->found($_), 'c1', "$_ is found") for qw(start middle);
    is($x->found('headline'), '', 'a NUL parts words');
    is($x->found('line'), 'article:a1', '... and hides none');
    is($x->found('fine'), 'c2', 'nothing overwrote c2');
};
done_testing;
