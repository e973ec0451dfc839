#!/usr/bin/perl
# query_syntax.t - what people type: stars, open quotes, stop words, AND and OR, and the same query by every road.
use strict;
use warnings;
use utf8;
use lib 'tests/cases', 'tests/daemon';
use Test::More;
use Cases;
use Weft;

my $soup = Cases->new;
sub soup_case {
    my ($case) = @_;
    $soup = Cases->new;
    is($soup->build("$Cases::SHARED/$case/docs.ndjson")->{status}, 0, 'built');
    return case_lines($case, 'queries.txt');
}
my $all_soup = 'article:a1 c1 c2 c3';

given('009', sub {
    for my $q (soup_case(@_)) {
        my $reply = $soup->search($q);
        is_ok($reply, "answered: $q");
        ok($soup->found($q) eq 'c2' || warned($reply, qr/\*/), '... and no silent nothing');
    }
});

given('019', sub {
    soup_case(@_);
    for my $q ('*', '**', '???') {
        my $reply = $soup->search($q);
        is_ok($reply, "answered: $q");
        is($soup->found($q), '', 'no hit') ;
        ok(warned($reply, qr/no searchable words/), '... with the reason');
    }
    is($soup->found('soup **'), $all_soup, 'stars alone are left out');
    for (['*day', $all_soup], ['so*p', '']) {
        my ($q, $want) = @$_;
        ok(warned($soup->search($q), qr/\*/), "the star is named: $q");
        is($soup->found($q), $want, '... and the word read without it') if $want;
    }
    my $short = $soup->search('s*');
    is($short->{error}{code}, 'bad_query', 'a prefix of one letter is refused');
    like($short->{error}{message}, qr/'s\*'.*3 letters/, '... with the least that goes');
});

# What is wrong is named by a warning; marks that are no syntax (an exclamation after a space) need none.
given('021', sub {
    for my $q (soup_case(@_)) {
        my $reply = $soup->search($q);
        is_ok($reply, "answered: $q");
        ok($q =~ /^soup [!\\]$/ || @{$reply->{warnings}}, '... with a warning') or diag explain $reply;
        is($soup->found($q), $all_soup, '... by its best reading') if $q =~ /soup/ && $q !~ /nosuch|of/;
        ok(warned($reply, qr/no searchable words/), '... and nothing to search for') if $q =~ /^(AND|!|\(+\)*|"")$/;
        ok(warned($reply, qr/nosuchfield/), '... naming the field') if $q =~ /nosuch/;
    }
    is($soup->found('"soup of'), $all_soup, 'an open quote is left out');
});

given('033', sub {
    my @q = soup_case(@_);
    my @want = qw(c1 article:a1 c2 article:a1);
    is($soup->found($q[$_]), $want[$_], $q[$_]) for 0 .. $#q;
});

given('045', sub {
    my @q = soup_case(@_);
    my @want = ('c1 c2 c3', 'c1 c2 c3', 'c1 c2', 'c2', 'c1 c2 c3');
    is($soup->found($q[$_]), $want[$_], $q[$_]) for 0 .. $#q;
});

given('107', sub {
    my @q = soup_case(@_);
    # The headline has no "the" before "soup": a phrase is an exact run (doc/query-language.md).
    my @want = ('c1', 'article:a1 c1', 'c7', 'c2');
    is($soup->found($q[$_]), $want[$_], $q[$_]) for 0 .. $#q;
});

# The reply by the pipe, a socket in both forms, and the client; times apart.
sub same_by_every_road {
    my ($x, @queries) = @_;
    my $daemon = Weft->start(program => "$Cases::B/weft-searchd", index => $x->{index});
    my $c = $daemon->connect;
    for my $q (@queries) {
        utf8::encode(my $bytes = $q);
        my @replies = $x->search($q, limit => 10);
        if ($q !~ /\n/) {
            $c->send("search limit=10 -- $bytes\n");
            push @replies, $c->reply;
        }
        $c->send(JSON::PP->new->utf8->encode({cmd => 'search', q => $q, limit => 10}) . "\n");
        push @replies, $c->reply;
        push @replies, JSON::PP->new->decode(weft_client('search', '--json', '-i', $x->{index}, '--', $q)->{out});
        push @replies, JSON::PP->new->decode(weft_client('search', '--json', '-s', "unix:$daemon->{socket}", '--', $q)->{out});
        delete @$_{qw(took_ms id)} for @replies;
        my $first = shift @replies;
        is_ok($first, "answered: $q");
        is_deeply($_, $first, '... and the same by another road') for @replies;
    }
    is($daemon->stop, 0, 'the daemon ends well');
}

