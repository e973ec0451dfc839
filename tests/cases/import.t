#!/usr/bin/perl
# import.t - files as they come: twice, out of order, damaged, unfinished; and writers that meet.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use POSIX ();
use Test::More;
use Cases;

given('011', sub {
    my $in = sub { "$Cases::SHARED/011/$_[0].ndjson" };
    my $x = Cases->new;
    $x->add($in->('in'));
    my $revision = $x->stats->{revision};
    my $run = $x->add($in->('in'));
    is($run->{status}, 0, 'the second import');
    like($run->{out}, qr/^0 added, 0 changed, 3 same/m, '... adds nothing');
    is($x->stats->{revision}, $revision, '... and moves no revision');
    is($x->found('mizzen'), 'c1 c2', '... two hits');
    like($x->add($in->('in2'))->{out}, qr/^1 added, 1 changed, 2 same/m, 'the third');
    is($x->found('mizzen'), 'c1 c2 c3', '... three hits');
    is($x->found('keel'), 'c2', '... the new text');
    is($x->found('"mizzen two"'), 'c2', '... no second copy of the old');
});

given('013', sub {
    my ($dir) = generated(@_);
    my $x = Cases->new;
    is($x->build("$dir/in.ndjson")->{status}, 0, 'built');
    is($x->ask({cmd => 'count', q => 'halyard', totals => 'exact'})->{total}{hits}, 10001, 'every line, the unfinished last one too');
    is($x->add("$dir/in.ndjson")->{out} =~ /(\d+) same/ && $1, 10002, 'more than a batch added again');
});

given('029', sub {
    my ($dir) = generated(@_);
    my $x = Cases->new;
    my $run = $x->build("$dir/in.ndjson");
    is($run->{status}, 1, 'some refused');
    like($run->{err}, qr/in\.ndjson:2: .*NUL bytes from byte 62/, 'the line, the reason and the place');
    is($x->found('spinnaker'), 'c2', 'the next line is read');
});

given('035', sub {
    my $x = Cases->new;
    my $run = $x->build("$Cases::SHARED/035/in.ndjson");
    is($run->{status}, 1, 'some refused');
    like($run->{err}, qr/in\.ndjson:2: .*key given twice/, 'the line with its reason');
    is($x->found('stunsail'), '', 'nothing of it came in');
    is($x->stats->{comments}, 0, '... under no id');
});

given('069', sub {
    my $x = Cases->new;
    $x->add("$Cases::SHARED/069/in.ndjson");
    my %want = (bilge => 'c1', keelson => '', strake => '');
    is($x->found($_), $want{$_}, "added: $_") for sort keys %want;
    $x = Cases->new;
    $x->build("$Cases::SHARED/069/in.ndjson");
    is($x->found($_), $want{$_}, "built: $_") for sort keys %want;
});

given('097', sub {
    my $in = sub { "$Cases::SHARED/097/$_[0].ndjson" };
    my $x = Cases->new;
    is($x->add($in->('day1'))->{status}, 0, 'the child first');
    is($x->stats->{orphans}, 1, '... is an orphan');
    is($x->add($in->('day2'))->{status}, 0, 'then its parent');
    is($x->stats->{orphans}, 0, '... none is left');
    is($x->get('comment:c2')->{parent_ref}, 'comment:c1', 'it found its parent');
    is_deeply([map { $_->{ref} } @{$x->hit('comment:c2', 'reply windlass')->{ancestors}}], ['comment:c1'], '... and shows it');
});

given('109', sub {
    my $x = Cases->new;
    is($x->build("$Cases::SHARED/109/in2.ndjson")->{status}, 0, 'built');
    is($x->stats->{orphans}, 0, 'no parent is missing');
    my $thread = $x->ask({cmd => 'thread', ref => 'article:a1'});
    is_deeply([map { "$_->{ref} $_->{depth}" } @{$thread->{comments}}], [map {"comment:c$_ 0"} 1 .. 4], 'all at the top level');
});

