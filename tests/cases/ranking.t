#!/usr/bin/perl
# ranking.t - a total order over pages, and repetition that wins nothing.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use Test::More;
use Cases;

# All refs of a query, page by page.
sub paged {
    my ($x, $q, $size, %keys) = @_;
    my @all;
    for (my $offset = 0; ; $offset += $size) {
        my @hits = @{$x->search($q, limit => $size, offset => $offset, %keys)->{hits}};
        push @all, map { $_->{ref} } @hits;
        return join ' ', @all if @hits < $size;
    }
}

given('025', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    $x->build(\$printed);
    my $want = join ' ', map { sprintf 'comment:c%02d', $_ } 0 .. 94;    # one score, one date: by id
    is(paged($x, 'same', $_), $want, "pages of $_") for 10, 7, 7, 1, 100;
    my $again = Cases->new;
    my $backwards = join '', map {"$_\n"} reverse split /\n/, $printed;
    $again->add(\$backwards);
    is(paged($again, 'same', 7), $want, 'imported in another order');
});

given('039', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/039/docs.ndjson");
    my @q = case_lines('039', 'queries.txt');
    is($x->search($q[1])->{hits}[0]{ref}, 'article:a2', 'the one with both words first');
    my %score = map { ($_->{ref} => $_->{score}) } $x->hits($q[0]);
    cmp_ok($score{'article:a1'}, '<', 2 * $score{'article:a2'}, 'a word said five times in a headline is not worth twice');
});

given('081', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    $x->build(\$printed);
    is($x->search('harbour dredging')->{hits}[0]{ref}, 'article:a1', 'the article above the stuffed comment');
    is($x->search('dredging harbour')->{hits}[0]{ref}, 'article:a1', '... in either order of the words');
});

# ---- our own, of the same kinds ----
subtest 'equal scores: newest first, unknown last, then by reference' => sub {
    my @days = map { sprintf '2020-01-%02dT00:00:00Z', $_ } 1 .. 5;
    my @records = map { my $i = $_; comment("c$i", 'gleiche Worte', lang => 'de', $i % 6 == 5 ? () : (date => $days[$i % 6])) } map { ($_ * 29) % 60 } 0 .. 59;
    my @sorted = sort { ($a->{date} // '') eq ($b->{date} // '') ? $a->{id} cmp $b->{id} : ($b->{date} // '') cmp ($a->{date} // '') } @records;
    my $want = join ' ', map {"comment:$_->{id}"} @sorted;
    my @oldest = sort { !$a->{date} <=> !$b->{date} || ($a->{date} // '') cmp ($b->{date} // '') || $a->{id} cmp $b->{id} } @records;
    my $built = Cases->new;
    $built->build(article('a1', 'T'), @records);
    my $added = Cases->new;
    $added->add(reverse article('a1', 'T'), @records);
    $added->add($_) for comment('extra', 'gleiche Worte'), {type => 'delete', ref => 'comment:extra'};
    for my $x ($built, $added) {
        is(paged($x, 'gleiche', $_), $want, "pages of $_") for 3, 8, 60;
        is(paged($x, 'gleiche', 7, sort => 'newest'), $want, 'sorted by date, newest');
        is(paged($x, 'gleiche', 7, sort => 'oldest'), join(' ', map {"comment:$_->{id}"} @oldest), '... and oldest: unknown last too');
        is(paged($x, 'gleiche', 9, sort => 'votes'), $want, 'votes that nobody gave');
    }
};

subtest 'pages join without a seam where scores differ' => sub {
    my $x = Cases->new;
    $x->build(article('a1', 'Harbour news', body => 'dredging began'), map { comment("c$_", 'dredging ' x (1 + $_ % 4) . 'word ' x ($_ % 7) . ($_ % 3 ? 'harbour' : ''), score => $_ % 5) } 1 .. 80);
    for my $q ('dredging', 'harbour dredging', 'dredging OR word', '"dredging dredging"') {
        my $whole = paged($x, $q, 100);
        is(paged($x, $q, $_), $whole, "$q: pages of $_") for 1, 7, 10;
        my @refs = split / /, $whole;
        my %seen;
        is(scalar(grep { $seen{$_}++ } @refs), 0, '... nothing twice');
    }
    my @votes = map { $_->{ref} =~ /c(\d+)/ ? $1 % 5 : -1 } @{$x->search('dredging', sort => 'votes')->{hits}};
    is("@votes", join(' ', sort { $b <=> $a } @votes), 'by votes, the most first');
};

subtest 'stuffed headlines and bodies win nothing' => sub {
    my %pairs = (
        en => ['bridge', 'toll', 'A bridge and its toll', 'The toll of the bridge rises on Monday.'],
        de => ['hafen', 'fischer', 'Die Fischer und ihr Hafen', 'Im Hafen warten die Fischer auf Montag.'],
        ru => ['причал', 'налог', 'Причал и налог на него', 'Налог на причал вырастет в понедельник.'],
    );
    for my $lang (sort keys %pairs) {
        my ($one, $two, $title, $body) = @{$pairs{$lang}};
        my $x = Cases->new;
        $x->build(article('good', $title, lang => $lang, body => $body), article('stuffed', join(' ', ($one) x 6), lang => $lang, body => 'x'),
            article('other', 'Y', lang => $lang), comment('spam', "$one " x 300 . 'filler ' x 1500, article => 'other', lang => $lang),
            comment('spam2', "$two " x 500 . 'filler ' x 3000, article => 'other', lang => $lang),
            map { article("p$_", "Plain $_", lang => $lang), comment("q$_", "a few words of chat $_", article => "p$_") } 1 .. 30);
        for my $q ("$one $two", "$two $one") {
            is($x->search($q)->{hits}[0]{ref}, 'article:good', "$lang: the article about it first: $q");
        }
        my %score = map { ($_->{ref} => $_->{score}) } $x->hits($one);
        cmp_ok($score{'article:stuffed'}, '<', 2 * $score{'article:good'}, '... the stuffed headline is worth less than twice');
    }
};
done_testing;
