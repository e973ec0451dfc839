#!/usr/bin/perl
# limits.t - what is too deep, too long, too many or too far: refused by its number, or capped and counted.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use Digest::SHA ();
use Test::More;
use Cases;

sub length_of { utf8::encode(my $bytes = Cases::lines_of($_[0])); return length Cases::lines_of($_[0]) }

# The window: what a page far back holds, and what is refused.
sub check_window {
    my ($x, $q, $total) = @_;
    my $deep = $x->search($q, offset => 5000, limit => 50);
    is(scalar(@{$deep->{hits}}), 50, 'a page of 50, 5,000 hits in');
    is(scalar(@{$x->search($q, offset => 9990, limit => 10)->{hits}}), 10, 'the last page of the window');
    for ([9991, 10], [10000, 1], [1_000_000_000, 10], [9901, 100]) {
        my ($offset, $limit) = @$_;
        my $reply = $x->search($q, offset => $offset, limit => $limit);
        like($reply->{error}{code} // 'none', qr/^(limit|bad_request)$/, "beyond it: $offset + $limit");
        like($reply->{error}{message} // '', qr/10,?000/, '... naming the limit');
    }
    for ([offset => -1], [limit => 0], [limit => 1_000_000], [limit => 'abc'], [offset => 'abc'], [limit => 101], [offset => 1.5], [limit => '10'], [limit => undef]) {
        my $reply = $x->search($q, limit => 10, @$_);
        like($reply->{error}{code} // 'none', qr/^(bad_request|limit)$/, "$_->[0]=" . ($_->[1] // 'null') . ' is refused');
        like($reply->{error}{message} // '', qr/$_->[0]/, '... by name');
    }
    is($x->ask({cmd => 'hello'})->{limits}{window}, 10000, 'hello names the window');
    is($x->search($q, totals => 'exact')->{total}{hits}, $total, 'the total counts beyond it');
}

given('001', sub {
    my $x = Cases->new;
    my ($query, %keys) = split /[ =]/, (case_lines('001', 'queries.txt'))[0];
    $x->build(article('a1', 'T'), map { comment("c$_", $query) } 1 .. 6000);
    my $reply = $x->search($query, offset => $keys{offset} + 0, limit => $keys{size} + 0);
    is(scalar(@{$reply->{hits}}), 50, 'the size is a number of hits, not an end');
    my %seen = map { ($_->{ref} => 1) } @{$reply->{hits}}, @{$x->search($query, offset => 5050, limit => 50)->{hits}};
    is(scalar(keys %seen), 100, '... and the next page begins behind it');
});

given('105', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    $x->build(\$printed);
    check_window($x, 'common', 12000);
});

given('041', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    my @lines = split /\n/, $printed;
    my $some = join '', map {"$_\n"} @lines[0 .. 3000];
    $x->build(\$some);
    my $reply = $x->search('shroud', limit => 10);
    is(scalar(@{$reply->{hits}}), 10, 'ten hits');
    cmp_ok(length_of($reply), '<', 256 * 1024, '... with their context in under 256 KiB');
    ok(!(grep { @{$_->{ancestors} || []} > 16 || @{$_->{replies}{first}} > 20 } @{$reply->{hits}}), '... capped');
    ok(!(grep { @{$_->{ancestors} || []} + ($_->{omitted} // 0) != ($_->{depth} // 0) } @{$reply->{hits}}), '... and what is left out is counted');
    my (%seen, $pages);
    while ($reply->{next} && ++$pages < 50) {
        $seen{$_->{ref}}++ for @{$reply->{hits}};
        $reply = $x->search('shroud', limit => $pages == 1 ? 10 : 90, context => 'none', cursor => $reply->{next});
    }
    $seen{$_->{ref}}++ for @{$reply->{hits}};
    is(join(' ', scalar keys %seen, grep { $seen{$_} > 1 } keys %seen), 3000, '... and a cursor goes on to every hit, once');
});

given('075', sub {
    my ($dir) = generated(@_);
    my $x = Cases->new;
    $x->build(article('a1', 'T'), comment('c1', 'soup x1 x63'));
    my $ask = sub {
        open(my $fh, '<', "$dir/$_[0].txt") or die "$_[0]: $!\n";
        my $q = do { local $/; <$fh> };
        return $x->search($q);
    };
    my $n64 = $ask->('q64');
    is_ok($n64, '64 clauses');
    is($n64->{hits}[0]{ref}, 'comment:c1', '... are answered');
    for my $name (qw(q65 q1000)) {
        my $reply = $ask->($name);
        is($reply->{error}{code}, 'limit', "$name is over the limit");
        like($reply->{error}{message}, qr/over (64 clauses|1024 bytes)/, '... by its number');
    }
    # These are longer than a request line may be: the server says so, and ends.
    for my $name (qw(q10000 par nest)) {
        is($ask->($name)->{error}{code}, 'limit', "$name is over the limit");
        is($x->end, 0, '... and the server lives to its end');
    }
});

given('079', sub {
    my ($dir) = generated(@_);
    my $x = Cases->new;
    my $run = run_program('sh', '-c', 'ulimit -v 600000; exec "$@"', 'sh', "$Cases::B/weft-indexer", 'build', '-i', $x->{index}, "$dir/in.ndjson");
    SKIP: {
        skip 'a sanitizer needs more address space', 3 if $run->{err} =~ /Sanitizer/;
        is($run->{status}, 1, 'one refused');
        like($run->{err}, qr/in\.ndjson:2: line over 16777216 bytes/, '... the line that has no end');
        is($x->found('sprit'), 'c2', 'the line after it is there');
    }
});

given('085', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    my $some = join '', map {"$_\n"} (split /\n/, $printed)[0 .. 20_001];
    is($x->build(\$some)->{status}, 0, 'twenty thousand siblings');
    my $hit = $x->hit('comment:p', 'ask');
    is_deeply([@{$hit->{replies}}{qw(direct all)}], [20_000, 20_000], '... are counted');
    is(scalar(@{$hit->{replies}{first}}), 5, '... and a few shown');
    is($x->ask({cmd => 'thread', ref => 'comment:p', offset => 19_990})->{total}, 20_001, 'the thread has them all');
});

given('095', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    my $run = $x->build(\$printed);
    is($run->{status}, 0, 'built');
    is($x->found('bobstay'), 'c1 c2 c3', 'behind a long word, thousands of them, letters of two bytes');
    is($x->found('ж' x 33), 'c3', '33 letters');
    is($x->found('ж' x 32), '', '... and no other number');
    is($x->found('x' x 400), 'c1', '400 letters, by all of them');
    is($x->found('x' x 399), '', '... and not by fewer');
});

# ---- our own, of the same kinds ----
subtest 'the window of a small site' => sub {
    my $x = Cases->new;
    $x->build(article('a1', 'T'), map { comment("c$_", 'rope') } 1 .. 10_200);
    check_window($x, 'rope', 10_200);
    my $few = Cases->new;
    $few->build(article('a1', 'T'), map { comment("c$_", 'rope') } 1 .. 7);
    for my $offset (7, 8, 100, 9000) {
        my $reply = $few->search('rope', offset => $offset, limit => 10);
        is_ok($reply, "beyond the hits but in the window: $offset");
        is_deeply([scalar(@{$reply->{hits}}), $reply->{total}{hits}], [0, 7], '... an empty page, with the total');
    }
    my $thread = $few->ask({cmd => 'thread', ref => 'article:a1', offset => 5, limit => 10});
    is_deeply([scalar(@{$thread->{comments}}), $thread->{total}], [2, 7], 'a thread pages too');
};

subtest 'clauses, nesting and length at the limit and one more' => sub {
    my $x = Cases->new;
    $x->build(article('a1', 'T'), comment('c1', 'soup'));
    my %at = (
        'OR' => sub { join ' OR ', map {"w$_"} 1 .. $_[0] }, 'AND' => sub { join ' ', map {"w$_"} 1 .. $_[0] }, 'NOT' => sub { 'soup' . ' -w' x ($_[0] - 1) },
        'fields' => sub { join ' ', ('author:a') x $_[0] }, 'phrases' => sub { join ' OR ', map {qq("a $_")} 1 .. $_[0] }, 'Russian' => sub { join ' ', ('щи') x $_[0] },
    );
    for my $kind (sort keys %at) {
        is_ok($x->search($at{$kind}->(64)), "$kind: 64 clauses");
        my $reply = $x->search($at{$kind}->(65));
        is($reply->{error}{code}, 'limit', '... 65 are refused');
        like($reply->{error}{message} // '', qr/64/, '... by the number');
    }
    is($x->found('(' x 16 . 'soup' . ')' x 16), 'c1', '16 brackets');
    for my $q ('(' x 17 . 'soup' . ')' x 17, '(' x 1000, 'NOT (' x 17 . 'soup', '(a OR ' x 20 . 'soup') {
        my $reply = $x->search($q);
        is($reply->{error}{code}, 'limit', 'too many: ' . substr($q, 0, 24));
        like($reply->{error}{message} // '', qr/16/, '... by the number');
    }
    is_ok($x->search('a' x 1024), '1,024 bytes');
    is($x->search($_)->{error}{code}, 'limit', 'over 1,024 bytes') for 'a' x 1025, 'ж' x 513, ' ' x 1025, '"' x 5000, ')' x 60_000;
    is_ok($x->search('"' . join(' ', ('w') x 32) . '"'), 'a phrase of 32 words');
    is($x->search('"' . join(' ', ('w') x 33) . '"')->{error}{code}, 'limit', '... of 33');
    is($x->found('soup'), 'c1', 'the server still answers');
};

subtest 'lines without end, and records over their limits' => sub {
    my $line = sub { qq({"type":"comment","id":"$_[0]","article":"a1","body":"$_[1]"}\n) };
    my $huge = 'x' x (16 * 1024 * 1024 + 1);
    my %bytes = (first => "$huge\n" . $line->('c1', 'sprit'), middle => $line->('c1', 'sprit') . "{\"body\":\"$huge\"}\n" . $line->('c2', 'sprit'), last => $line->('c1', 'sprit') . $huge,
        twice => "$huge\n$huge\n" . $line->('c1', 'sprit'));
    my %line = (first => [1], middle => [2], last => [2], twice => [1, 2]);
    for my $where (sort keys %bytes) {
        my $x = Cases->new;
        my $run = $x->build('--format=ndjson', \$bytes{$where});
        is($run->{status}, 1, "$where: partial");
        like($run->{err}, qr/:$_: line over 16777216 bytes/, "... line $_") for @{$line{$where}};
        is($x->found('sprit'), $where eq 'middle' ? 'c1 c2' : 'c1', '... the others are there');
    }
    my $x = Cases->new;
    my $mib = 1024 * 1024;
    my @sizes = ([body => $mib], [title => 4096], [author => 256], [author_id => 256], [url => 4096], [id => 200]);
    for (@sizes) {
        my ($key, $limit) = @$_;
        my $fits = {%{article('a1', 'T')}, $key => 'ж' x ($limit / 2)};
        my $over = {%{article('a1', 'T')}, $key => 'ж' x ($limit / 2) . 'x'};
        my $run = Cases->new->build($fits, $over);
        is($run->{status}, 1, "$key: one of two is refused");
        like($run->{err}, qr/:2: .*$key over $limit bytes/, '... the one over the limit, by its number');
    }
    my $deep = Cases->new->build(\('{"type":"comment","id":"c1","article":"a1","x":' . '[' x 31 . ']' x 31 . "}\n" . '{"type":"comment","id":"c2","article":"a1","x":' . '[' x 32 . ']' x 32 . "}\n"
        . '{"x":' . '[' x 1_000_000 . "\n"));
    like($deep->{err}, qr/:$_: .*nested over 32 deep/, "nesting of line $_") for 2, 3;
    unlike($deep->{err}, qr/:1: /, '... 32 deep is taken');
};

subtest 'long words and very many words' => sub {
    my $x = Cases->new;
    my %long = (c0 => 'a' x 64, c1 => 'a' x 65, c2 => 'a' x 66, c3 => 'ж' x 64, c4 => 'ж' x 65, c5 => 'ж' x 500, c6 => 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
        c7 => '港' x 100, c8 => "\x{1F30A}" x 100, c9 => 'https://foo.example/' . 'p' x 300 . '/end?q=' . 'z' x 300, d0 => 'A' x 65 . ' twice');
    my $run = $x->build(map { comment($_, "$long{$_} bobstay") } sort keys %long);
    is($run->{status}, 0, 'built');
    is($x->search('bobstay')->{total}{hits}, scalar(keys %long), 'the word behind is found in all');
    my %want = ($long{c0} => 'c0', $long{c1} => 'c1 d0', $long{c2} => 'c2', 'a' x 67 => '', $long{c3} => 'c3', $long{c4} => 'c4', $long{c5} => 'c5', 'ж' x 499 => '', lc $long{c6} => 'c6', uc $long{c5} => 'c5',
        'p' x 300 => 'c9', 'p' x 299 => '', 'z' x 300 => 'c9', 'foo.example' => 'c9', qq("$long{c4} bobstay") => 'c4', qq("$long{c1} bobstay") => 'c1');
    is($x->found($_), $want{$_}, length($_) . ' characters: ' . substr($_, 0, 12)) for sort keys %want;
    is(join('|', marked($x->hit('comment:c4', $long{c4}, snippet => 400)->{snippet})), $long{c4}, 'the whole of it is marked');
    my $hashes = Cases->new;
    $run = $hashes->build(comment('c1', 'bobstay ' . join(' ', map { Digest::SHA::sha1_hex($_) } 1 .. 20_000) . ' forestay'), comment('c2', join(' ', map { "w$_" } 1 .. 60_000) . ' backstay'), comment('c3', 'bobstay'));
    is($run->{status}, 0, 'lists of hashes');
    is($hashes->found('bobstay'), 'c1 c3', '... the first words of one are found');
    is($hashes->found('forestay'), 'c1', '... and its last, under the limit of distinct words');
    is($hashes->found('w1'), 'c2', 'over the limit the first words are kept');
    is($hashes->found('backstay'), '', '... the last are not');
    like($run->{err}, qr/: 1 documents have over 50000 distinct words/, '... and that is said');
};

subtest 'many replies and deep threads' => sub {
    my $x = Cases->new;
    my @days = map { sprintf '2020-%02d-%02dT00:00:00Z', 1 + $_ / 28, 1 + $_ % 28 } 0 .. 299;
    $x->build(article('a1', 'Big'), comment('p', 'ask'), map { comment("s$_", 'reply ' . 'words ' x 100, parent => 'p', date => $days[($_ * 7) % 300]) } 0 .. 299);
    my $hit = $x->hit('comment:p', 'ask');
    is($hit->{replies}{direct}, 300, 'all replies are counted');
    is_deeply([map { $_->{date} } @{$hit->{replies}{first}}], [@days[0 .. $#{$hit->{replies}{first}}]], '... the first by date are shown');
    my $thread = $x->ask({cmd => 'thread', ref => 'article:a1', offset => 1, limit => 100});
    is_deeply([map { $_->{date} } @{$thread->{comments}}], [@days[0 .. $#{$thread->{comments}}]], 'in the thread too');
    my $chain = Cases->new;
    $chain->build(article('a1', 'Deep'), map { comment("c$_", "shroud$_ " . 'words ' x 500, $_ ? (parent => 'c' . ($_ - 1)) : ()) } 0 .. 299);
    my $deep = $chain->hit('comment:c100', 'shroud100', snippet => 2000);
    is(scalar(@{$deep->{ancestors}}), 16, '16 ancestors of 100 are shown');
    is($deep->{omitted}, 84, '... the others counted');
    is_deeply([map { $_->{ref} } @{$deep->{ancestors}}[0, 1, 15]], ['comment:c0', 'comment:c85', 'comment:c99'], '... the root and the nearest');
    my $many = $chain->search('words', limit => 100, snippet => 2000);
    is(scalar(@{$many->{hits}}), 100, 'a hundred hits with all context');
    my $context = 0;
    $context += length_of([@$_{qw(ancestors replies quotes)}]) for @{$many->{hits}};
    cmp_ok($context, '<=', 256 * 1024 + 100 * 200, '... of at most 256 KiB (and the brackets around it)');
    is($chain->get('comment:c299')->{depth}, 256, 'deeper than 256 hangs at 256');
    is($chain->end, 0, 'the server ends well');
};
done_testing;