# ---- our own, of the same kinds ----
subtest 'again, in other orders and other pieces' => sub {
    my @records = (
        article('a1', 'Die Brücke', lang => 'de', body => 'Sie wird gebaut.', tags => ['bau', 'stadt']),
        (map { comment("c$_", "Satz $_ Brücke", $_ > 1 ? (parent => 'c' . int($_ / 2)) : (), author => "Leser $_", date => '2020-01-01T00:00:00Z', score => $_) } 1 .. 20),
        article('a2', 'Мост', lang => 'ru'), comment('r1', 'мост строят', article => 'a2'),
    );
    my $x = Cases->new;
    $x->build(@records);
    my $export = $x->indexer('export')->{out};
    like($x->add(reverse @records)->{out}, qr/^0 added, 0 changed, 23 same/m, 'the other way round');
    like($x->add(@records, @records)->{out}, qr/^0 added, 0 changed, 23 same/m, 'twice in one file');
    like($x->add(\Cases::lines_of(@records[0 .. 9]), \Cases::lines_of(@records[5 .. 22]))->{out}, qr/^0 added, 0 changed, 23 same/m, 'in two files that overlap');
    is($x->stats->{revision}, 1, 'nothing moved');
    my $y = Cases->new;
    $y->add($_) for @records[22, 3, 7, 12, 20, 1, 0, 2, 4 .. 6, 8 .. 11, 13 .. 19, 21];
    is($y->indexer('export')->{out}, $export, 'one by one, children first: the same export');
    my $changed = {%{$records[5]}, body => 'ganz anders'};
    like($x->add(@records[0 .. 4], $changed, @records[6 .. 22])->{out}, qr/^0 added, 1 changed, 22 same/m, 'one of them changed');
    is($x->found('anders'), 'c5', 'the new text is found');
    is($x->found('"Satz 5 Brücke"'), '', 'the old one is not');
};