given('065', sub {
    my @q = soup_case(@_);
    same_by_every_road($soup, @q);
    is($soup->found('soup day'), $all_soup, 'all words of the query count');
    is($soup->found('available "not available"'), 'c7', '... and its phrase');
});

# ---- our own, of the same kinds ----
my $x = Cases->new;
is($x->build(
    article('a1', 'The price of bread', lang => 'en', body => 'Bakers of the town raised it.', date => '2021-02-01T08:00:00Z'),
    comment('c1', 'The bread of the poor'),
    comment('c2', 'bread poor'),
    comment('c3', 'poor people, and the bread is dear'),
    comment('c4', 'Now and then it is not so'),
    comment('c5', 'cheap butter'),
    comment('c6', 'cheap milk'),
    comment('c7', 'dear milk'),
    comment('c8', 'C:\\bread\\new "rolls" 100% a+b'),
    article('a2', 'Sein oder nicht sein', lang => 'de', body => 'Ein Abend im Theater.'),
    comment('d1', 'Was das alles soll: Geld', article => 'a2'),
    comment('d2', 'nicht mit der Bahn, nicht ohne die Bahn', article => 'a2'),
    comment('d3', 'Bahn ohne Ende', article => 'a2'),
    article('a3', 'Быть или не быть', lang => 'ru', body => 'Вечер в театре.'),
    comment('r1', 'это не я', article => 'a3'),
    comment('r2', 'цена на хлеб и на молоко', article => 'a3'),
    comment('r3', 'хлеб да молоко', article => 'a3'),
)->{status}, 0, 'built');

