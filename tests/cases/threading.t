#!/usr/bin/perl
# threading.t - removed parents, replies of replies, and whose words a quote holds.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use Test::More;
use Cases;

# The ancestors of a hit: their ids, a removed one in brackets.
sub above {
    my ($x, $ref, @query) = @_;
    my $hit = $x->hit($ref, @query) or return "no hit $ref";
    return join ' ', map { my $id = $_->{ref} =~ s/^comment://r; $_->{removed} ? "[$id]" : $id } @{$hit->{ancestors}};
}

# What the hit quotes: "id author: text".
sub quotes_of {
    my ($x, $ref, @query) = @_;
    my $hit = $x->hit($ref, @query) or return "no hit $ref";
    return join '; ', map { join ' ', $_->{of} // '-', ($_->{author} // '-') . ':', $_->{text} } @{$hit->{quotes}};
}

given('003', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/003/in.ndjson");
    is(above($x, 'comment:c3', 'bowsprit'), 'c1 [c2]', 'the removed one stands in its place');
    my $hit = $x->hit('comment:c3', 'bowsprit');
    is($hit->{article}{ref}, 'article:a1', 'under its article');
    is_deeply([sort keys %{$hit->{ancestors}[1]}], [qw(depth ref removed)], 'nothing is said of it');
    is($x->search('secretword')->{total}{hits}, 0, 'its words are found nowhere');
    unlike(Cases::lines_of($x->search('bowsprit'), $x->ask({cmd => 'thread', ref => 'comment:c3'})), qr/secretword/, '... and told nowhere');
});

given('043', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/043/bb.ndjson");
    is(quotes_of($x, 'comment:c2', 'yardarm'), 'comment:c1 Plain, 2,3: They will not help us.', 'a name with commas');
    is(quotes_of($x, 'comment:c3', 'no'), q(comment:c2 Ann's "dog" & co: x: Agreed), 'a name with quotes and an apostrophe');
    is($x->found('author:"Plain, 2,3"'), 'c1', 'found by the whole name');
    is($x->found('"they will not help us"'), 'c1', 'the words are the first writer\'s');
    is($x->found('quote:"they will not help us"'), 'c2', '... and a quote of the second');
    $x = Cases->new;
    $x->build("$Cases::SHARED/043/page.txt");
    my ($first) = map { $_->{ref} } $x->hits('author:"Plain, 2,3"');
    my ($hit) = $x->hits('"agencies always traded notes"');
    is($hit->{author}, q(Ann's "dog" & co: x), 'the page: the name as a whole');
    is(join('; ', map {"$_->{of} $_->{author}: $_->{text}"} @{$hit->{quotes}}), "$first Plain, 2,3: They will not help us.", '... its quote');
    is($hit->{ancestors}[0]{ref}, $first, '... and its place');
});

given('089', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/089/in.ndjson");
    my $thread = $x->ask({cmd => 'thread', ref => 'comment:c1'});
    is_deeply([map { "$_->{ref} $_->{depth}" } @{$thread->{comments}}], [map { 'comment:c' . ($_ + 1) . " $_" } 0 .. 3], 'all levels, in order');
    is_deeply([@{$x->hit('comment:c1', 'cleat')->{replies}}{qw(direct all)}], [1, 3], 'all replies count');
    is(above($x, 'comment:c4', 'after:2013-05-20'), 'c1 c2 c3', 'older ancestors are shown above a newer hit');
    is($x->found('after:2013-05-20'), 'c4', '... and are no hits');
});

given('101', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    is($x->build(\$printed)->{status}, 0, 'built');
    is($x->found('gunwale'), 'c1', 'behind an open tag: own');
    is($x->found('open forever'), 'c1', '... all of it');
    is($x->found('thwart'), 'c3', 'behind nested quotes: own');
    is($x->found('mid'), '', 'inside: not');
    is($x->found('quote:in'), 'c3', '... but a quote');
    is($x->stats->{comments}, 3, 'all three are there');
});

given('113', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/113/in.ndjson");
    my %want = (halyards => 'c1', rudder => 'c1', said => 'c1', knots => 'c2', depth => 'c2', short => '', second => '', 'quote:short' => 'c1', 'quote:second' => 'c1',
        'quote:knots' => '', 'quote:halyards' => '');
    is($x->found($_), $want{$_}, $_) for sort keys %want;
});

# ---- our own, of the same kinds ----
subtest 'removed comments with replies keep their place' => sub {
    my %how = (deleted => {deleted => JSON::PP::true()}, status => {status => 'deleted'}, hidden => {status => 'hidden'}, pending => {status => 'pending'});
    for my $how (sort keys %how) {
        my $x = Cases->new;
        $x->build(article('a1', 'Мост', lang => 'ru'),
            comment('c1', 'тайна', author => 'Невидимка', %{$how{$how}}), comment('c2', 'ответ', parent => 'c1'),
            comment('c3', 'тайна два', parent => 'c2', author => 'Невидимка', %{$how{$how}}), comment('c4', 'тайна три', parent => 'c3', %{$how{$how}}),
            comment('c5', 'глубокий ответ', parent => 'c4', date => '2020-01-01T00:00:00Z'), comment('c6', 'тайна четыре', parent => 'c2', %{$how{$how}}));
        is(above($x, 'comment:c5', 'глубокий'), '[c1] c2 [c3] [c4]', "$how: in its place");
        is($x->found('тайна'), '', '... not found');
        is($x->found('author:Невидимка'), '', '... not by the author');
        is_deeply([@{$x->stats}{qw(comments places)}], [2, 3], '... a place when it has replies, else nothing');
        is($x->ask({cmd => 'get', ref => 'comment:c6'})->{error}{code}, 'not_found', '... the leaf is gone');
        my $everything = Cases::lines_of($x->search('ответ'), $x->ask({cmd => 'thread', ref => 'article:a1'}), $x->ask({cmd => 'get', ref => 'comment:c5'}));
        utf8::decode($everything);
        unlike($everything, qr/тайна|Невидимка/, '... told nowhere');
        my $export = $x->indexer('export')->{out};
        unlike($export, qr/тайна|Невидимка/, '... nor exported');
    }
    my $x = Cases->new;
    $x->build(article('a1', 'T'), comment('c1', 'mizzen root'), comment('c2', 'keel', parent => 'c1'), comment('c3', 'sprit', parent => 'c2'));
    $x->indexer('delete', 'comment:c2');
    is(above($x, 'comment:c3', 'sprit'), 'c1 [c2]', 'removed later: in its place');
    is($x->found('keel'), '', '... not found');
    is($x->found('keel sprit'), '', '... its words are no context of the reply');
    $x->indexer('delete', 'comment:c3');
    is_deeply([@{$x->stats}{qw(comments places)}], [1, 0], 'without replies nothing is left of it');
    is($x->hit('comment:c1', 'mizzen')->{replies}{direct}, 0, '... and it is counted nowhere');
};

subtest 'every level above and below' => sub {
    my $x = Cases->new;
    $x->build(article('a1', 'T'), map { comment("c$_", "cleat$_", $_ > 1 ? (parent => 'c' . ($_ - 1)) : (), date => sprintf('20%02d-01-01T00:00:00Z', 40 - $_)) } reverse 1 .. 10);
    is(above($x, 'comment:c10', 'cleat10'), 'c1 c2 c3 c4 c5 c6 c7 c8 c9', 'a reply older than all above');
    is($x->hit('comment:c1', 'cleat1')->{replies}{all}, 9, 'all replies of the first');
    is_deeply([map { $_->{depth} } @{$x->ask({cmd => 'thread', ref => 'comment:c5'})->{comments}}], [0 .. 9], 'the thread in order');
    is($x->found('date:2030'), 'c10', 'a filter takes the one');
    is(above($x, 'comment:c10', 'before:2031'), 'c1 c2 c3 c4 c5 c6 c7 c8 c9', '... and shows the others above it');
    is($x->found('under:c7'), 'c10 c8 c9', 'under one of them');
    $x = Cases->new;
    $x->build(article('a1', 'T'), comment('p', 'root'), map { comment("r$_", "x", parent => $_ > 2 ? 'r' . ($_ - 2) : 'p', date => "2020-01-0${_}T00:00:00Z") } 1 .. 8);
    is(join(' ', map { $_->{ref} =~ s/comment://r } @{$x->ask({cmd => 'thread', ref => 'article:a1'})->{comments}}), 'p r1 r3 r5 r7 r2 r4 r6 r8', 'two branches, one after the other');
};

subtest 'quotes of odd names' => sub {
    my @names = ('Plain, 2,3', "O'Neil", 'Ann "the dog" B', 'a]b', 'x=y', 'Müller & Söhne: GmbH', 'Иван Петров', '[admin]', '山田 太郎', 'one', "D'Arcy, 2nd", '50% off; now');
    for my $name (@names) {
        my $text = 'the harbour master sold all of his boats';
        my %mark = ('double quotes' => qq([quote="$name"]$text\[/quote]), 'single quotes' => qq([quote='$name' pid='2']$text\[/quote]), 'a line' => "Quote: $name\n$text\n");
        for my $how (sort keys %mark) {
            my $x = Cases->new;
            $x->build(article('a1', 'T'), comment('c1', $text, author => $name), comment('c2', "$mark{$how}\nyardarm reply", parent => 'c1', author => 'reader'),
                comment('c3', 'not at all', author => 'one more'));
            is(quotes_of($x, 'comment:c2', 'yardarm'), "comment:c1 $name: $text", "$name by $how");
            is($x->found('harbour master'), 'c1', '... the words are his');
        }
    }
    my $x = Cases->new;
    $x->build(map { comment("c$_", 'x', author => $names[$_]) } 0 .. $#names);
    for my $i (grep { $names[$_] !~ /"/ } 0 .. $#names) {
        is($x->found(qq(author:"$names[$i]")), "c$i", "found by author: $names[$i]");
    }
};

subtest 'tags that are not closed, closed twice, crossed or nested' => sub {
    my @rows = ( # body, words of its own, words that are not
        ['[quote]left open then anchor', 'anchor', ''], ['before [quote=x]left open anchor', 'anchor before', ''], ['closed only anchor[/quote]', 'anchor closed', ''],
        ['[quote]inner[/quote] anchor', 'anchor', 'inner'], ['anchor [quote=a]inner[/quote] keel [quote=b]second[/quote] mast', 'anchor keel mast', 'inner second'],
        ['[quote][quote]deep[/quote] anchor', 'anchor', 'deep'], ['[quote][quote][quote]deep[/quote]outer[/quote]last[/quote]anchor', 'anchor', 'deep outer last'],
        ['[QUOTE]inner[/QUOTE] anchor', 'anchor', 'inner'], ['[quote anchor', 'anchor', ''], ['[quote=anchor', 'anchor', ''], ['[/quote][/quote] anchor [quote]', 'anchor', ''],
        ['[quote]inner[/quote][/quote] anchor', 'anchor', 'inner'], ['[b]anchor[/b]', 'anchor', ''], ['[quote="a"]внутри[/quote] якорь', 'якорь', 'внутри'],
    );
    my $x = Cases->new;
    $x->build(article('a1', 'T'), map { comment("c$_", $rows[$_][0]) } 0 .. $#rows);
    for my $i (0 .. $#rows) {
        my ($body, $own, $not) = @{$rows[$i]};
        like($x->found($_), qr/\bc$i\b/, "own is '$_' of: $body") for split / /, $own;
        unlike($x->found($_), qr/\bc$i\b/, "not own is '$_' of: $body") for split / /, $not;
    }
    my @long = map { $_ x 20_000 } '[quote]', '[quote=a]', '[/quote]', '[quote][/quote]', '[', '[quote="', "> \n", "Quote: a\n", '>' , "[quote=a]b[/quote]\n";
    my $run = $x->add(map { comment("long$_", "$long[$_] gunwale$_") } 0 .. $#long);
    is($run->{status}, 0, 'long runs of tags');
    is($x->stats->{comments}, @rows + @long, '... are taken');
    like($x->found("gunwale$_ OR quote:gunwale$_"), qr/long$_/, "... $_ is found") for 0 .. $#long;
};

subtest 'own words around quoted lines' => sub {
    my $x = Cases->new;
    $x->build(article('a1', 'T'),
        comment('c1', "> eins\n> zwei\n\ndrei\n> vier\nfünf\n"), comment('c2', "first\n> second"), comment('c3', "a -> b and x > 5 keel"), comment('c4', "  > third\nfourth"),
        comment('c5', ">>> sixth\n>> seventh\n> eighth\nninth"), comment('c6', "<b>tenth</b> > eleventh\r\n> twelfth\r\nthirteenth"), comment('c7', "цена > нормы\n> сказано раньше\nмой ответ"),
        comment('c8', 'mast>boom'));
    my %want = (drei => 'c1', 'fünf' => 'c1', eins => '', zwei => '', vier => '', 'quote:eins' => 'c1', 'quote:vier' => 'c1', first => 'c2', second => '', keel => 'c3', fourth => 'c4',
        ninth => 'c5', sixth => '', seventh => '', eighth => '', tenth => 'c6', eleventh => 'c6', twelfth => '', thirteenth => 'c6', 'цена' => 'c7', 'нормы' => 'c7', 'сказано' => '', 'ответ' => 'c7',
        'quote:сказано' => 'c7', mast => 'c8', boom => 'c8', 'quote:seventh' => 'c5');
    is($x->found($_), $want{$_}, $_) for sort keys %want;
    is($x->end, 0, 'the server ends well');
};
done_testing;