subtest 'the end of a file' => sub {
    my $record = '{"type":"comment","id":"cN","article":"a1","body":"halyard"}';
    my $n = 0;
    my %want = ("\n" => 2, '' => 2, "\r\n" => 2, "\n\n\n" => 2, "\n{\"type\":\"comm" => 2, "\n \t \n" => 2);
    for my $end (sort keys %want) {
        my $bytes = ($record =~ s/N/1/r) . "\r\n" . ($record =~ s/N/2/r) . $end;
        my $x = Cases->new;
        my $run = $x->build(\$bytes);
        is($x->stats->{comments}, $want{$end}, 'both lines before ' . Cases::lines_of($end) =~ s/\n$//r);
        is($run->{status}, $end =~ /\{/ ? 1 : 0, '... and the rest is named when it is one');
    }
    my $bom = "\x{EF}\x{BB}\x{BF}" . ($record =~ s/N/1/r);
    is(Cases->new->build(\$bom)->{status}, 0, 'a byte order mark');
    for my $count (9_999, 10_000, 10_001) {
        my $x = Cases->new;
        my $bytes = join("\n", map { $record =~ s/N/$_/r } 1 .. $count);
        like($x->add(\$bytes)->{out}, qr/^$count added/m, "$count lines added, the last without its end");
        is($x->stats->{comments}, $count, '... and there');
    }
};

subtest 'NULs a writer left' => sub {
    my $line = sub { qq({"type":"comment","id":"$_[0]","article":"a1","body":"spinnaker"}) };
    for (['behind', $line->('c1') . "\0" x 512], ['before', "\0\0" . $line->('c1')], ['between', '{"type":"comment",' . "\0" x 9 . '"id":"c1","article":"a1"}'],
         ['alone', "\0" x 4096], ['in an unfinished string', '{"type":"comment","id":"c1","article":"a1","body":"spin' . "\0" x 300], ['one', $line->('c1') . "\0"]) {
        my ($where, $bad) = @$_;
        my $x = Cases->new;
        my $bytes = $line->('c0') . "\n$bad\n" . $line->('c2') . "\n";
        my $run = $x->build(\$bytes);
        is($run->{status}, 1, "$where: partial");
        like($run->{err}, qr/:2: .*NUL bytes from byte @{[index($bad, "\0")]}$/m, '... the line and the place');
        is($x->found('spinnaker'), 'c0 c2', '... the others are there');
    }
};

subtest 'keys given twice' => sub {
    my @bad = (
        '{"type":"comment","id":"c1","article":"a1","article":"a2","body":"stunsail"}',
        '{"type":"comment","type":"article","id":"c1","article":"a1","body":"stunsail"}',
        '{"type":"comment","id":"c1","article":"a1","body":"stunsail","body":"stunsail"}',
        '{"type":"comment","id":"c1","article":"a1","body":"stunsail","other":1,"other":2}',
        '{"type":"comment","id":"c1","article":"a1","body":"stunsail","other":{"x":1,"x":2}}',
        '{"type":"comment","id":"c1","article":"a1","\u0062ody":"stunsail","body":"stunsail"}',
        '{"id":"c1","type":"comment","article":"a1","body":"stunsail","id":"c1"}',
    );
    my $x = Cases->new;
    my $bytes = join('', map {"$_\n"} '{"type":"article","id":"a1","title":"T"}', @bad);
    my $run = $x->build(\$bytes);
    like($run->{err}, qr/:$_: .*key given twice/, "line $_") for 2 .. @bad + 1;
    is($x->found('stunsail'), '', 'nothing of them came in');
};

subtest 'old copies that come late' => sub {
    my @late = (
        comment('c1', 'third bilge', rev => 3), comment('c1', 'second keelson', rev => 2), comment('c1', 'first strake', rev => 1), comment('c1', 'third bilge', rev => 3),
        comment('c2', 'old text', rev => 1), {type => 'delete', ref => 'comment:c2', rev => 2}, comment('c2', 'back again', rev => 3),
        {type => 'delete', ref => 'comment:c3', rev => 7}, comment('c3', 'late create', rev => 6),
        comment('c4', 'hidden one', rev => 5, status => 'hidden'), comment('c4', 'shown before', rev => 4),
        comment('c5', 'no rev first'), comment('c5', 'no rev last'),
        article('a1', 'New title', rev => 2), article('a1', 'Old title', rev => 1),
    );
    my %want = (bilge => 'c1', keelson => '', strake => '', again => 'c2', create => '', shown => '', hidden => '', last => 'c5', first => '', new => 'article:a1', old => '');
    my $built = Cases->new;
    $built->build(@late);
    my $one = Cases->new;
    $one->add($_) for @late;
    my $together = Cases->new;
    $together->add(@late);
    for ([built => $built], ['one by one' => $one], ['added together' => $together]) {
        my ($how, $x) = @$_;
        is($x->found($_), $want{$_}, "$how: $_") for sort keys %want;
    }
    $built->build(grep { $_->{rev} } reverse @late);
    is($built->found($_), $want{$_}, "rebuilt, the other way round: $_") for grep { !/last|first/ } sort keys %want;
    my $x = Cases->new;
    $x->add(comment('c6', 'withdrawn'), {type => 'delete', ref => 'comment:c6'}, comment('c6', 'written anew'));
    is($x->found('anew'), 'c6', 'without rev the order of the input holds');
    is($x->add({type => 'delete', id => 'c6'})->{status}, 2, 'a delete by a bare id is refused');
};

subtest 'children before parents, in one file and over many' => sub {
    my @chain = (article('a1', 'T'), map { comment("c$_", "windlass $_", $_ > 1 ? (parent => 'c' . ($_ - 1)) : ()) } 1 .. 12);
    for my $order ([0 .. 12], [reverse 0 .. 12], [12, 0, 6, 3, 9, 1, 11, 2, 10, 4, 8, 5, 7]) {
        my $x = Cases->new;
        $x->build(@chain[@$order]);
        my $y = Cases->new;
        $y->add($chain[$_]) for @$order;
        for my $z ($x, $y) {
            is($z->get('comment:c12')->{depth}, 11, "in the order @$order");
            is($z->stats->{orphans}, 0, '... nobody is an orphan');
            is($z->ask({cmd => 'count', q => 'under:c1'})->{total}{hits}, 11, '... all stand under the first');
        }
    }
    my $x = Cases->new;
    $x->add(comment('c2', 'waits', parent => 'c1'), comment('c3', 'too', parent => 'c2'));
    is_deeply([@{$x->stats}{qw(orphans stubs)}], [1, 1], 'no article, no parent');
    is($x->found('is:orphan'), 'c2', 'the one whose parent is missing');
    $x->add(article('a1', 'Headline'));
    is_deeply([@{$x->stats}{qw(orphans stubs)}], [1, 0], 'the article came');
    is($x->hit('comment:c3', 'too')->{article}{title}, 'Headline', '... and stands above');
    $x->add(comment('c1', 'at last'));
    is($x->get('comment:c3')->{depth}, 2, 'the parent came');
};

subtest 'what means the top level, and what is an id' => sub {
    my $x = Cases->new;
    $x->build(article('a1', 'T'), comment('c1', 'x', parent => undef), comment('c2', 'x', parent => ''), comment('c3', 'x', parent => 0), comment('c4', 'x', parent => '0'),
        comment('c5', 'x', parent => 'root'), comment('c6', 'x', parent => 'a1'), comment('c7', 'x'));
    is($x->stats->{orphans}, 0, 'no parent is missing');
    is($x->ask({cmd => 'count', q => 'is:root'})->{total}{hits}, 7, 'all are at the top level');
    $x->add(comment('root', 'x'), comment('0', 'x'), comment('a1', 'x'));
    my %want = (c5 => 'comment:root', c3 => 'comment:0', c4 => 'comment:0', c6 => 'comment:a1', c1 => undef, c2 => undef);
    is($x->get("comment:$_")->{parent_ref}, $want{$_}, "$_, comments of those ids being there") for sort keys %want;
    $x = Cases->new;
    $x->build(article('a1', 'T'), comment('7', 'x'), comment('c8', 'x', parent => 7), comment('c9', 'x', parent => 'Root'));
    is($x->get('comment:c8')->{parent_ref}, 'comment:7', 'a number is the id in digits');
    is($x->stats->{orphans}, 1, 'Root is no marker');
};

# Case 093. The first writer waits for its standard input while it holds the lock.
subtest 'two writers, and readers meanwhile' => sub {
    my $x = Cases->new;
    $x->build(article('a1', 'T'), comment('c1', 'anchor'));
    pipe(my $from, my $to) or die "pipe: $!\n";
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        close($to);
        open(STDIN, '<&', $from);
        open($_, '>', '/dev/null') for *STDOUT, *STDERR;
        exec("$Cases::B/weft-indexer", 'add', '--wait', '-i', $x->{index}, '-') or POSIX::_exit(127);
    }
    close($from);
    my ($second, $tries) = (undef, 0);
    do { $second = $x->add(comment('c2', 'second')) } while $second->{status} != 3 && ++$tries < 1000;
    is($second->{status}, 3, 'a second writer ends with a status of its own');
    like($second->{err}, qr/\b$pid\b/, '... naming the process that holds the lock');
    is($x->indexer('delete', 'comment:c1')->{status}, 3, 'so does a delete');
    is($x->build(comment('c2', 'x'))->{status}, 3, '... and a build');
    is($x->found('anchor'), 'c1', 'a reader asks no lock');
    is($x->stats->{articles}, 1, '... nor do stats');
    like($x->indexer('export')->{out}, qr/anchor/, '... nor export');
    kill('KILL', $pid);
    waitpid($pid, 0);
    is($x->add(comment('c3', 'third'))->{status}, 0, 'a killed writer leaves no lock');
    is($x->found('third'), 'c3', '... and what is written then is there');
    is($x->end, 0, 'the server ends well');
};
done_testing;