subtest 'a star where it means nothing is named, and where it stood' => sub {
    for (['"bread po*"', 9], ['"*bread poor"', 1], ['"br*ad poor"', 3], ['poor "bread po*"', 14], ['“bread po*”', 11],
         ['"цена на хл*"', 19], ['milk br*ad', 5], ['*bread', 0], ['milk =bread*', 5], ['author:ann*', 10]) {
        my ($q, $at) = @$_;
        my $reply = $x->search($q);
        is_ok($reply, "answered: $q");
        my ($w) = grep { $_->{message} =~ /\*/ } @{$reply->{warnings}};
        is($w && $w->{at}, $at, "... a warning about the star at byte $at") or diag explain $reply->{warnings};
    }
    is(scalar(grep { $_->{message} =~ /\*/ } @{$x->search('"br* a" "b* c"')->{warnings}}), 2, 'each one');
    for my $q ('milk "a*b" author:"a* b"') {
        ok(warned($x->search($q), qr/between quotes/), 'a quoted name may hold a star, a phrase may not');
    }
    for my $q ('* *', '***', '(*)', '-*', '"*"', '* ? !', '…', '¿?', '***** ***', '- -', '\\') {
        my $reply = $x->search($q);
        is_ok($reply, "answered: $q");
        is(scalar(@{$reply->{hits} || []}), 0, 'no hits');
        ok(warned($reply, qr/no searchable words/), '... with the reason');
    }
    is($x->found("cheap $_"), 'c5 c6', "cheap $_ is cheap") for '*', '**', '(*)', '!', '…', '""', '()';
    for my $q ('ж*', 'юл*', 'b*', 'br*', 'cheap b*', '(m* OR cheap)', 'T-1*') {
        my $reply = $x->search($q);
        is($reply->{error}{code}, 'bad_query', "refused: $q");
        like($reply->{error}{message} // '', qr/3 letters/, '... naming the least');
        ok(defined $reply->{error}{at}, '... and the place');
    }
};

subtest 'a broken query is answered by its best reading' => sub {
    my %same = ( # what stands there => what it is read as
        '"cheap' => 'cheap', '(cheap' => 'cheap', 'cheap)' => 'cheap', '((cheap) milk' => 'cheap milk', 'cheap OR' => 'cheap',
        'AND cheap' => 'cheap', 'cheap AND OR milk' => undef, 'NOT' => '', 'cheap NOT' => 'cheap', 'cheap AND NOT' => 'cheap',
        ')cheap(' => 'cheap', 'cheap NEAR/3' => undef, 'NEAR/3 cheap' => undef, '«cheap' => 'cheap', 'cheap (milk' => 'cheap milk',
        'cheap ("milk' => 'cheap milk', 'cheap "" milk' => 'cheap milk', 'cheap () milk' => 'cheap milk', 'OR OR OR' => '',
        'OR AND NOT' => '', '))))' => '', 'author:' => undef, 'cheap title:' => 'cheap title', 'no_such:milk' => 'no_such milk', 'Überschrift:milk' => 'Überschrift milk', 'date:soup' => undef, 'xyz:milk' => 'xyz milk',
        'цвет:хлеб' => 'цвет хлеб', '"хлеб да' => 'хлеб да', 'is:nothing' => undef, 'depth:deep' => undef,
    );
    for my $q (sort keys %same) {
        my $reply = $x->search($q);
        is_ok($reply, "answered: $q");
        ok(@{$reply->{warnings}}, '... with a warning');
        ok(defined $reply->{warnings}[0]{at} || warned($reply, qr/no searchable/), '... and its place');
        is($x->found($q), $same{$q} eq '' ? '' : $x->found($same{$q}), "... as $same{$q}") if defined $same{$q};
    }
    is($x->found('cheap milk'), 'c6', 'what they are compared with finds something');
};

# One word has to be the document's own, others may stand in its headline: c4 answers "The", d2 and r1 "sein oder nicht sein".
subtest 'stop words count when nothing else is left' => sub {
    my %want = (
        'now and then' => 'c4', 'then and now' => 'c4', 'not so' => 'c4', 'The So Not' => 'c4', 'so me not' => '',
        'sein oder nicht sein' => 'article:a2 d2', 'nicht mit ohne' => 'd2', 'was das' => 'd1', '"oder nicht"' => 'article:a2',
        'быть или не быть' => 'article:a3 r1', 'не я' => 'r1', 'Я НЕ' => 'r1', '"или не"' => 'article:a3', '"не или"' => '',
        '"it is not"' => 'c4', '"is not it"' => '',
    );
    is($x->found($_), $want{$_}, $_) for sort keys %want;
    is($x->found('the cheap'), 'c5 c6', 'and do not when something is');
};

subtest 'stop words keep their places in a phrase' => sub {
    my %want = (
        '"the bread of the poor"' => 'c1', '"bread of the poor"' => 'c1', '"bread of"' => 'c1', '"bread poor"' => 'c2',
        '"bread the poor"' => '', '"the poor"' => 'c1', '"price of bread"' => 'article:a1', '"price bread"' => '',
        '"mit der Bahn"' => 'd2', '"mit Bahn"' => '', '"ohne die Bahn"' => 'd2', '"Bahn ohne"' => 'd3',
        '"хлеб и на молоко"' => 'r2', '"хлеб молоко"' => '', '"хлеб да молоко"' => 'r3', '"цена на хлеб"' => 'r2',
    );
    is($x->found($_), $want{$_}, $_) for sort keys %want;
};

subtest 'NOT before AND before OR; the order of words changes nothing' => sub {
    my %want = (
        'cheap butter OR milk' => 'c5 c6 c7', 'milk OR butter cheap' => 'c5 c6 c7', 'milk OR cheap AND butter' => 'c5 c6 c7',
        'cheap (butter OR milk)' => 'c5 c6', '(milk OR butter) cheap' => 'c5 c6', 'cheap AND (milk OR butter)' => 'c5 c6',
        'cheap and milk' => 'c6', 'cheap or milk' => 'c6', 'CHEAP or MILK' => 'c6', 'Cheap OR Milk' => 'c5 c6 c7',
        'cheap NOT milk' => 'c5', 'NOT milk cheap' => 'c5', 'cheap -milk' => 'c5', 'milk -cheap OR butter' => 'c5 c7',
        'NOT cheap milk OR butter' => 'c5 c7', 'NOT (cheap OR butter) milk' => 'c7', '(cheap butter) OR (dear milk)' => 'c5 c7',
        'cheap (butter OR (milk NOT dear))' => 'c5 c6', 'молоко (цена OR хлеб)' => 'r2 r3', 'вечер OR цена хлеб' => 'article:a3 r2',
        'Bahn Ende OR Geld' => 'd1 d3', 'Geld OR Ende Bahn' => 'd1 d3',
    );
    is($x->found($_), $want{$_}, $_) for sort keys %want;
};

subtest 'a query is the same by every road' => sub {
    same_by_every_road($x, 'cheap milk', '"bread poor" poor', "cheap\tmilk", "cheap\nmilk", '  cheap   milk  ', '%20cheap+milk', 'C:\\bread\\new',
        '\\n cheap', '"rolls" 100%', 'a+b &amp; <b>', '-cheap milk', '-- cheap', 'cheap -- limit=1', 'limit=1 cheap', 'хлеб молоко', 'ё "да молоко',
        '{"cmd":"hello"}', "it's", '🙂 milk');
    is($x->found("cheap\tmilk"), 'c6', 'a tab parts words');
    is($x->found("cheap\nmilk"), 'c6', 'a line feed does');
};

is($_->end, 0, 'the server ends well') for $x, $soup;
done_testing;
